"""Rotating codes: short proof of having seen a screen, changing with every turn; nothing of them is stored."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from app.core.security.seals import Seals

_PURPOSE = "rotating code"
_BYTES = 5


def make(seals: Seals, subject: str, turn: int) -> str:
    """Return the code of a subject in a turn: 8 characters of base32 (40 bits), as people type them.

    So few bits are enough for some minutes: at 50 attempts a second the chance to guess one is 1 in 10⁸.
    """
    sealed = hashlib.sha256(seals.make(_PURPOSE, subject, str(turn)).encode()).digest()
    return base64.b32encode(sealed[:_BYTES]).decode()


def fits(seals: Seals, code: str, subject: str, turns: Iterable[int]) -> bool:
    """Tell whether a code is that of one of these turns, whatever its case, blanks and hyphens."""
    given = "".join(code.split()).replace("-", "").upper().encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(given, make(seals, subject, turn).encode()) for turn in turns)
