"""Mail: the way of messages by SMTP, and to the console of a developer."""

import asyncio
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from typing import TextIO
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from app.integrations import envelopes
from app.integrations.posts import Outgoing, Refused, Unreachable

CONNECTIONS = 4
"""Open at the same time: a round trip takes as long as it takes, but many mails needn't wait for one another."""

ANSWER_SECONDS, WHOLE_SECONDS = 30, 120
"""How long one answer of the server may take, and a mail altogether."""

IDLE_SECONDS = 5
"""A connection that was silent for longer may have been given up by the other side: a new one is made."""

_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: TLS from the first byte, or by STARTTLS (`starttls` None: where it is offered)."""

    host: str
    port: int
    tls: bool
    starttls: bool | None
    user: str | None = None
    password: str | None = None


def read_server(url: str) -> Server:
    """Read `smtp://user:password@host:587`, `smtps://host`, or `smtp://host?tls=off`.

    With `smtp:` the connection is encrypted where the server offers it, and has to be for a password.

    Raises: ValueError.
    """
    parts = urlsplit(url)
    plain = parts.query == "tls=off"
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or (parts.query and not plain):
        raise ValueError("the mail server is written as smtp://user:password@host:587 or smtps://host")
    if plain and (parts.password or parts.scheme == "smtps"):
        raise ValueError("a password goes to the mail server by an encrypted connection only")
    tls = parts.scheme == "smtps"
    starttls = False if tls or plain else (True if parts.password else None)
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Server(parts.hostname, parts.port or (465 if tls else 587), tls, starttls, user, password)


class MailPost:
    """Sends by SMTP, over a few connections that are used again while there is much to send."""

    def __init__(self, server: Server, *, sender: Address) -> None:
        self._server = server
        self._sender = sender
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[tuple[SMTP, float]] = []

    async def send(self, message: Outgoing) -> None:
        """Send a mail; when this returns, the server has taken it.

        A server that takes a mail and is cut off before it says so gets the mail again, under the same Message-ID.

        Raises: Refused, Unreachable.
        """
        mail = envelopes.write(message, sender=self._sender)
        async with self._places:
            try:
                async with asyncio.timeout(WHOLE_SECONDS):
                    client = await self._take()
                    await self._hand_over(client, mail["To"].addresses[0].addr_spec, mail.as_bytes())
            except (Refused, Unreachable):
                raise
            except SMTPAuthenticationError as error:
                raise Unreachable("mail.credentials") from error
            except (SMTPException, OSError) as error:
                raise Unreachable("mail.server") from error

    async def close(self) -> None:
        """Say goodbye on the connections that are kept."""
        while self._idle:
            await _part(self._idle.pop()[0])

    async def _take(self) -> SMTP:
        while self._idle:
            client, since = self._idle.pop()
            if client.is_connected and time.monotonic() - since < IDLE_SECONDS:
                return client
            await _part(client)
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            timeout=ANSWER_SECONDS,
        )
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return client

    async def _hand_over(self, client: SMTP, address: str, content: bytes) -> None:
        usable = False
        try:
            await client.sendmail(self._sender.addr_spec, [address], content)
            usable = True
        except SMTPRecipientsRefused as error:
            usable = True
            raise _judge_recipient(error) from error
        except SMTPDataError as error:
            usable = True
            if error.code >= _PERMANENT:
                raise Refused("mail.content") from error
            raise Unreachable("mail.content") from error
        except ValueError as error:
            usable = True
            raise Refused("mail.address", gone=True) from error
        finally:
            if usable:
                self._idle.append((client, time.monotonic()))
            else:
                client.close()


class ConsolePost:
    """Writes mails where a developer sees them."""

    def __init__(self, *, sender: Address, stream: TextIO | None = None) -> None:
        self._sender = sender
        self._stream = stream

    async def send(self, message: Outgoing) -> None:
        """Write the text of a mail.

        Raises: Refused.
        """
        mail = envelopes.write(message, sender=self._sender)
        text = f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{message.letter.text}\n"
        (self._stream or sys.stderr).write(text)

    async def close(self) -> None:
        """There is nothing to let go of."""


def _judge_recipient(error: SMTPRecipientsRefused) -> Refused | Unreachable:
    answer: SMTPResponseException = error.recipients[0]
    if answer.code < _PERMANENT:
        return Unreachable("mail.recipient")
    # Enhanced codes of the class X.1 are about the address itself (RFC 3463); a full mailbox is X.2.
    return Refused("mail.recipient", gone="5.1." in answer.message)


async def _part(client: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await client.quit()
    client.close()
