"""Safes: keys that are shared with others, kept so that they can be read again, but not from the database alone."""

import base64
import secrets as randomness
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.config import Settings
from app.core.security import keys

_NONCE_BYTES = 12
"""What NIST SP 800-38D (8.2) recommends; drawn at random, it is good for billions of texts under one key."""


class CannotOpen(Exception):
    """A text was not locked here, not for this context, or under a secret that is not known any more."""


class Safe:
    """Locks texts under the present secret with AES-256-GCM, and opens those of earlier ones during a rotation."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Derive the keys once; `secrets` are the present one, then earlier ones."""
        purpose = "texts at rest, AES-256-GCM, 1"
        self._ciphers = [AESGCM(keys.derive_bytes(secret, purpose)) for secret in secrets]

    def lock(self, text: str, *context: str) -> str:
        """Return a text as it may be kept, URL-safe; only the same context opens it: what it is and whose."""
        nonce = randomness.token_bytes(_NONCE_BYTES)
        locked = nonce + self._ciphers[0].encrypt(nonce, text.encode(), _join(context))
        return base64.urlsafe_b64encode(locked).decode()

    def open(self, locked: str, *context: str) -> str:
        """Return a text that was locked for the same context.

        Raises: CannotOpen.
        """
        try:
            given = base64.urlsafe_b64decode(locked)
        except ValueError as error:
            raise CannotOpen from error
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(given[:_NONCE_BYTES], given[_NONCE_BYTES:], _join(context)).decode()
            except (InvalidTag, ValueError):
                continue
        raise CannotOpen


def open_safe(settings: Settings) -> Safe:
    """Return the safe of an installation."""
    return Safe([settings.secret, *(secret.get_secret_value() for secret in settings.previous_secret_keys)])


def _join(context: tuple[str, ...]) -> bytes:
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    return "".join(f"{len(part)}:{part}" for part in context).encode()
