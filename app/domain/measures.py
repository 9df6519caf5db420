"""Measures: the days that a figure is about, and the refusals of days and filters that make no figure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import FieldProblem, Invalid
from app.domain.pipeline import Act
from app.domain.privacy import release_date

FIGURES = ("connected", "submitted", "commented", "voted")
"""What people may have done, each a share of the headcount."""

UNDER_ANONYMITY = frozenset({"submitted", "commented"})
"""The figures into which acts enter that people do without a name."""

FIRST_ANSWERS = frozenset({Act.ACKNOWLEDGE, Act.CLARIFY, Act.FORWARD, Act.RECOMMEND, Act.DECLINE})
"""The acts of a holder of which the first is the first answer to an idea."""

DECISIONS = frozenset({Act.RECOMMEND, Act.DECLINE})
"""The acts of a holder that decide a review."""

_EARLIEST = date(1900, 1, 1)
"""No fact is older; days before would leave the calendar when they are moved to UTC."""


class DayToCome(Invalid):
    """Figures are known up to today only."""

    code = "statistics.day-to-come"


class DaysReversed(Invalid):
    """The first day of a period is not after its last one, nor after the day of the figures."""

    code = "statistics.days-reversed"


class UnknownFilter(Invalid):
    """A filter names something that does not exist."""

    code = "statistics.unknown-filter"


@dataclass(frozen=True, slots=True)
class Period:
    """What counts for a figure as of the end of a day: acts from `since` on and before `before`.

    `until` is the end of the day `as_of`: what was undone before it does not count. `current` says that this
    end is still to come. Acts without a name count below the whole company from `released_since` on and
    before `released_before`, which are firsts of a month. A start of None is the beginning; every end is
    the first moment that is over. `first` and `last` are the days that were asked for.
    """

    as_of: date
    first: date | None
    last: date
    until: datetime
    current: bool
    since: datetime | None
    before: datetime
    released_since: datetime | None
    released_before: datetime

    @property
    def windowed(self) -> bool:
        """Whether anything before the end of `as_of` is left out."""
        return self.since is not None or self.before < self.until


def resolve(
    *,
    as_of: date | datetime | None,
    since: date | datetime | None,
    to: date | datetime | None,
    zone: str,
    now: datetime,
) -> Period:
    """Return the period of a figure; a moment stands for the day it falls on in the company's time zone.

    Without `as_of` it is today. `to` counts up to `as_of` at most. Of what is done without a name only
    whole months count below the whole company (`privacy.release_date`).

    Raises: DayToCome, DaysReversed, each naming its parameter.
    """
    today = _get_day(now, zone)
    day = today if as_of is None else _get_day(as_of, zone)
    if day > today:
        raise DayToCome.at("query/as_of")
    last = day if to is None else min(_get_day(to, zone), day)
    first = None if since is None else _get_day(since, zone)
    if first is not None and first > last:
        raise DaysReversed.at("query/from")
    after = last + timedelta(days=1)
    until = start_day(day + timedelta(days=1), zone)
    return Period(
        as_of=day,
        first=first,
        last=last,
        until=until,
        current=until > now,
        since=None if first is None else start_day(first, zone),
        before=start_day(after, zone),
        released_since=None if first is None else start_day(_get_next_release(first), zone),
        released_before=start_day(min(release_date(day), release_date(after)), zone),
    )


def start_day(day: date, zone: str) -> datetime:
    """Return the first moment of a day in a time zone (IANA name), in UTC."""
    return datetime.combine(max(day, _EARLIEST), time.min, ZoneInfo(zone)).astimezone(UTC)


def share(people: int | None, headcount: int | None) -> float | None:
    """Return a number of people as a fraction of the headcount, None where either is hidden."""
    return people / headcount if people is not None and headcount else None


def check_known(**known: bool) -> None:
    """Let pass filters that name something; each is given by its parameter.

    Raises: UnknownFilter, naming all parameters at fault.
    """
    faults = tuple(
        FieldProblem(f"query/{name}", f"There is no such {name}.")
        for name, there in known.items()
        if not there
    )
    if faults:
        raise UnknownFilter(errors=faults)


def _get_day(given: date | datetime, zone: str) -> date:
    if not isinstance(given, datetime):
        return given
    try:
        return given.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return given.date()


def _get_next_release(day: date) -> date:
    """Return the first release date that is not before a day."""
    month = release_date(day)
    return day if day == month else release_date(month + timedelta(days=32))
