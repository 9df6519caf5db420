"""Who is asked about a prize: whoever decides and has not spoken, never twice, never who acted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain import crowds, occasions
from app.domain.awards import OPEN, AwardState
from app.domain.events import list_kinds
from app.domain.notifications import Kind
from app.domain.occasions import Award, Occasions

FOLLOWED = {"followed": "followed", "remark": "followed"}
people = st.sampled_from(("ann", "ben", "cid", "dot"))


@dataclass
class Event:
    kind: str
    subject: str = "award"
    payload: dict[str, Any] = field(default_factory=dict)
    actor_id: str | None = None
    sequence: int | None = 1
    at: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)


@st.composite
def awards(draw: st.DrawFn) -> Award:
    some = st.frozensets(people)
    return Award(
        "award",
        "prize",
        draw(st.sampled_from(list(AwardState))),
        draw(st.none() | people),
        draw(people),
        draw(st.none() | people),
        draw(some),
        draw(some),
        tuple(sorted(draw(some))),
    )


@given(awards(), st.sampled_from(sorted(occasions.KINDS)), st.none() | people)
def test_nobody_hears_of_their_own_act_or_is_asked_in_vain(
    award: Award, kind: str, actor: str | None
) -> None:
    told = occasions.list_notices([Event(kind, actor_id=actor)], Occasions({"award": award}))
    assert actor not in {notice.employee_id for notice in told}
    assert len({(notice.employee_id, notice.kind) for notice in told}) == len(told)
    for notice in told:
        if notice.kind is Kind.AWARD_WAITING:
            assert award.state in OPEN
            assert notice.employee_id in award.deciders - award.asked
            assert notice.employee_id not in (award.first_id, award.proposed_by_id)


def test_what_is_told_of_are_events_and_of_each_by_one_way() -> None:
    known = {kind.kind for kind in list_kinds()}
    assert known >= occasions.KINDS
    assert known >= crowds.KINDS
    assert not occasions.KINDS & crowds.KINDS


def test_a_crowd_hears_of_what_matters_to_it() -> None:
    def call(kind: str, **payload: Any) -> Kind | None:
        found = crowds.find_call(Event(kind, payload=payload), FOLLOWED)
        return found.kind if found else None

    assert call("gatherings.changed", moved=True) is Kind.GATHERING_MOVED
    assert call("gatherings.changed", moved=False) is None
    assert call("gatherings.changed") is None
    assert call("campaigns.phase-began", phase="vote", until="2026-01-09") is Kind.VOTING_OPENED
    assert call("campaigns.phase-began", phase="vote") is None
    assert call("campaigns.phase-began", phase="select", until="2026-01-09") is None
    assert call("campaigns.reported", again=True) is None
    assert call("campaigns.reported") is Kind.CAMPAIGN_REPORTED


def test_followers_hear_of_steps_and_comments_of_ideas_that_are_followed() -> None:
    def call(kind: str, subject: str, **payload: Any) -> crowds.Call | None:
        return crowds.find_call(Event(kind, subject, payload), FOLLOWED)

    moved = call("pipeline.moved", "followed", act="recommend", to="recommended")
    assert moved is not None
    assert (moved.kind, moved.topic.id, moved.facts) == (
        Kind.FOLLOWED_MOVED,
        "followed",
        {"stage": "recommended"},
    )
    assert call("pipeline.moved", "other", act="recommend", to="recommended") is None
    assert call("pipeline.moved", "followed", act="clarify", to="evaluation") is None
    said = call("comments.written", "remark")
    assert said is not None
    assert (said.topic.id, said.facts) == ("followed", {"comment": "remark"})
    assert call("comments.written", "another") is None
