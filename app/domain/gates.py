"""Gates: what an act must show before it is done."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.domain.errors import FieldProblem, Invalid
from app.domain.pipeline import Act, Stage
from app.domain.reasons import MIN_TEXT

Facts = Mapping[str, Any]
"""What the request brought, by field name; missing fields are None or absent."""


class GateNotMet(Invalid):
    """The act must show more than the request brought."""

    code = "pipeline.gate-not-met"


class ScorecardMissing(Invalid):
    """An idea is selected on a scorecard, and there is none yet."""

    code = "pipeline.scorecard-missing"


def _needs(*names: str) -> Callable[[Facts], list[FieldProblem]]:
    def check(facts: Facts) -> list[FieldProblem]:
        return [FieldProblem(f"/{name}", "is needed here") for name in names if not _shown(facts.get(name))]

    return check


def _shown(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _explains_decline(facts: Facts) -> list[FieldProblem]:
    problems = _needs("reason_code")(facts)
    if len((facts.get("text") or "").strip()) < MIN_TEXT:
        problems.append(FieldProblem("/text", f"explain the decline in at least {MIN_TEXT} characters"))
    return problems


def _has_dates(facts: Facts) -> list[FieldProblem]:
    problems = _needs("place", "starts_on", "ends_on", "success_measure")(facts)
    starts: date | None = facts.get("starts_on")
    ends: date | None = facts.get("ends_on")
    if starts and ends and ends < starts:
        problems.append(FieldProblem("/ends_on", "the pilot can't end before it starts"))
    return problems


def _shows_result(facts: Facts) -> list[FieldProblem]:
    problems = _needs("result")(facts)
    if facts.get("benefit") is None and facts.get("benefit_due_on") is None:
        problems.append(FieldProblem("/benefit", "the measured benefit is needed, or benefit_due_on"))
    return problems


_MUST_SHOW: dict[Act, Callable[[Facts], list[FieldProblem]]] = {
    Act.FORWARD: _needs("function", "text"),
    Act.CLARIFY: _needs("text"),
    Act.ANSWER: _needs("text"),
    Act.RECOMMEND: _needs("text"),
    Act.DECLINE: _explains_decline,
    Act.START_PROJECT: _needs("owner", "estimate"),
    Act.START_PILOT: _has_dates,
    Act.DEPLOY: _shows_result,
    Act.HOLD: _needs("text", "wake_on"),
    Act.REOPEN: _needs("text"),
    Act.APPEAL: _needs("text"),
}


def check_shown(act: Act, stage: str, facts: Facts) -> None:
    """Let pass an act that shows all that it must.

    Raises: GateNotMet, with every missing field.
    """
    problems = _MUST_SHOW.get(act, _needs())(facts)
    if act is Act.DEPLOY and stage == Stage.PROJECT:
        problems += _needs("skip_reason")(facts)
    if problems:
        raise GateNotMet(errors=tuple(problems))
