"""Secrets that say nothing by themselves: refresh tokens and one-time links, stored as digests only."""

import hashlib
import secrets

_BYTES = 32


def new_secret() -> tuple[str, str]:
    """Return a fresh secret and its digest: 256 random bits as 43 URL-safe characters, and 64 hex characters.

    Only the digest is stored. So much randomness can't be guessed, so that one round of SHA-256 is enough and
    the digest can be looked up by an index.
    """
    plain = secrets.token_urlsafe(_BYTES)
    return plain, digest(plain)


def digest(plain: str) -> str:
    """Return the SHA-256 of a secret as 64 hex characters; any text at all has one."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
