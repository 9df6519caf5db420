"""Webhooks as Standard Webhooks has them: secrets, signatures, and one request for each attempt."""

import base64
import secrets as randomness
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, ip_network
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from app.core import networks
from app.core.networks import Address
from app.integrations.calls import Call, read_retry_after

_PREFIX = "whsec_"
_SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""

AGENT = "Ideabox-Webhooks"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send a delivery; `id` is that of the delivery, `secrets` sign it, the newest first."""

    id: str
    url: str
    body: bytes
    secrets: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What the receiver answered: its status, and for how many seconds it asks to wait, if it does."""

    status: int
    retry_after: float | None


def leads_inside(url: str, allowed: Sequence[str]) -> bool:
    """Tell whether a URL is by its very spelling one of this machine or of a network that is not public.

    Nothing is looked up: that would tell which names there are inside. `allowed` are names and networks.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host in {name.strip().lower().rstrip(".") for name in allowed}:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        # As the resolvers of operating systems read it: decimal, octal, hexadecimal, with parts left out.
        address = networks.read(host) if ":" in host else IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return False
    return not networks.is_public(address) and not any(_holds(name, address) for name in allowed)


def _holds(name: str, address: Address) -> bool:
    try:
        network = ip_network(name.strip(), strict=False)
    except ValueError:
        return False
    return address.version == network.version and address in network


def make_secret() -> str:
    """Return a new secret: `whsec_` and 32 random bytes in base64."""
    return _PREFIX + base64.b64encode(randomness.token_bytes(_SECRET_BYTES)).decode()


def write_headers(attempt: Attempt) -> dict[str, str]:
    """Return the headers of an attempt, with a signature by each secret."""
    # The library takes the wall clock of whatever zone it is given for UTC.
    moment = attempt.at.astimezone(UTC)
    body = attempt.body.decode()
    signed = [Webhook(secret).sign(attempt.id, moment, body) for secret in attempt.secrets]
    return {
        "content-type": "application/json",
        "user-agent": AGENT,
        "webhook-id": attempt.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signed),
    }


async def send(call: Call, attempt: Attempt) -> Said:
    """Send an attempt and return what was answered, whatever the status.

    Raises: Refused, Unreachable.
    """
    reply = await call(attempt.url, body=attempt.body, headers=write_headers(attempt))
    return Said(reply.status, read_retry_after(reply.headers.get("retry-after"), now=attempt.at))
