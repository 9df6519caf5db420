"""Calendar tokens: the secret part of a link to somebody's calendar, under a seal; revoked with what it names."""

from app.core import ids
from app.core.security.seals import Seals

_PURPOSE = "calendar feed"


def issue(seals: Seals, feed_id: str) -> str:
    """Return the token of a feed; always the same one, so that it can be shown again."""
    return f"{feed_id}~{seals.make(_PURPOSE, feed_id)}"


def read(seals: Seals, token: str) -> str | None:
    """Return the feed of a token that was given out here, else None."""
    feed_id, _, seal = token.partition("~")
    return feed_id if ids.is_valid(feed_id) and seals.fits(seal, _PURPOSE, feed_id) else None
