"""The catalogue is whole, has its words, and knows when something that was asked is done."""

from dataclasses import dataclass, field
from typing import Any, get_args

import pytest

from app.domain import asks, audiences
from app.domain.events import list_kinds
from app.domain.notifications import CATALOGUE, FOR_AUTHORS, Kind
from app.domain.pipeline import Act
from app.integrations.letters import wordings
from app.schemas.preferences import KindName


@dataclass
class Asked:
    kind: str
    employee_id: str = "me"
    event_sequence: int = 5
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Turn:
    reviewer_id: str | None = "me"
    acknowledged_at: Any = None
    closed_at: Any = None


def test_every_kind_is_in_the_catalogue_and_has_its_words() -> None:
    kinds = {kind.value for kind in Kind}
    assert {kind.value for kind in CATALOGUE} == kinds
    assert set(wordings.WORDINGS) == kinds
    assert set(get_args(KindName)) == kinds


def test_events_that_people_are_told_of_are_there() -> None:
    assert {kind.kind for kind in list_kinds()} >= audiences.KINDS


def test_authors_hear_of_every_act_but_their_own() -> None:
    own = {Act.SUBMIT, Act.ANSWER, Act.APPEAL, Act.WITHDRAW}
    assert set(FOR_AUTHORS) == set(Act) - own


@pytest.mark.parametrize(
    ("asked", "turn", "done"),
    [
        (Asked("reviews.assigned"), Turn(), False),
        (Asked("reviews.assigned"), Turn(acknowledged_at=1), True),
        (Asked("reviews.assigned", facts={"acknowledged": True}), Turn(acknowledged_at=1), False),
        (Asked("reviews.assigned", facts={"acknowledged": True}), Turn(closed_at=1), True),
        (Asked("reviews.assigned"), Turn(reviewer_id="other"), True),
        (Asked("reviews.assigned"), None, True),
        (Asked("reviews.reminded"), Turn(), False),
        (Asked("reviews.reminded"), Turn(acknowledged_at=1), True),
        (Asked("reviews.reminded", facts={"acknowledged": True}), Turn(acknowledged_at=1), False),
        (Asked("reviews.escalated"), Turn(reviewer_id="other"), False),
        (Asked("reviews.escalated"), Turn(reviewer_id="other", acknowledged_at=1), True),
        (Asked("reviews.escalated"), Turn(reviewer_id="other", closed_at=1), True),
        (Asked("ideas.clarification_answered"), Turn(acknowledged_at=1), False),
        (Asked("ideas.clarification_answered"), Turn(closed_at=1), True),
    ],
)
def test_reviews_are_asked_for_until_they_are_answered(
    asked: Asked, turn: Turn | None, *, done: bool
) -> None:
    assert asks.is_done(asked, turn, clarification=False, state=None, last_move=5) is done


@pytest.mark.parametrize(
    ("kind", "clarification", "state", "last_move", "done"),
    [
        ("ideas.clarification_asked", True, None, 5, False),
        ("ideas.clarification_asked", False, None, 5, True),
        ("authorships.invited", False, "invited", 9, False),
        ("authorships.invited", False, "refused", 5, True),
        ("authorships.invited", False, None, 5, True),
        ("ideas.clarification_answered", False, None, 6, True),
    ],
)
def test_what_authors_are_asked(
    kind: str, *, clarification: bool, state: str | None, last_move: int, done: bool
) -> None:
    found = asks.is_done(
        Asked(kind), Turn(acknowledged_at=1), clarification=clarification, state=state, last_move=last_move
    )
    assert found is done


@pytest.mark.parametrize(
    ("state", "helper", "done"),
    [("asked", "me", False), ("asked", "other", True), ("helping", "me", True), ("withdrawn", None, True)],
)
def test_help_is_asked_for_until_it_is_answered_or_put_to_somebody_else(
    state: str, helper: str | None, *, done: bool
) -> None:
    @dataclass
    class Sought:
        helper_id: str | None
        state: str

    def ask(sought: Sought | None) -> bool:
        asked = Asked("help.asked")
        return asks.is_done(asked, None, clarification=False, state=None, last_move=9, sought=sought)

    assert ask(Sought(helper, state)) is done
    assert ask(None)
