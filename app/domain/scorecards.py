"""Scorecards: weighted criteria scored from 1 to 5."""

from collections.abc import Mapping

from app.domain.errors import FieldProblem, Invalid


class ScoresNotRight(Invalid):
    """Score every criterion, and no other, from 1 to 5."""

    code = "scorecards.scores-not-right"


def check_scores(scores: Mapping[str, int], weights: Mapping[str, int]) -> None:
    """Let pass scores of exactly the criteria in use.

    Raises: ScoresNotRight, naming each criterion at fault.
    """
    problems = [
        FieldProblem(f"/scores/{key}", "there is no such criterion") for key in scores if key not in weights
    ]
    problems += [FieldProblem(f"/scores/{key}", "is needed") for key in weights if key not in scores]
    if problems:
        raise ScoresNotRight(errors=tuple(problems))


def get_total(scores: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """Return the weighted mean of the scores, between 1 and 5, to two digits."""
    whole = sum(weights[key] for key in scores)
    return round(sum(score * weights[key] for key, score in scores.items()) / whole, 2)
