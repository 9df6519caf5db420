"""Posts: what takes a message to a person, whatever the channel; and how that fails."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.integrations.letters import Letter


@dataclass(frozen=True, slots=True)
class PushKeys:
    """What a browser gave with its subscription, in base64url: its public key, and the shared secret."""

    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one person by one channel.

    `id` is that of the delivery, the same with each attempt: the Message-ID is made of it. `address` is a mail
    address, the URL of a chat's webhook, or the endpoint of a push subscription (then with `push_keys`). `kind` is
    one of the catalogue, or `digest`; `path` is the page of the web client to open, such as `/ideas/…`. `name` is
    the reader's, for mail. `urgent` says that it asks for an act. `now` dates the message.
    """

    id: str
    address: str
    letter: Letter
    kind: str
    path: str
    now: datetime
    name: str = ""
    unsubscribe_url: str | None = None
    urgent: bool = False
    push_keys: PushKeys | None = None


class Post(Protocol):
    """A channel's way to people."""

    async def send(self, message: Outgoing) -> None:
        """Hand the message over: when this returns, the other side has taken it.

        Raises: Refused when it never will, Unreachable when it may later.
        """

    async def close(self) -> None:
        """Let go of connections that are kept open."""


class Refused(Exception):
    """The other side will never take this message; `gone`: nor any other one for this address.

    `reason` is short and dotted, without anything personal.
    """

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone


class Unreachable(Exception):
    """The message was not taken now; `retry_after` is how many seconds the other side asks to wait, if it does."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class MemoryPost:
    """Keeps messages instead of sending them; `troubles` are raised first, each once."""

    def __init__(self, *troubles: Refused | Unreachable) -> None:
        self.sent: list[Outgoing] = []
        self.troubles = list(troubles)

    async def send(self, message: Outgoing) -> None:
        """Keep a message, or fail as was planned.

        Raises: Refused, Unreachable.
        """
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(message)

    async def close(self) -> None:
        """There is nothing to let go of."""
