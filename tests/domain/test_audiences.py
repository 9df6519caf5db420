"""Who is told: never who acted, nobody twice, nobody of an anonymous author."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import audiences
from app.domain.grounds import Ground
from app.domain.pipeline import Act
from app.domain.subjects import SubjectKind, Topic

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
EARLIER = datetime(2026, 1, 4, 9, tzinfo=UTC)
PEOPLE = ("ann", "ben", "cid", "dot")
people = st.sampled_from(PEOPLE)


@dataclass
class Event:
    kind: str
    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
    actor_id: str | None = None
    sequence: int | None = 1
    at: datetime = NOW


@dataclass
class Idea:
    id: str = "idea"
    anonymous: bool = False
    clarification: bool = False
    holder_id: str | None = None
    wake_on: date | None = None


@dataclass
class Writer:
    employee_id: str
    position: int = 0
    state: str = "accepted"
    invited_at: datetime = EARLIER
    answered_at: datetime | None = EARLIER


@dataclass
class Turn:
    reviewer_id: str | None
    id: str = "review"
    idea_id: str = "idea"
    function_id: str | None = "it"
    opened_at: datetime = NOW
    due_at: datetime | None = NOW
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass
class Remark:
    author_id: str
    id: str = "comment"
    idea_id: str = "idea"
    parent_id: str | None = None
    deleted_at: datetime | None = None
    credited_at: datetime | None = NOW


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    authors = draw(st.lists(people, min_size=1, max_size=3, unique=True))
    answered = st.sampled_from([EARLIER, NOW])
    writers = [
        Writer(
            name,
            place,
            "accepted" if not place else draw(st.sampled_from(["accepted", "invited", "refused", "ended"])),
            draw(answered),
            draw(answered),
        )
        for place, name in enumerate(authors)
    ]
    former = Turn(
        draw(people), "former", closed_at=NOW, outcome=draw(st.sampled_from(["reassign", "forward"]))
    )
    turn = Turn(draw(st.none() | people), closed_at=draw(st.none() | st.just(NOW)))
    remarks = [Remark(draw(people), parent_id="parent"), Remark(draw(people), "parent")]
    idea = Idea(anonymous=draw(st.booleans()), holder_id=turn.reviewer_id)
    return Ground(
        "Europe/Paris",
        {"idea": idea},
        {"idea": writers},
        {"idea": [former, turn]},
        {r.id: r for r in remarks},
    )


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(sorted(audiences.KINDS)))
    named = st.lists(people, max_size=3)
    if kind.startswith("reviews."):
        payload = {"idea": "idea", "to": draw(named), "from": draw(named)}
        return Event(kind, draw(st.sampled_from(["review", "unknown"])), payload, draw(st.none() | people))
    if kind.startswith("comments."):
        return Event(kind, draw(st.sampled_from(["comment", "unknown"])), {}, draw(st.none() | people))
    payload = {
        "act": draw(st.sampled_from(list(Act))),
        "state": draw(st.sampled_from(["accepted", "refused"])),
        "to": draw(people),
    }
    return Event(kind, draw(st.sampled_from(["idea", "unknown"])), payload, draw(st.none() | people))


@given(happenings(), grounds())
def test_whoever_acted_is_not_told_and_nobody_is_told_twice(event: Event, ground: Ground) -> None:
    told = audiences.list_notices(event, ground)
    assert event.actor_id not in {notice.employee_id for notice in told}
    assert len({(notice.employee_id, notice.kind) for notice in told}) == len(told)
    for notice in told:
        assert notice.topic == Topic(SubjectKind.IDEA, "idea")
        assert not any(value is None for value in notice.facts.values())


@given(happenings(), grounds())
def test_nothing_that_others_are_told_names_an_anonymous_author(event: Event, ground: Ground) -> None:
    writers = {writer.employee_id for writer in ground.writers["idea"]}
    if not ground.ideas["idea"].anonymous:
        return
    for notice in audiences.list_notices(event, ground):
        # A holder is named by being the holder; everybody else only by an identifier that is looked up later.
        named = {value for name, value in notice.facts.items() if name != "holder"}
        assert not named & writers


@pytest.mark.parametrize(
    ("outcome", "closed_at", "told"),
    [
        ("reassign", NOW, {("ben", "reviews.assigned"), ("cid", "reviews.taken"), ("ann", "ideas.reassigned")}),
        ("forward", NOW, {("ben", "reviews.assigned")}),
        ("reassign", EARLIER, {("ben", "reviews.assigned")}),
    ],
)  # fmt: skip
def test_an_idea_that_changed_hands(outcome: str, closed_at: datetime, told: set[tuple[str, str]]) -> None:
    former = Turn("cid", "former", closed_at=closed_at, outcome=outcome)
    ground = Ground(
        "Europe/Paris", {"idea": Idea()}, {"idea": [Writer("ann")]}, {"idea": [former, Turn("ben")]}
    )
    facts = {"idea": "idea", "to": ["ben"], "from": ["cid"]}
    events = [Event("reviews.assigned", "review", facts)]
    if outcome == "reassign" and closed_at == NOW:
        # By the clock there are two events of it; together they tell once.
        events.append(Event("reviews.reassigned", "review", facts))
    found = [notice for event in events for notice in audiences.list_notices(event, ground)]
    assert {(notice.employee_id, notice.kind.value) for notice in found} == told
    assert len(found) == len(told)


def test_what_was_answered_by_a_former_holder_asks_for_the_decision() -> None:
    for acknowledged_at, flag in ((EARLIER, True), (None, None), (datetime(2026, 1, 6, tzinfo=UTC), None)):
        turn = Turn("ben", acknowledged_at=acknowledged_at)
        ground = Ground("UTC", {"idea": Idea()}, {}, {"idea": [turn]})
        [notice] = audiences.list_notices(Event("reviews.assigned", "review", {"idea": "idea"}), ground)
        assert notice.facts.get("acknowledged") is flag


@pytest.mark.parametrize(
    ("named", "turn", "told"),
    [
        (["ben"], Turn("ben"), ["ben"]),
        (["ben"], Turn("cid"), []),
        (["ben"], Turn(None), []),
        ([], Turn("ben"), []),
        (["ben"], Turn("ben", closed_at=NOW), []),
    ],
)
def test_who_holds_an_idea_hears_that_its_rest_is_over(named: list[str], turn: Turn, told: list[str]) -> None:
    ground = Ground("UTC", {"idea": Idea()}, {}, {"idea": [turn]})
    event = Event("reviews.woken", "review", {"idea": "idea", "to": named})
    found = audiences.list_notices(event, ground)
    assert [notice.employee_id for notice in found] == told
    assert {notice.kind.value for notice in found} <= {"reviews.woken"}
