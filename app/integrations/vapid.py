"""The key by which push services know this installation (VAPID, RFC 8292)."""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.core.config import Settings
from app.core.security import keys

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SCALAR_BYTES = 32
_SEED_BYTES = 48


@dataclass(frozen=True, slots=True)
class VapidKey:
    """A key pair; `public` is what a browser subscribes with (`applicationServerKey`), in base64url."""

    private: ec.EllipticCurvePrivateKey
    public: str


def find_subject(settings: Settings) -> str | None:
    """Return whom push services may write to, which they ask for; None: there is no web push here."""
    secure = settings.base_url if settings.base_url.startswith("https://") else None
    return settings.vapid_subject or secure


def get_key(settings: Settings) -> VapidKey:
    """Return the pair of an installation.

    Raises: ValueError when the one that was set can't be used.
    """
    given = settings.vapid_private_key
    return read_key(given.get_secret_value()) if given else derive_key(settings.secret)


def derive_key(secret: str) -> VapidKey:
    """Derive the pair from the installation's secret: the same secret gives the same pair everywhere.

    The scalar is reduced from 48 derived bytes, so that no bias is left (FIPS 186-5, A.2.1). A browser's
    subscription belongs to one key: with another secret people subscribe again, unless the key was set.
    """
    seed = keys.derive_bytes(secret, "web push, VAPID, 1", length=_SEED_BYTES)
    return _pair(int.from_bytes(seed, "big") % (_ORDER - 1) + 1)


def read_key(text: str) -> VapidKey:
    """Read the private key as the usual tools write it: 32 bytes in base64url.

    Raises: ValueError.
    """
    try:
        scalar = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise ValueError("the key of web push is written in base64url") from error
    number = int.from_bytes(scalar, "big")
    if len(scalar) != _SCALAR_BYTES or not 0 < number < _ORDER:
        raise ValueError("the key of web push has 32 bytes")
    return _pair(number)


def _pair(scalar: int) -> VapidKey:
    private = ec.derive_private_key(scalar, _CURVE)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return VapidKey(private, base64.urlsafe_b64encode(point).rstrip(b"=").decode())
