"""People who write at the same time, each one thing after the other, and note what they were told."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

import httpx2

from tests.chaos.acts import ACTS, Hand
from tests.chaos.journal import Fate, Journal, Write
from tests.chaos.people import API, Person, World, choose, list_items, sign

PATIENCE = 20.0
"""Seconds that a writer waits for an answer before calling the outcome unknown."""

_ABSENT = 0.05
_TRIES = 40
_SIGN_INS = 0.03
_LOOKS = 0.06
_REPEATABLE = ("sessions.refreshed", "votes.cast", "votes.withdrawn")
_OF_ONES_OWN = ("ideas.edited", "ideas.withdrawn", "drafts.submitted", "comments.edited", "comments.deleted")


@dataclass(frozen=True)
class Manner:
    """How people write: `pause` is the longest time between two writes, in seconds.

    `repeats` is how many of the writes whose outcome is unknown are sent again, where that is safe, as a
    fraction; `closes` says that each write has a connection of its own.
    """

    pause: float = 0.06
    repeats: float = 0.5
    closes: bool = False


class Writer:
    """One person who writes to a server; `find_url` says where it listens now."""

    def __init__(self, hand: Hand, journal: Journal, find_url: Callable[[], str], manner: Manner) -> None:
        self.hand = hand
        self._journal = journal
        self._find_url = find_url
        self._manner = manner
        self._http = httpx2.AsyncClient(
            timeout=PATIENCE, headers={"Connection": "close"} if manner.closes else None
        )
        self._refresh_token = ""

    def beside(self, person: Person) -> Self:
        """Return somebody else who writes to the same place, but only what they are told."""
        hand = replace(self.hand, person=person, luck=random.Random(person.email), ideas={}, comments={})
        return type(self)(hand, self._journal, self._find_url, self._manner)

    async def run(self, stop: asyncio.Event) -> None:
        """Write until told to stop."""
        luck = self.hand.luck
        async with self._http:
            while not stop.is_set():
                await asyncio.sleep(luck.random() * self._manner.pause)
                write = await self._next()
                if write is not None and await self.send(write):
                    await self._follow(write, stop)

    async def send(self, write: Write) -> bool:
        """Send a write and note what comes back; tells whether it got as far as the server."""
        begin = time.monotonic()
        headers = {**sign(self.hand.person.token), **write.headers}
        form = write.what == "sessions.signed-in"
        try:
            answer = await self._http.request(
                write.method,
                f"{self._find_url()}{API}{write.path}",
                headers=headers,
                data=write.body if form else None,
                json=None if form else write.body,
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            await asyncio.sleep(_ABSENT)
            return False
        except httpx2.HTTPError:
            pass
        else:
            self._journal.note(write, answer, time.monotonic() - begin)
        self._journal.begin(write)
        return True

    async def _next(self) -> Write | None:
        luck, person = self.hand.luck, self.hand.person
        if person.password and luck.random() < _SIGN_INS:
            return self._enter()
        if luck.random() < _LOOKS:
            await self._look()
            return None
        act = luck.choices(list(ACTS), weights=list(ACTS.values()))[0]
        return act(self.hand)

    def _enter(self) -> Write:
        """Sign in with the password, or stay signed in."""
        person = self.hand.person
        if self._refresh_token and self.hand.luck.random() < 0.7:
            body = {"refresh_token": self._refresh_token}
            return Write("sessions.refreshed", person.id, "POST", "/auth/refresh", body=body)
        form = {"username": person.email, "password": person.password}
        return Write("sessions.signed-in", person.id, "POST", "/auth/token", body=form)

    async def _look(self) -> None:
        """Read one's queue, as who decides does."""
        if not self.hand.person.roles:
            return
        self._http.base_url = self._find_url()
        try:
            self.hand.queue = await list_items(self._http, "/reviews", self.hand.person.token)
        except httpx2.HTTPError:
            await asyncio.sleep(_ABSENT)

    async def _follow(self, write: Write, stop: asyncio.Event) -> None:
        """Remember what is certain now; repeat a half of what is not, if that is safe."""
        repeatable = write.key is not None or write.what in _REPEATABLE
        tries = _TRIES if repeatable and self.hand.luck.random() < self._manner.repeats else 0
        while write.fate is Fate.UNKNOWN and tries and not stop.is_set():
            tries -= 1
            await self.send(write)
        if write.what == "sessions.refreshed" and write.fate is not Fate.ACKNOWLEDGED:
            self._refresh_token = ""
        elif write.fate is Fate.ACKNOWLEDGED:
            self._learn(write)
        elif write.fate is Fate.UNKNOWN or write.what in _OF_ONES_OWN:
            # What may have changed is left alone from now on, so that its last certain state stays known; so is
            # what no longer stands where one thought.
            self.hand.ideas.pop(write.subject, None)
            self.hand.comments.pop(write.subject, None)

    def _learn(self, write: Write) -> None:
        hand, shown = self.hand, write.answer
        if write.what in ("sessions.signed-in", "sessions.refreshed"):
            self._refresh_token = shown["refresh_token"]
        elif write.what in ("comments.written", "comments.edited"):
            hand.comments[shown["id"]] = shown["version"]
        elif write.what == "comments.deleted":
            hand.comments.pop(write.subject, None)
        elif write.what.startswith(("ideas.", "drafts.")):
            hand.ideas[shown["id"]] = shown
            if write.what in ("ideas.submitted", "drafts.submitted"):
                hand.world.ideas.append(shown["id"])
        elif write.what == "decisions.made" and write.body and write.body.get("action") != "answer":
            hand.queue = [review for review in hand.queue if review["idea"]["id"] != write.subject]


@asynccontextmanager
async def writing(
    world: World,
    journal: Journal,
    find_url: Callable[[], str],
    *,
    seed: int,
    number: int = 20,
    manner: Manner = Manner(),
) -> AsyncIterator[list[Writer]]:
    """Have people write while the block runs; at its end each finishes what it was at.

    Raises: what a writer raised.
    """
    people = choose(world, number, random.Random(seed))
    writers = [
        Writer(Hand(person, world, random.Random(f"{seed} {person.email}")), journal, find_url, manner)
        for person in people
    ]
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.run(stop))
        try:
            yield writers
        finally:
            stop.set()
