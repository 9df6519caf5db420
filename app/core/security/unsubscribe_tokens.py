"""Unsubscribe tokens: what somebody may end without signing in, under a seal; nothing of them is stored."""

from app.core import ids
from app.core.security.seals import Seals

_PURPOSE = "unsubscribe"
_PARTS = 4


def issue(seals: Seals, person_id: str, channel: str, what: str) -> str:
    """Return the token by which a person ends something that a channel brings; always the same one."""
    return "~".join([person_id, channel, what, seals.make(_PURPOSE, person_id, channel, what)])


def read(seals: Seals, token: str) -> tuple[str, str, str] | None:
    """Return the person, the channel and what is ended of a token that was given out here, else None."""
    parts = token.split("~")
    if len(parts) != _PARTS or not ids.is_valid(parts[0]):
        return None
    person_id, channel, what, seal = parts
    return (person_id, channel, what) if seals.fits(seal, _PURPOSE, person_id, channel, what) else None
