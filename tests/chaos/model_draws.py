"""Drawing acts for the state machine: mostly such as are somebody's to make now, and many on one idea."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.chaos.model import OPEN, REVIEW, Act, Company, World
from tests.chaos.model_rules import list_moves, may_score

KINDS = (
    "acknowledge clarify answer forward recommend decline select start_project start_pilot deploy hold resume"
    " reopen appeal withdraw merge submit score"
).split()
_EVERYDAY = ("vote", "vote", "unvote", "comment", "uncomment")
_ONWARD = frozenset(
    {"acknowledge", "recommend", "select", "start_project", "start_pilot", "deploy", "submit"}
)
_ENDINGS = frozenset({"withdraw", "merge"})
_DOORS = ("decisions", "transitions")


@dataclass(frozen=True, slots=True)
class Said:
    """A comment that was made: its identifier, its author, the number of its idea."""

    id: str
    author: str
    idea: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What acts are drawn from: one of the worlds that may stand, the crew of the example, officers, functions."""

    company: Company
    world: World
    crew: Sequence[str]
    officers: Sequence[str]
    functions: Sequence[str]
    comments: Mapping[int, Said]


def draw(data: st.DataObject, scene: Scene, where: int, label: int) -> Act:
    """Draw one act, three times of four on the idea `where`; a comment gets the label that is given."""
    idea = where if data.draw(st.integers(0, 3)) else data.draw(st.integers(0, len(scene.world) - 1))
    luck = data.draw(st.integers(0, 9))
    if luck <= 2:
        return _draw_everyday(data, scene, idea, label)
    everybody = [*scene.crew, *scene.officers]
    able = [(who, kind) for who in everybody for kind in _list_able(scene, who, idea)]
    onward = [pair for pair in able if pair[1] in _ONWARD]
    if luck == 9 or not able:
        able = [(who, kind) for who in everybody for kind in KINDS]
    elif luck <= 6 and onward:
        able = onward
    elif data.draw(st.integers(0, 2)):
        able = [pair for pair in able if pair[1] not in _ENDINGS] or able
    who, kind = data.draw(st.sampled_from(able))
    return _complete(data, scene, Act(kind, who, idea), astray=luck == 9)


def _complete(data: st.DataObject, scene: Scene, act: Act, *, astray: bool) -> Act:
    """Draw what the act needs: its door, its function, the other idea, and whether it shows enough."""
    door = _DOORS[scene.world[act.idea].stage not in REVIEW]
    return Act(
        act.kind,
        act.who,
        act.idea,
        complete=bool(data.draw(st.integers(0, 7))),
        door=(data.draw(st.sampled_from(_DOORS)) if astray else door) if act.kind == "decline" else "",
        function=data.draw(st.sampled_from(scene.functions)) if act.kind == "forward" else "",
        into=data.draw(st.integers(0, len(scene.world) - 1)) if act.kind == "merge" else -1,
    )


def _draw_everyday(data: st.DataObject, scene: Scene, idea: int, label: int) -> Act:
    kind, who = data.draw(st.sampled_from(_EVERYDAY)), data.draw(st.sampled_from(scene.crew))
    if kind == "uncomment" and scene.comments:
        old = data.draw(st.sampled_from(sorted(scene.comments)))
        said = scene.comments[old]
        who = said.author if data.draw(st.integers(0, 3)) else who
        return Act("uncomment", who, said.idea, function=said.author, label=old)
    if kind in ("comment", "uncomment"):
        return Act("comment", who, idea, label=label)
    return Act(kind, who, idea)


def _list_able(scene: Scene, who: str, number: int) -> list[str]:
    idea = scene.world[number]
    able = list_moves(scene.company, idea, who)
    if idea.stage in OPEN and may_score(scene.company, idea, who):
        able.add("score")
    return sorted(able)
