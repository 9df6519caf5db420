"""Where messages arrive: a mail server and a receiver of webhooks that keep what they took, and when."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP as WIRE
from typing import Any

from aiosmtpd.smtp import SMTP
from standardwebhooks import Webhook

from tests.chaos.proxy import find_header, read_request


@dataclass
class Mailbox:
    """A mail server's rack: `mails` has recipient, mail and moment, in the order in which they were taken."""

    mails: list[tuple[str, Message, float]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the library's name
        """Take a mail."""
        mail = message_from_bytes(envelope.content, policy=WIRE)
        self.mails += [(recipient, mail, time.monotonic()) for recipient in envelope.rcpt_tos]
        return "250 taken"


@asynccontextmanager
async def receiving_mail() -> AsyncIterator[tuple[Mailbox, int]]:
    """Have a mail server on a port of the loopback."""
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, hostname="sink.test", enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    try:
        yield box, int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


@dataclass
class Hook:
    """A receiver of webhooks: `taken` has identifier, body and moment of each delivery, `faults` what was wrong."""

    secret: str = ""
    taken: list[tuple[str, dict[str, Any], float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one delivery and have the reference library verify it."""
        try:
            request = await read_request(reader)
            body = request.partition(b"\r\n\r\n")[2]
            names = ("webhook-id", "webhook-timestamp", "webhook-signature")
            headers = {name: find_header(request, name.encode()).decode() for name in names}
            try:
                said = Webhook(self.secret).verify(body, headers)
                self.taken.append((headers["webhook-id"], said, time.monotonic()))
            except Exception as error:  # noqa: BLE001  whatever the library says is a fault of the delivery
                self.faults.append(f"delivery {headers['webhook-id']} is not verified: {error!r}")
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()


@asynccontextmanager
async def receiving_webhooks() -> AsyncIterator[tuple[Hook, int]]:
    """Have a receiver of webhooks on a port of the loopback."""
    hook = Hook()
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    try:
        yield hook, int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
