"""Calendar files (RFC 5545): entries that calendar applications take over, and notice the changes of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//Ideabox//Gatherings//EN"
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that takes place; `status` is CONFIRMED, TENTATIVE or CANCELLED.

    `uid` stays the same for ever, and `sequence` grows with each change (RFC 5545, 3.8.4.7 and 3.8.7.4).
    """

    uid: str
    sequence: int
    status: str
    title: str
    description: str
    location: str
    url: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime


def write(entries: Sequence[Entry], *, name: str | None = None) -> bytes:
    """Return a calendar file with times in UTC: escaped, folded, the same bytes for the same entries.

    With a `name` it is a feed that applications ask for again every hour.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if name is not None:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_shape(entry))
    written: bytes = calendar.to_ical()
    return written


def _shape(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    # Of what is published, it is when it was last changed (RFC 5545, 3.8.7.2).
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("created", entry.created_at)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title)
    for field in ("description", "location", "url"):
        if value := getattr(entry, field):
            event.add(field, value)
    return event
