"""Refresh tokens: a session and the place in its chain, under a seal; nothing of them is stored."""

from app.core import ids
from app.core.security.seals import Seals

_PURPOSE = "refresh token"
_MOST_DIGITS = 9


def issue(seals: Seals, session_id: str, generation: int) -> str:
    """Return the token of one generation of a session: the same one however often it is asked for."""
    return f"{session_id}.{generation}.{seals.make(_PURPOSE, session_id, str(generation))}"


def read(seals: Seals, token: str) -> tuple[str, int] | None:
    """Return the session and the generation of a token that was given out here, None for any other text."""
    session_id, _, rest = token.partition(".")
    digits, _, seal = rest.partition(".")
    if not ids.is_valid(session_id) or not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) > _MOST_DIGITS or not seals.fits(seal, _PURPOSE, session_id, digits):
        return None
    return session_id, int(digits)
