"""Entering campaigns: to the second, and open as the phases say."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import entries, phases
from app.domain.entries import CollectNotBegun, CollectOver, EditingOver, Openings
from app.domain.phases import PhaseKind
from tests.domain.test_phases import DAY, SECOND, START, lay


def run(*kinds: str, state: str = "announced") -> SimpleNamespace:
    """Make a campaign as its row is."""
    span = phases.measure(lay(*kinds))
    return SimpleNamespace(state=state, starts_at=span.starts_at, collects_until=span.collects_until)


def test_ideas_are_taken_to_the_second() -> None:
    campaign = run("collect", "enrich")
    with pytest.raises(CollectNotBegun, match="2026-03-02T08:00:00Z"):
        entries.check_may_submit(campaign, START - SECOND)
    entries.check_may_submit(campaign, START)
    entries.check_may_submit(campaign, START + DAY - timedelta(microseconds=1))
    with pytest.raises(CollectOver, match="2026-03-03T08:00:00Z"):
        entries.check_may_submit(campaign, START + DAY)


def test_a_campaign_that_is_not_announced_or_closed_takes_nothing() -> None:
    with pytest.raises(CollectNotBegun):
        entries.check_may_submit(run("collect", state="drafted"), START)
    with pytest.raises(CollectOver):
        entries.check_may_submit(run("collect", state="closed"), START)


def test_the_permanent_box_takes_everything() -> None:
    box = SimpleNamespace(state="announced", starts_at=START, collects_until=None)
    entries.check_may_submit(box, START + 10_000 * DAY)
    entries.check_may_submit(box, START - DAY)
    entries.check_may_edit(None, START)
    assert entries.see_openings(None, None, START) == Openings(submitting=True, editing=True)


def test_texts_change_until_enriching_is_over() -> None:
    end = phases.measure(lay("collect", "enrich")).edits_until
    entries.check_may_edit(end, end - SECOND)
    with pytest.raises(EditingOver, match="2026-03-04T08:00:00Z"):
        entries.check_may_edit(end, end)
    assert entries.see_openings(end - DAY, end, end - SECOND) == Openings(submitting=False, editing=True)


KINDS = st.sets(st.sampled_from(list(PhaseKind)[1:])).map(
    lambda chosen: ["collect", *(kind.value for kind in PhaseKind if kind in chosen)]
)


@given(KINDS, st.integers(0, 3), st.integers(-100, 500))
def test_what_is_open_agrees_with_the_phase(kinds: list[str], gap: int, hours: int) -> None:
    laid = lay(*kinds, gap=gap * timedelta(hours=7))
    now = START + timedelta(hours=hours)
    span, phase = phases.measure(laid), phases.find_phase(laid, now)
    kind = phase.kind if phase else None
    campaign = SimpleNamespace(
        state="announced", starts_at=span.starts_at, collects_until=span.collects_until
    )
    assert entries.may_submit(campaign, now) is (kind == "collect")
    if kind in {"collect", "enrich"}:
        assert entries.may_edit(span.edits_until, now)
    elif kind:
        assert not entries.may_edit(span.edits_until, now)


@pytest.mark.parametrize(
    ("path", "audience", "addressed"),
    [
        ("Company/Sales/Lyon", [], True),
        (None, [], True),
        (None, ["Company"], False),
        ("Company/Sales", ["Company/Sales"], True),
        ("Company/Sales/Lyon", ["Company/IT", "Company/Sales"], True),
        ("Company/Sales abroad", ["Company/Sales"], False),
        ("Company", ["Company/Sales"], False),
    ],
)
def test_an_audience_is_units_with_those_below_them(
    path: str | None, audience: list[str], addressed: bool
) -> None:
    assert entries.is_addressed(path, audience) is addressed
