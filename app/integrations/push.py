"""Web push: a call to look, sealed for one browser (RFC 8030, 8291, 8292); it says nothing about anybody."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from py_vapid import Vapid02  # type: ignore[import-untyped]  # has types, without the marker
from pywebpush import WebPusher, WebPushException  # type: ignore[import-untyped]  # the same

from app.integrations import calls
from app.integrations.calls import Call
from app.integrations.posts import Outgoing, Refused
from app.integrations.vapid import VapidKey

KEPT_SECONDS = 86_400
"""How long the push service keeps a message for a browser that is off; later the digest tells it."""

PROOF = timedelta(hours=12)
"""How long the proof of who sends is good: RFC 8292 allows 24 hours, and clocks differ."""


class PushPost:
    """Sends to the push services that browsers name."""

    def __init__(self, key: VapidKey, *, subject: str, call: Call) -> None:
        """`subject` is a `mailto:` or `https:` address of whoever runs the installation."""
        self._vapid = Vapid02(private_key=key.private)
        self._subject = subject
        self._call = call

    async def send(self, message: Outgoing) -> None:
        """Send the kind and the page to open: the browser has the words.

        Raises: Refused, `gone` where the subscription is no more; Unreachable.
        """
        headers = {
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(KEPT_SECONDS),
            "urgency": "high" if message.urgent else "normal",
            # The push service lets a message replace an earlier one of the same topic: a second attempt too.
            "topic": message.id[:32],
            **self._prove(message),
        }
        reply = await self._call(message.address, body=_seal(message), headers=headers)
        calls.check_taken(reply, "push", now=message.now)

    async def close(self) -> None:
        """There is nothing to let go of."""

    def _prove(self, message: Outgoing) -> dict[str, str]:
        parts = urlsplit(message.address)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((message.now + PROOF).timestamp()),
            "sub": self._subject,
        }
        proof: dict[str, str] = self._vapid.sign(claims)
        return {name.lower(): value for name, value in proof.items()}


def _seal(message: Outgoing) -> bytes:
    said = json.dumps({"kind": message.kind, "path": message.path}).encode()
    if message.push_keys is None:
        raise Refused("push.keys", gone=True)
    keys = {"p256dh": message.push_keys.p256dh, "auth": message.push_keys.auth}
    try:
        sealed: bytes = WebPusher({"endpoint": message.address, "keys": keys}).encode(said)["body"]
    except (WebPushException, ValueError, IndexError) as error:
        raise Refused("push.keys", gone=True) from error
    return sealed
