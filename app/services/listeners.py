"""Who listens: the live connections of one process, how many there may be, and their signs of life."""

import time
from collections import deque

from app.core.live import Listener, Topics
from app.domain.actors import Actor
from app.domain.errors import TooMany, Unavailable

MOST_OF_ONE = 12
"""Live connections of one person, in all windows and on all devices."""

HEARTBEAT = 25.0
"""Seconds between two signs of life: proxies take a connection for dead after 30 or 60."""


class TooManyListeners(TooMany):
    """You have many live connections open already: close some of your windows."""

    code = "live.too-many"
    retry_after = 30


class NoRoom(Unavailable):
    """This server keeps as many live connections as it can: try again in a moment."""

    code = "live.no-room"
    retry_after = 10


class Subscriber(Listener):
    """The live connection of a person with some ideas in view; `since` is where it resumes.

    `position` is where it stood when it was first told something, None before: nothing is told twice.
    """

    __slots__ = ("employee_id", "ideas", "position", "session_id", "since")

    def __init__(self, actor: Actor, *, ideas: tuple[str, ...], since: int | None) -> None:
        super().__init__()
        self.employee_id = actor.id
        self.session_id = actor.session_id
        self.ideas = ideas
        self.since = since
        self.position: int | None = None


class Listeners:
    """The live connections of a process, `most` at a time; by person, by session and by idea in view."""

    def __init__(self, most: int) -> None:
        self.people: Topics[Subscriber] = Topics()
        self.sessions: Topics[Subscriber] = Topics()
        self.ideas: Topics[Subscriber] = Topics()
        self.count = 0
        self._most = most
        self._beats: deque[tuple[float, Subscriber]] = deque()

    def check_room(self, actor: Actor) -> None:
        """Let pass who may have one more connection.

        Raises: TooManyListeners, NoRoom.
        """
        if len(self.people.get(actor.id)) >= MOST_OF_ONE:
            raise TooManyListeners
        if self.count >= self._most:
            raise NoRoom

    def add(self, one: Subscriber) -> None:
        """Count a connection in."""
        self.count += 1
        for topics, topic in self._list_topics(one):
            topics.add(topic, one)
        self._beats.append((time.monotonic() + HEARTBEAT, one))

    def discard(self, one: Subscriber) -> None:
        """Count a connection out; it is ended."""
        one.end()
        self.count -= 1
        for topics, topic in self._list_topics(one):
            topics.discard(topic, one)

    def beat(self, sign: bytes) -> None:
        """Send a sign of life where it is due."""
        now = time.monotonic()
        while self._beats and self._beats[0][0] <= now:
            _, one = self._beats.popleft()
            if not one.ended:
                one.say(sign, about="life")
                self._beats.append((now + HEARTBEAT, one))

    def _list_topics(self, one: Subscriber) -> list[tuple[Topics[Subscriber], str]]:
        topics = [(self.people, one.employee_id), *((self.ideas, idea) for idea in one.ideas)]
        if one.session_id is not None:
            topics.append((self.sessions, one.session_id))
        return topics
