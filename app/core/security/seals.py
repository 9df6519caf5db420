"""Seals: proof that a text was given out by this installation, without keeping it."""

import base64
import hmac
from collections.abc import Sequence

from app.core.security import keys


class Seals:
    """Seals texts under the present secret, and knows its seals under earlier ones during a rotation."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Derive the keys once; `secrets` are the present one, then earlier ones."""
        self._keys = [keys.derive_bytes(secret, "seals, HMAC-SHA-256, 1") for secret in secrets]

    def make(self, purpose: str, *parts: str) -> str:
        """Return the seal of some texts for one purpose: 43 URL-safe characters, always the same."""
        return _make(self._keys[0], purpose, parts)

    def fits(self, seal: str, purpose: str, *parts: str) -> bool:
        """Tell whether a seal was made here, of these texts and for this purpose."""
        given = seal.encode("utf-8", "surrogatepass")
        return any(hmac.compare_digest(given, _make(key, purpose, parts).encode()) for key in self._keys)


def _make(key: bytes, purpose: str, parts: tuple[str, ...]) -> str:
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    message = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    digest = hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
