"""Where web push arrives: a push service over TLS, and the browsers that open what it takes."""

import asyncio
import base64
import json
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import http_ece  # type: ignore[import-untyped]  # without the marker
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from py_vapid import Vapid02  # type: ignore[import-untyped]  # the same

from app.core import clock
from tests.chaos.proxy import find_header, read_request

HOST = "127.0.0.1"
_LONGEST_PROOF = 86_400


class NotProven(Exception):
    """Who sends is not who the browsers subscribed to, or says so for another place or another time."""


@dataclass
class Browser:
    """The browser of a person, with keys of its own."""

    person: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def subscribe(self, origin: str) -> dict[str, Any]:
        """Return its subscription, as `PushSubscription.toJSON()` gives it."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _encode(point), "auth": _encode(self.auth)}
        return {"endpoint": f"{origin}/push/{self.person}", "keys": keys}

    def open(self, body: bytes) -> dict[str, Any]:
        """Return what is in a message (RFC 8291)."""
        opened = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        found: dict[str, Any] = json.loads(opened)
        return found


@dataclass
class PushService:
    """A push service: `taken` has topic, person, what the browser reads and moment of each; `faults` what was wrong.

    `origin` is its address, `key` what the browsers subscribed with.
    """

    origin: str = ""
    key: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    taken: list[tuple[str, str, dict[str, Any], float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: a message has to prove who sends it, and its browser has to be able to open it."""
        try:
            request = await read_request(reader)
            self.take(request)
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    def take(self, request: bytes) -> None:
        """Take one message as it came over the wire, or note what is wrong with it."""
        head, _, body = request.partition(b"\r\n\r\n")
        topic = find_header(request, b"topic").decode()
        person = head.split()[1].decode().rpartition("/")[2]
        try:
            self._check_proof(find_header(request, b"authorization").decode())
            self.taken.append((topic, person, self.browsers[person].open(body), time.monotonic()))
        except Exception as error:  # noqa: BLE001  whatever the libraries say is a fault of the message
            self.faults.append(f"push {topic} can't be opened: {error!r}")

    def _check_proof(self, proof: str) -> None:
        """Check who sends (RFC 8292).

        Raises: NotProven.
        """
        claims = json.loads(_decode(proof.partition("t=")[2].split(".")[1]))
        left = claims["exp"] - clock.now().timestamp()
        known = proof.rpartition("k=")[2] == self.key
        if not (
            Vapid02.verify(proof) and known and claims["aud"] == self.origin and 0 < left <= _LONGEST_PROOF
        ):
            raise NotProven(proof)


@asynccontextmanager
async def receiving_pushes(directory: Path) -> AsyncIterator[tuple[PushService, Path]]:
    """Have a push service on a port of the loopback; its certificate is in the file."""
    certificate = make_certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    service = PushService()
    server = await asyncio.start_server(service.serve, HOST, 0, ssl=context)
    service.origin = f"https://{HOST}:{server.sockets[0].getsockname()[1]}"
    try:
        yield service, certificate
    finally:
        server.close()


def make_certificate(directory: Path) -> Path:
    """Write a key and a certificate for the loopback, signed by itself, into one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .sign(key, SHA256())
    )
    path = directory / "push-service.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
