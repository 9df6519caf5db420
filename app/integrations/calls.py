"""Calls: what channels over HTTP need of the door to the outside, and what the answers mean to a message."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from app.integrations.posts import Refused, Unreachable

_SUCCESS = range(200, 300)
_GONE = {404, 410}
_LATER = {408, 425, 429}
_OURS = range(500, 600)


class Reply(Protocol):
    """An answer from outside."""

    @property
    def status(self) -> int:
        """The status of HTTP."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with names in lower case."""


class Call(Protocol):
    """Sends a body to a URL through the guard, without following redirects.

    Raises: Refused for an address that is never called, Unreachable when there was no answer.
    """

    async def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Return the answer, whatever its status."""


def check_taken(reply: Reply, channel: str, *, now: datetime) -> None:
    """Look at the answer to a message; statuses of success pass.

    404 and 410 say that the address is no more; 408, 425, 429 and 5xx ask to come again; anything else, a redirect
    too, is final.

    Raises: Refused, Unreachable with the seconds of `Retry-After`.
    """
    if reply.status in _SUCCESS:
        return
    reason = f"{channel}.status-{reply.status}"
    if reply.status in _LATER or reply.status in _OURS:
        raise Unreachable(reason, retry_after=read_retry_after(reply.headers.get("retry-after"), now=now))
    raise Refused(reason, gone=reply.status in _GONE)


def read_retry_after(text: str | None, *, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` asks for, written as seconds or as a date (RFC 9110, 10.2.3)."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone is read as UTC, which is what HTTP means by GMT.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
