"""Calendar feeds: what is shown under a person's secret link, and how it is told to calendar applications."""

from urllib.parse import urlsplit

from app.domain.errors import NotFound


class NoSuchFeed(NotFound):
    """This link leads to no calendar any more: make a new one in Ideabox."""

    code = "calendar-feeds.unknown"


def name_entry(gathering_id: str, base_url: str) -> str:
    """Return the name by which calendars know a gathering for ever (RFC 7986, 5.3): random, of this installation."""
    return f"{gathering_id}@{urlsplit(base_url).hostname or 'ideabox'}"
