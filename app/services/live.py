"""Telling live connections what concerns them, as soon as it is committed anywhere in the installation."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field

import structlog

from app.core import clock, notices
from app.core.db import Database, DatabaseAway
from app.core.lanes import Lane
from app.core.live import Trail
from app.domain.events import EmployeeDeactivated, SessionRevoked
from app.domain.votings import Counting
from app.queries import live
from app.queries.live import Change, Message, State
from app.schemas.live import Hint, IdeaChanged, NotificationArrived
from app.schemas.shapes import Answer
from app.services.listeners import Listeners, Subscriber

MOST_MISSED = 100
"""Notifications that are made good one by one; whoever missed more is told to ask for the list."""

_LOOK = 0.5
"""Seconds after which is looked whether something happened though nobody rang."""

_PAUSE, _LONGEST_PAUSE = 0.05, 0.4
"""Seconds between two looks: as long as the last one took, so that a storm of votes leaves room for requests."""

_NEW, _AT_ONCE = 200, 100
"""Connections that are furnished in one look; those that are told something before others get a turn."""

_log = structlog.get_logger()

WriteFrame = Callable[[str, bytes, int | None], bytes]
"""Writes the name of an event, its JSON and its position as they go over the wire; without any, a sign of life."""


@dataclass(slots=True)
class _Look:
    """What one look at the database found; `until` is the position of the newest notification before it."""

    new: list[Subscriber]
    until: int
    missed: dict[Subscriber, list[Message]] = field(default_factory=dict)
    fallen: list[Subscriber] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether there may be more to read."""
        return max(len(self.changes), len(self.messages)) >= live.BATCH


class Live:
    """What the live connections of one process are told.

    While there are any, it looks at what is new after every commit of this process, after every notice of another
    one, and twice a second. Nothing is asked of the database for one connection alone but what it missed, and
    no connection of the database is held between two looks.
    """

    def __init__(self, database: Database, *, url: str | None, most: int, write: WriteFrame) -> None:
        """`url` is the address of PostgreSQL, `most` the number of connections of this process."""
        self.listeners = Listeners(most)
        self._database = database
        self._url = url
        self._write = write
        self._new: deque[Subscriber] = deque()
        self._rung = asyncio.Event()
        self._trail: Trail | None = None
        self._position = 0

    def ring(self) -> None:
        """Say that something may be new; cheap, and nothing without connections."""
        if self.listeners.count:
            self._rung.set()

    def join(self, one: Subscriber) -> None:
        """Begin to tell a connection what concerns it; first where its ideas stand and what it missed."""
        self.listeners.add(one)
        self._new.append(one)
        self._rung.set()

    def leave(self, one: Subscriber) -> None:
        """End a connection and forget it."""
        self.listeners.discard(one)

    async def run(self) -> None:
        """Tell connections what is new until cancelled."""
        while True:
            if not self.listeners.count:
                self._rung.clear()
                await self._rung.wait()
                continue
            async with self._hearing():
                while self.listeners.count:
                    await self._look_once()
            self._trail = None

    def _hearing(self) -> AbstractAsyncContextManager[None]:
        return notices.hearing(self._url, self.ring) if self._url else nullcontext()

    async def _look_once(self) -> None:
        self._rung.clear()
        began = time.monotonic()
        more = False
        try:
            found = await self._look()
            more = found.is_full or bool(self._new)
            await self._tell(found)
        except DatabaseAway:
            _log.warning("live.database-away")
        except Exception as error:  # noqa: BLE001  one bad row must not silence everybody
            _log.error("live.failed", exc_info=error)
        self.listeners.beat(self._write("", b"", None))
        await asyncio.sleep(min(max(_PAUSE, time.monotonic() - began), _LONGEST_PAUSE))
        if not more:
            try:
                async with asyncio.timeout(_LOOK):
                    await self._rung.wait()
            except TimeoutError:
                return

    async def _look(self) -> _Look:
        """Read what is new: first whether sign-ins of new connections stand, then the events that end some."""
        async with self._database.reading_lane() as lane:
            if self._trail is None:
                self._trail = Trail(await live.list_newest(lane), time.monotonic())
                self._position = await live.find_position(lane)
            found = _Look(list(self._new)[:_NEW], self._position)
            await self._furnish(lane, found)
            found.changes = await live.list_changes(lane, after=self._trail.last, missing=self._trail.missing)
            found.messages = await live.list_messages(lane, after=self._position)
            ideas = self.listeners.ideas.keep_known(change.idea_id for change in found.changes)
            ideas |= {idea for one in found.new for idea in one.ideas}
            if ideas:
                found.states = await live.list_states(lane, ideas)
            turned = {change.idea_id for change in found.changes if _turns(change)}
            if turned:
                found.reviewers = await live.list_reviewers(lane, turned)
        self._trail.advance((change.sequence for change in found.changes), time.monotonic())
        if found.messages:
            self._position = found.messages[-1].position
        for _ in found.new:
            self._new.popleft()
        return found

    async def _furnish(self, lane: Lane, found: _Look) -> None:
        """Read what new connections missed, and which of them belong to nobody any more."""
        if not found.new:
            return
        people = {one.employee_id for one in found.new}
        sessions = {one.session_id for one in found.new if one.session_id is not None}
        standing = await live.list_standing(lane, people, sessions, now=clock.now())
        found.fallen = [
            one for one in found.new if not {one.employee_id, one.session_id or one.employee_id} <= standing
        ]
        await self._make_good(lane, found)

    async def _make_good(self, lane: Lane, found: _Look) -> None:
        """Read what those missed who were away; nearly all of a herd that comes back missed nothing."""
        since = {one: one.since for one in found.new if one.since is not None and one.since < found.until}
        away, after = {one.employee_id for one in since}, min(since.values(), default=found.until)
        behind = await live.list_behind(lane, away, after=after, until=found.until) if away else set()
        for one, position in since.items():
            if one.employee_id in behind:
                found.missed[one] = await live.list_missed(
                    lane, one.employee_id, after=position, until=found.until, most=MOST_MISSED + 1
                )

    async def _tell(self, found: _Look) -> None:
        for one in (*found.fallen, *self._list_ended(found.changes)):
            one.end()
        for one in found.new:
            self._welcome(one, found)
        for message in found.messages:
            frame = self._write_message(message)
            for one in self.listeners.people.get(message.employee_id):
                if one.position is not None:
                    one.say(frame)
        hint = self._frame("queue", Hint())
        for employee_id in found.reviewers:
            await _say(self.listeners.people.get(employee_id), hint, about="queue")
        new, changed = set(found.new), {change.idea_id for change in found.changes}
        for state in found.states:
            listeners = self.listeners.ideas.get(state.idea_id)
            if state.idea_id not in changed:
                listeners = [one for one in listeners if one in new]
            await _say(listeners, self._write_state(state), about=state.idea_id)

    def _list_ended(self, changes: Iterable[Change]) -> list[Subscriber]:
        ended: list[Subscriber] = []
        for change in changes:
            if change.kind == SessionRevoked.kind:
                ended += self.listeners.sessions.get(change.subject)
            elif change.kind == EmployeeDeactivated.kind:
                ended += self.listeners.people.get(change.subject)
        return ended

    def _welcome(self, one: Subscriber, found: _Look) -> None:
        """Say what it missed, or where it stands, for the next time."""
        one.position = found.until
        missed = found.missed.get(one)
        if not missed:
            one.say(self._write("", b"", found.until))
        elif len(missed) > MOST_MISSED:
            one.say(self._frame("missed", Hint(), found.until))
        else:
            for message in missed:
                one.say(self._write_message(message))

    def _write_state(self, state: State) -> bytes:
        shape = IdeaChanged(
            idea=state.idea_id,
            votes=state.votes,
            votes_hidden=state.counting == Counting.SEALED,
            comments=state.comments,
            stage=state.stage,
        )
        return self._frame("idea", shape)

    def _write_message(self, message: Message) -> bytes:
        about = {"subject_kind": message.subject_kind, "subject": message.subject_id}
        shape = NotificationArrived(id=message.id, kind=message.kind, idea=message.idea_id, **about)
        return self._frame("notification", shape, message.position)

    def _frame(self, name: str, shape: Answer, position: int | None = None) -> bytes:
        return self._write(name, shape.__pydantic_serializer__.to_json(shape), position)


async def _say(listeners: Iterable[Subscriber], frame: bytes, *, about: str) -> None:
    for number, one in enumerate(listeners, 1):
        one.say(frame, about=about)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)


def _turns(change: Change) -> bool:
    """Tell whether an event may have put an idea into a queue, or taken it out."""
    return change.kind.startswith(("reviews.", "pipeline."))
