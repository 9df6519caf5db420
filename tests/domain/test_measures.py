"""The days of figures, in the company's time zone, and what makes no figure."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import measures
from app.domain.errors import Refusal
from app.domain.measures import DaysReversed, DayToCome, Period, UnknownFilter

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PARIS = "Europe/Paris"


def resolve(
    as_of: date | datetime | None = None,
    since: date | datetime | None = None,
    to: date | datetime | None = None,
    *,
    zone: str = PARIS,
    now: datetime = NOW,
) -> Period:
    return measures.resolve(as_of=as_of, since=since, to=to, zone=zone, now=now)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "day", "until"),
    [
        (None, date(2026, 11, 22), utc("2026-11-22 23:00")),
        (date(2026, 11, 22), date(2026, 11, 22), utc("2026-11-22 23:00")),
        (date(2026, 7, 1), date(2026, 7, 1), utc("2026-07-01 22:00")),
        (date(2026, 3, 29), date(2026, 3, 29), utc("2026-03-29 22:00")),
        (utc("2026-06-30 22:00"), date(2026, 7, 1), utc("2026-07-01 22:00")),
        (utc("2026-06-30 21:59"), date(2026, 6, 30), utc("2026-06-30 22:00")),
        (date(1, 1, 1), date(1, 1, 1), utc("1899-12-31 23:50:39")),
    ],
)
def test_a_figure_is_of_the_end_of_a_day_of_the_company(
    as_of: date | datetime | None, day: date, until: datetime
) -> None:
    period = resolve(as_of)
    assert (period.as_of, period.until, period.before) == (day, until, until)
    assert period.current == (day == date(2026, 11, 22))
    assert not period.windowed


def test_today_is_the_day_of_the_company() -> None:
    late = utc("2026-11-22 23:30")
    assert resolve(now=late).as_of == date(2026, 11, 23)
    assert resolve(date(2026, 11, 23), now=late).as_of == date(2026, 11, 23)
    with pytest.raises(DayToCome):
        resolve(date(2026, 11, 23), now=utc("2026-11-22 22:30"))


@pytest.mark.parametrize(
    ("since", "to", "expected"),
    [
        (
            date(2026, 4, 2),
            None,
            ("2026-04-01 22:00", "2026-11-22 23:00", "2026-04-30 22:00", "2026-10-31 23:00"),
        ),
        (
            date(2026, 4, 1),
            None,
            ("2026-03-31 22:00", "2026-11-22 23:00", "2026-03-31 22:00", "2026-10-31 23:00"),
        ),
        (None, date(2026, 5, 31), (None, "2026-05-31 22:00", None, "2026-05-31 22:00")),
        (None, date(2026, 5, 30), (None, "2026-05-30 22:00", None, "2026-04-30 22:00")),
        (None, date(2999, 1, 1), (None, "2026-11-22 23:00", None, "2026-10-31 23:00")),
        (None, date.max, (None, "2026-11-22 23:00", None, "2026-10-31 23:00")),
    ],
)
def test_a_window_is_of_whole_days_and_of_whole_months_without_names(
    since: date | None, to: date | None, expected: tuple[str | None, ...]
) -> None:
    period = resolve(since=since, to=to)
    found = (period.since, period.before, period.released_since, period.released_before)
    assert found == tuple(None if moment is None else utc(moment) for moment in expected)
    assert period.windowed == (since is not None or to == date(2026, 5, 31) or to == date(2026, 5, 30))


def test_a_moment_stands_for_the_day_of_the_company_that_it_falls_on() -> None:
    late, early = utc("2026-04-30 22:00"), utc("2026-05-31 21:59")
    assert resolve(since=late, to=early) == resolve(since=date(2026, 5, 1), to=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("now", "current"), [("2026-11-22 22:59", True), ("2026-11-22 23:00", False), ("2026-11-23 12:00", False)]
)
def test_a_day_is_current_until_its_end(now: str, current: bool) -> None:
    assert resolve(date(2026, 11, 22), now=utc(now)).current is current


@pytest.mark.parametrize(
    ("days", "refusal", "pointer"),
    [
        ((date(2026, 11, 23), None, None), DayToCome, "query/as_of"),
        ((utc("2026-11-22 23:00"), None, None), DayToCome, "query/as_of"),
        ((datetime.max.replace(tzinfo=timezone(-timedelta(hours=9))), None, None), DayToCome, "query/as_of"),
        ((None, date(2026, 5, 2), date(2026, 5, 1)), DaysReversed, "query/from"),
        ((None, date(2026, 11, 23), None), DaysReversed, "query/from"),
        ((date(2026, 3, 1), date(2026, 3, 2), date(2026, 5, 1)), DaysReversed, "query/from"),
    ],
)
def test_days_that_make_no_figure_are_refused(
    days: tuple[date | None, date | None, date | None], refusal: type[Refusal], pointer: str
) -> None:
    with pytest.raises(refusal) as raised:
        resolve(*days)
    assert [problem.pointer for problem in raised.value.errors] == [pointer]


@given(
    st.dates(date(2020, 1, 1), date(2026, 11, 22)),
    st.dates(date(2020, 1, 1), date(2026, 11, 22)),
    st.dates(date(2020, 1, 1), date(2026, 11, 22)),
    st.sampled_from([PARIS, "Pacific/Auckland", "America/Los_Angeles", "UTC"]),
)
def test_what_may_be_told_without_a_name_lies_in_the_window(
    as_of: date, since: date, to: date, zone: str
) -> None:
    if since > min(as_of, to):
        return
    period = resolve(as_of, since, to, zone=zone)
    assert period.since is not None
    assert period.released_since is not None
    assert period.since <= period.released_since
    assert period.released_before <= period.before <= period.until
    assert period.since < period.before


def test_a_share_is_of_the_headcount() -> None:
    assert measures.share(2744, 4573) == 2744 / 4573
    assert measures.share(0, 20) == 0
    for hidden in ((None, 20), (5, None), (0, 0)):
        assert measures.share(*hidden) is None


def test_every_unknown_filter_is_named() -> None:
    measures.check_known(entity=True, campaign=True)
    with pytest.raises(UnknownFilter) as raised:
        measures.check_known(entity=False, campaign=False)
    assert [problem.pointer for problem in raised.value.errors] == ["query/entity", "query/campaign"]
    assert all(problem.detail for problem in raised.value.errors)


def test_only_the_unknown_filters_are_named() -> None:
    with pytest.raises(UnknownFilter) as raised:
        measures.check_known(entity=True, campaign=False)
    assert [problem.pointer for problem in raised.value.errors] == ["query/campaign"]
