"""Receivers of webhooks: they keep what they took, verified by the reference library."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import time_machine
from standardwebhooks import Webhook

from app.core import clock


@dataclass(frozen=True)
class Taken:
    """A verified request."""

    id: str
    url: str
    said: dict[str, Any]
    signatures: int


@dataclass(frozen=True)
class Answered:
    """What a receiver answers."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Receivers:
    """The outside, in the place of the guarded way out; `secrets` and planned `answers` by address.

    An exception among the answers is raised, an event is waited for.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Answered | BaseException | asyncio.Event]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    now: datetime = field(default_factory=clock.now)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait_for(self, count: int) -> None:
        """Wait until so many requests were taken."""
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                self.arrived.clear()
                await self.arrived.wait()

    async def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Take a request, if the library verifies it at this moment; fail as planned."""
        with time_machine.travel(self.now, tick=False):
            said = Webhook(self.secrets[url]).verify(body, dict(headers))
        signatures = len(headers["webhook-signature"].split())
        self.taken.append(Taken(headers["webhook-id"], url, said, signatures))
        self.arrived.set()
        planned = self.answers.get(url)
        answer = planned.pop(0) if planned else Answered()
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return Answered()
        return answer
