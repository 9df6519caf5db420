"""How many of everything there are in a world of a given size, in the proportions of Eurêka's results."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

EMPLOYEES = 4573
IDEAS = 3600
LEAST_EMPLOYEES = 20
LEAST_IDEAS = 10
# The published results of the company, and a mix of the other stages that leaves two thirds declined.
_PEOPLE = {"connected": 2744, "submitted": 915, "commented": 1052, "voted": 1966}
_STAGES = {
    "submitted": 310,
    "evaluation": 420,
    "recommended": 180,
    "selected": 107,
    "project": 49,
    "pilot": 7,
    "deployed": 44,
    "declined": 2405,
    "withdrawn": 78,
}
_VOTES = 9600
_COMMENTS = 4400
_ANONYMOUS = 108
_COAUTHORED = 180
_CLARIFICATION = 64
_ON_HOLD = 9


@dataclass(frozen=True, slots=True)
class Figures:
    """What a recount of a world gives, exactly.

    `connected`, `submitted`, `commented` and `voted` are people (co-authors count among `submitted`);
    `stages` are ideas by the stage they have reached, `clarification` and `on_hold` those of them that wait.
    """

    employees: int
    ideas: int
    connected: int
    submitted: int
    commented: int
    voted: int
    votes: int
    comments: int
    stages: Mapping[str, int]
    anonymous: int
    coauthored: int
    clarification: int
    on_hold: int


def figures(employees: int, ideas: int) -> Figures:
    """Count everything for so many employees and ideas: the published figures at 4,573 and 3,600.

    Other sizes have the same proportions (half a unit is rounded up, stages by largest remainder with one
    idea each at least), and never more submitters than ideas.

    Raises: ValueError under 20 employees or 10 ideas.
    """
    if employees < LEAST_EMPLOYEES or ideas < LEAST_IDEAS:
        raise ValueError(f"a world has at least {LEAST_EMPLOYEES} employees and {LEAST_IDEAS} ideas")
    people = {name: scale(part, employees, EMPLOYEES) for name, part in _PEOPLE.items()}
    submitted = min(people["submitted"], ideas)
    stages = share_stages(ideas)
    commented, voted = people["commented"], people["voted"]
    # The least plenty a small world needs for everyone to have something to vote for and to comment on.
    breadth = max(1, ideas // 5)
    return Figures(
        employees=employees,
        ideas=ideas,
        connected=people["connected"],
        submitted=submitted,
        commented=commented,
        voted=voted,
        votes=max(voted, min(scale(_VOTES, ideas, IDEAS), voted * breadth)),
        comments=max(commented, min(scale(_COMMENTS, ideas, IDEAS), commented * breadth)),
        stages=MappingProxyType(stages),
        anonymous=min(scale(_ANONYMOUS, ideas, IDEAS), ideas - submitted),
        coauthored=scale(_COAUTHORED, ideas, IDEAS) if submitted > 1 else 0,
        clarification=min(scale(_CLARIFICATION, ideas, IDEAS), stages["submitted"] + stages["evaluation"]),
        on_hold=min(scale(_ON_HOLD, ideas, IDEAS), stages["selected"]),
    )


def scale(part: int, size: int, whole: int) -> int:
    """A part of a whole at another size, half a unit rounded up."""
    return (2 * part * size + whole) // (2 * whole)


def share_stages(ideas: int) -> dict[str, int]:
    """Share ideas among the stages by largest remainder, one idea for each stage at least."""
    quotas = {stage: part * ideas / IDEAS for stage, part in _STAGES.items()}
    stages = {stage: max(1, int(quota)) for stage, quota in quotas.items()}
    ranked = sorted(quotas, key=lambda stage: stages[stage] - quotas[stage])
    missing = ideas - sum(stages.values())
    for stage in ranked[: max(0, missing)]:
        stages[stage] += 1
    if missing < 0:
        stages["declined"] += missing
    return stages
