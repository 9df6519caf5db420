"""Phases by time: each moment is in one phase at most, and what is open follows from the ends."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import phases
from app.domain.phases import LocalPhase, Phase, PhaseBegun, PhaseNotRight

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def lay(*kinds: str, gap: timedelta = timedelta(0)) -> list[Phase]:
    """Lay phases of a day each behind each other."""
    step = DAY + gap
    return [Phase(kind, START + place * step, START + place * step + DAY) for place, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("after", "kind", "coming"),
    [
        (-SECOND, None, "collect"),
        (timedelta(0), "collect", "enrich"),
        (DAY - SECOND, "collect", "enrich"),
        (DAY, None, "enrich"),
        (1.5 * DAY, "enrich", None),
        (2.5 * DAY - SECOND, "enrich", None),
        (2.5 * DAY, None, None),
    ],
)
def test_a_start_belongs_to_its_phase_and_an_end_does_not(
    after: timedelta, kind: str | None, coming: str | None
) -> None:
    laid = lay("collect", "enrich", gap=DAY / 2)
    found, following = phases.find_phase(laid, START + after), phases.find_next(laid, START + after)
    assert (found and found.kind, following and following.kind) == (kind, coming)


@pytest.mark.parametrize(
    ("kinds", "collects", "edits", "votes"),
    [
        (("collect",), 1, 1, None),
        (("collect", "enrich"), 1, 2, None),
        (("collect", "vote"), 1, 1, 2),
        (("collect", "enrich", "vote", "select", "results"), 1, 2, 3),
    ],
)
def test_ends_follow_from_the_phases(
    kinds: tuple[str, ...], collects: int, edits: int, votes: int | None
) -> None:
    span = phases.measure(lay(*kinds))
    assert span.starts_at == START
    assert span.ends_at == START + len(kinds) * DAY
    assert span.collects_until == START + collects * DAY
    assert span.edits_until == START + edits * DAY
    assert span.votes_until == (None if votes is None else START + votes * DAY)


def local(*times: str) -> list[LocalPhase]:
    """Read phases written as `kind start end`."""
    return [
        LocalPhase(kind, datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        for kind, starts, ends in (each.split() for each in times)
    ]


@pytest.mark.parametrize(
    ("zone", "written", "moment"),
    [
        ("Europe/Paris", "2026-01-10T08:00", "2026-01-10T07:00Z"),
        ("Europe/Paris", "2026-07-10T08:00", "2026-07-10T06:00Z"),
        ("Asia/Kolkata", "2026-07-10T08:00:30", "2026-07-10T02:30:30Z"),
        ("Pacific/Apia", "2026-07-10T08:00", "2026-07-09T19:00Z"),
        # Shown twice: the first time.
        ("Europe/Paris", "2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z"),
    ],
)
def test_times_on_the_wall_are_moments(zone: str, written: str, moment: str) -> None:
    (placed,) = phases.place(local(f"collect {written} 2027-12-01T08:00"), zone)
    assert placed.starts_at == datetime.fromisoformat(moment)
    assert phases.read_local(placed.starts_at, zone) == datetime.fromisoformat(written)


@pytest.mark.parametrize(
    ("pointer", "written"),
    [
        ("/phases", ["enrich 2026-01-01T08:00 2026-02-01T08:00"]),
        ("/phases", []),
        ("/phases/0/ends", ["collect 2026-01-01T08:00 2026-01-01T08:00"]),
        ("/phases/0/starts", ["collect 2026-03-29T02:30 2026-04-01T08:00"]),  # the clocks go forward
        ("/phases/0/ends", ["collect 2026-03-01T02:30 2026-03-29T02:30"]),
        ("/phases/0/starts", ["collect 1026-03-01T02:30 2026-03-29T02:30"]),
        ("/phases/0/ends", ["collect 2026-03-01T02:30 9999-12-31T23:59"]),
        (
            "/phases/1/starts",
            ["collect 2026-01-01T08:00 2026-02-01T08:00", "vote 2026-02-01T07:59:59 2026-03-01T08:00"],
        ),
        (
            "/phases/2/phase",
            [
                "collect 2026-01-01T08:00 2026-02-01T08:00",
                "vote 2026-02-01T08:00 2026-03-01T08:00",
                "enrich 2026-03-01T08:00 2026-04-01T08:00",
            ],
        ),
        (
            "/phases/1/phase",
            ["collect 2026-01-01T08:00 2026-02-01T08:00", "collect 2026-02-01T08:00 2026-03-01T08:00"],
        ),
    ],
)
def test_phases_that_are_not_right_are_refused_with_their_place(pointer: str, written: list[str]) -> None:
    with pytest.raises(PhaseNotRight) as refused:
        phases.place(local(*written), "Europe/Paris")
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


def test_phases_meet_where_the_clocks_go_back() -> None:
    placed = phases.place(
        local("collect 2026-10-01T08:00 2026-10-25T02:30", "vote 2026-10-25T02:30 2026-11-01T08:00"),
        "Europe/Paris",
    )
    assert placed[0].ends_at == placed[1].starts_at


@dataclass(frozen=True)
class Noticed:
    """A phase with what the clock noticed of it."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    began_at: datetime | None = None


NOW = START + 1.5 * DAY
PRESENT = [Noticed(each.kind, each.starts_at, each.ends_at) for each in lay("collect", "enrich", "vote")]


@pytest.mark.parametrize(
    ("number", "starts", "ends", "passes"),
    [
        (1, timedelta(0), DAY, True),
        (1, timedelta(0), -DAY / 4, True),
        (1, timedelta(0), -DAY / 2, False),  # ends now
        (1, SECOND, timedelta(0), False),
        (0, timedelta(0), -SECOND, False),
        (0, timedelta(0), SECOND, False),
        (2, DAY, DAY, True),
        (2, -DAY, timedelta(0), False),
    ],
)
def test_what_is_past_stays(number: int, starts: timedelta, ends: timedelta, passes: bool) -> None:
    wanted = [Phase(each.kind, each.starts_at, each.ends_at) for each in PRESENT]
    old = wanted[number]
    wanted[number] = Phase(old.kind, old.starts_at + starts, old.ends_at + ends)
    if passes:
        phases.check_change(PRESENT, wanted, NOW)
        return
    with pytest.raises(PhaseBegun):
        phases.check_change(PRESENT, wanted, NOW)


def test_only_phases_to_come_are_left_out_or_added() -> None:
    wanted = [Phase(each.kind, each.starts_at, each.ends_at) for each in PRESENT]
    phases.check_change(PRESENT, wanted[:2], NOW)
    phases.check_change(PRESENT, [*wanted, Phase("select", NOW + 5 * DAY, NOW + 6 * DAY)], NOW)
    with pytest.raises(PhaseBegun):
        phases.check_change(PRESENT, [wanted[0], wanted[2]], NOW)


def test_a_start_that_was_told_stays_whatever_the_clock_says() -> None:
    told = [Noticed("collect", START, START + DAY, began_at=START)]
    with pytest.raises(PhaseBegun):
        phases.check_change(told, [Phase("collect", START + DAY, START + 2 * DAY)], START - SECOND)


def test_what_is_the_same_to_the_second_keeps_its_moment() -> None:
    exact = START + timedelta(microseconds=123)
    kept = phases.keep_moments(
        [Phase("collect", exact, exact + DAY)], [Phase("collect", START, START + 2 * DAY)]
    )
    assert kept == [Phase("collect", exact, START + 2 * DAY)]
