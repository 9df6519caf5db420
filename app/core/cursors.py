"""Cursors: signed, opaque places in a list, bound to the list they were given for."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

_SIGNATURE = 12
_MAX_LENGTH = 1000


class InvalidCursor(ValueError):
    """The cursor was not given out by this installation for this list."""


class CursorSigner:
    """Signs and reads cursors with a key derived from the installation's secret."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"ideabox cursors\n{secret}".encode()).digest()

    def sign(self, place: list[Any], *, listing: str) -> str:
        """Return a cursor for a place in a list; `listing` names the list with its order and filters."""
        body = json.dumps(place, separators=(",", ":")).encode()
        return urlsafe_b64encode(self._seal(body, listing) + body).decode().rstrip("=")

    def read(self, cursor: str, *, listing: str) -> list[Any]:
        """Return the place that a cursor stands for.

        Raises: InvalidCursor.
        """
        if len(cursor) > _MAX_LENGTH or not cursor.isascii():
            raise InvalidCursor
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError as error:
            raise InvalidCursor from error
        seal, body = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
        if not hmac.compare_digest(seal, self._seal(body, listing)):
            raise InvalidCursor
        place = json.loads(body)
        if not isinstance(place, list):
            raise InvalidCursor
        return place

    def _seal(self, body: bytes, listing: str) -> bytes:
        return hmac.digest(self._key, listing.encode() + b"\n" + body, "sha256")[:_SIGNATURE]
