"""Keys derived from the installation's secret, so that every replica has the same ones without a file."""

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk
from jose.backends.base import Key

ALGORITHM = "ES256"
MIN_SECRET_LENGTH = 32

_CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SCALAR_BYTES = 48


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A P-256 key pair; `kid` is the thumbprint of the public half (RFC 7638)."""

    kid: str
    private: Key
    public: Key


def derive_bytes(secret: str, purpose: str, *, length: int = 32) -> bytes:
    """Derive a key for one purpose from the installation's secret, by HKDF with SHA-256 (RFC 5869).

    Keys of different purposes tell nothing of one another. The purpose is part of the key: to change it is to
    invalidate whatever was signed under it.

    Raises: ValueError when the secret has fewer than 32 characters.
    """
    if len(secret) < MIN_SECRET_LENGTH:
        message = f"the installation's secret needs at least {MIN_SECRET_LENGTH} characters"
        raise ValueError(message)
    derivation = HKDF(hashes.SHA256(), length=length, salt=None, info=f"ideabox {purpose}".encode())
    return derivation.derive(secret.encode())


def derive_signing_key(secret: str) -> SigningKey:
    """Derive the key pair that signs access tokens: the same secret gives the same pair everywhere.

    The private scalar comes from 48 derived bytes reduced modulo n - 1, plus 1: 128 bits more than the order
    needs, so that the reduction leaves no bias (FIPS 186-5, A.2.1).

    Raises: ValueError when the secret has fewer than 32 characters.
    """
    seed = derive_bytes(secret, "access tokens, ES256, 1", length=_SCALAR_BYTES)
    scalar = int.from_bytes(seed, "big") % (_CURVE_ORDER - 1) + 1
    pem = ec.derive_private_key(scalar, ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    private = jwk.construct(pem, ALGORITHM)
    public = private.public_key()
    return SigningKey(_thumbprint(public), private, public)


def _thumbprint(public: Key) -> str:
    members = {name: value for name, value in public.to_dict().items() if name in {"crv", "kty", "x", "y"}}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
