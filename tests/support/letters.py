"""Messages for the tests of the channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.integrations.letters import Fact, Item, Letter, writing
from app.integrations.posts import Outgoing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAGE = "https://ideas.example.com/ideas/kq3v7"


def write_letter(
    *items: Item, locale: str = "fr", name: str = "Anna Blanc", unsubscribe_url: str | None = None
) -> Letter:
    """Write a letter for the items."""
    return writing.write(
        items,
        locale=locale,
        greeting_name=name,
        company_name="Lumen",
        settings_url="https://ideas.example.com/me/messages",
        unsubscribe_url=unsubscribe_url,
    )


def make_item(kind: str = "comments.written", count: int = 1, **facts: Fact) -> Item:
    """Return something to tell."""
    return Item(kind, {"title": "Éteindre les écrans", **facts}, PAGE, count)


def make_outgoing(address: str, letter: Letter | None = None, **values: Any) -> Outgoing:
    """Return a message on its way."""
    written = letter or write_letter(make_item())
    given: dict[str, Any] = {"id": "d" * 24, "kind": "comments.written", "path": "/ideas/kq3v7", "now": NOW}
    return Outgoing(**{**given, **values}, address=address, letter=written)


@dataclass
class Answer:
    """What the other side answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Outside:
    """The other side: answers as planned, and remembers what it was asked."""

    answer: Answer = field(default_factory=Answer)
    asked: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    async def __call__(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Take a call."""
        self.asked.append((url, body, headers))
        return self.answer
