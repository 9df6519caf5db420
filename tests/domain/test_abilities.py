"""What a reader may do with an idea, as it is sent with each of them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from app.domain import abilities
from app.domain.actors import Actor, Grant
from app.domain.pipeline import Stage
from app.domain.roles import Role

HOLDER = Actor("holder", grants=(Grant(Role.CORRESPONDENT, function_id="finance"),))
MANAGER = Actor("manager", grants=(Grant(Role.INNOVATION_MANAGER),))
DEVELOPER = Actor("developer", grants=(Grant(Role.IDEA_DEVELOPER, function_id="finance"),))
OTHER_DEVELOPER = Actor("other", grants=(Grant(Role.IDEA_DEVELOPER, function_id="it"),))
READER = Actor("reader")
OPEN = {"submitted", "evaluation", "recommended", "selected", "project", "pilot"}


@dataclass
class Idea:
    stage: str
    clarification: bool = False
    on_hold: bool = False
    appealed_at: datetime | None = None
    anonymous: bool = False
    hidden_code: str | None = None
    restriction: str | None = None
    holder_id: str | None = "holder"
    function_id: str | None = "finance"
    campaign_id: str = "spring"
    declined_at: str | None = "evaluation"
    id: str = "idea"


def can(
    actor: Actor, idea: Idea, *, author: bool = False, conflicted: bool = False, invited: bool = False
) -> str:
    able = abilities.list_abilities(actor, idea, is_author=author, conflicted=conflicted, invited=invited)
    assert len(able) == len(set(able))
    return " ".join(sorted(able))


@pytest.mark.parametrize(
    ("idea", "acts"),
    [
        (Idea("draft"), "ask_for_help delete edit invite submit"),
        (Idea("submitted"), "ask_for_help comment edit invite withdraw"),
        (Idea("evaluation", clarification=True), "answer ask_for_help comment edit invite withdraw"),
        (Idea("recommended"), "ask_for_help comment withdraw"),
        (Idea("pilot", on_hold=True), "ask_for_help comment withdraw"),
        (Idea("deployed"), "comment"),
        (Idea("declined"), "appeal ask_for_help comment"),
        (Idea("declined", appealed_at=datetime(2026, 1, 5, tzinfo=UTC)), "ask_for_help comment"),
        (Idea("withdrawn"), "comment"),
        (Idea("merged"), ""),
    ],
)
@pytest.mark.parametrize("anonymous", [False, True])
def test_an_author_has_the_acts_of_an_author(idea: Idea, acts: str, anonymous: bool) -> None:
    assert can(READER, replace(idea, anonymous=anonymous), author=True, conflicted=True) == " ".join(
        sorted([*acts.split(), "restrict"])
    )


@pytest.mark.parametrize(
    ("actor", "idea", "acts"),
    [
        (HOLDER, Idea("submitted"), "acknowledge clarify decline forward merge restrict score"),
        (HOLDER, Idea("evaluation"), "clarify decline forward merge recommend restrict score"),
        (HOLDER, Idea("evaluation", clarification=True), "decline forward merge recommend restrict score"),
        (HOLDER, Idea("recommended"), "decline hold merge restrict score select"),
        (HOLDER, Idea("project", on_hold=True), "decline merge restrict resume score"),
        (HOLDER, Idea("recommended", anonymous=True), "decline hold merge restrict score select"),
        (HOLDER, Idea("deployed"), ""),
        (HOLDER, Idea("declined"), ""),
        (MANAGER, Idea("submitted"), "merge restrict score"),
        (MANAGER, Idea("selected"), "decline hold merge restrict score start_project"),
        (MANAGER, Idea("project"), "decline deploy hold merge restrict score start_pilot"),
        (MANAGER, Idea("pilot"), "decline deploy hold merge restrict score"),
        (MANAGER, Idea("declined"), "reopen restrict"),
        (MANAGER, Idea("project", anonymous=True), ""),
        (DEVELOPER, Idea("evaluation"), "score"),
        (DEVELOPER, Idea("evaluation", anonymous=True), ""),
        (DEVELOPER, Idea("deployed"), ""),
        (OTHER_DEVELOPER, Idea("evaluation"), ""),
        (READER, Idea("evaluation"), ""),
    ],
)
def test_a_reader_has_what_is_everybodys_and_what_is_in_their_hands(
    actor: Actor, idea: Idea, acts: str
) -> None:
    everybodys = ["comment"]
    if idea.stage != "declined":
        everybodys.append("vote")
    if idea.stage in OPEN:
        everybodys.append("stand_back")
    assert can(actor, idea) == " ".join(sorted([*everybodys, *acts.split()]))
    assert can(actor, idea, conflicted=True) == " ".join(sorted(everybodys))


@pytest.mark.parametrize("stage", [stage.value for stage in Stage if stage is not Stage.DRAFT])
def test_who_is_invited_may_answer_and_nobody_else(stage: str) -> None:
    uninvited, invited = can(READER, Idea(stage)).split(), can(READER, Idea(stage), invited=True).split()
    assert "answer_invitation" not in uninvited
    assert sorted([*uninvited, "answer_invitation"]) == invited


def test_nobody_is_taken_for_invited() -> None:
    able = abilities.list_abilities(READER, Idea("submitted"), is_author=False, conflicted=False)
    assert sorted(able) == ["comment", "stand_back", "vote"]


@pytest.mark.parametrize("actor", [HOLDER, MANAGER, DEVELOPER])
def test_who_is_too_close_and_who_wrote_it_never_scores(actor: Actor) -> None:
    assert abilities.may_score(actor, Idea("evaluation"), conflicted=False)
    assert not abilities.may_score(actor, Idea("evaluation"), conflicted=True)
    assert not abilities.evaluates(actor, Idea("evaluation"), conflicted=True)
    assert "score" not in can(actor, Idea("evaluation"), author=True).split()
