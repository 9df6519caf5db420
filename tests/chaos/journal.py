"""What was written and what came of it: acknowledged, refused, or unknown because no answer arrived."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx2


class Fate(StrEnum):
    """What the client knows of a write."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(eq=False)
class Write:
    """One write as its client sees it; sent again with the same key it stays the same write.

    `what` is the event that follows from it, `who` a person's id, `subject` the idea, comment or session that it
    is about, `mark` a text that stands in what was written and nowhere else.
    """

    what: str
    who: str
    method: str
    path: str
    subject: str = ""
    mark: str = ""
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    raw: bytes = b""
    answer: Any = None
    sent: bool = False

    @property
    def key(self) -> str | None:
        """Its idempotency key."""
        return self.headers.get("Idempotency-Key")

    @property
    def digest(self) -> str:
        """What the server calls its key."""
        return hashlib.sha256(f"{self.who}\n{self.key}".encode()).hexdigest()

    @property
    def code(self) -> str:
        """The code of its refusal, if it has one."""
        return self.answer.get("code", "") if isinstance(self.answer, dict) else ""

    @property
    def fate(self) -> Fate:
        """What is known of it.

        After a 5xx it may have been kept, as the commit may have been under way; after `still-running` an
        earlier attempt with the same key may yet be kept.
        """
        if self.status is None or self.status >= 500 or self.code == "idempotency.still-running":
            return Fate.UNKNOWN
        return Fate.ACKNOWLEDGED if self.status < 300 else Fate.REFUSED

    def take(self, answer: httpx2.Response) -> None:
        """Note the answer."""
        self.status, self.raw = answer.status_code, answer.content
        self.answer = answer.json() if answer.content else None


@dataclass
class Journal:
    """Every write of a trial in the order in which it was begun, and every answer that must not be."""

    writes: list[Write] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def begin(self, write: Write) -> None:
        """Note that a write reached a server, or may have."""
        if not write.sent:
            write.sent = True
            self.writes.append(write)

    def note(self, write: Write, answer: httpx2.Response, seconds: float) -> None:
        """Note an answer, and what is wrong with it by itself."""
        write.take(answer)
        self.answers[answer.status_code] += 1
        self.slowest = max(self.slowest, seconds)
        if answer.status_code == 503 and "retry-after" not in answer.headers:
            self.faults.append(f"{write.method} {write.path} answered 503 without Retry-After")
        elif answer.status_code >= 500 and answer.status_code != 503:
            self.faults.append(
                f"{write.method} {write.path} answered {answer.status_code}: {answer.text[:200]}"
            )
        elif answer.status_code == 401 and write.what != "sessions.refreshed":
            self.faults.append(f"{write.method} {write.path} answered 401 to somebody who is signed in")

    def list(self, what: str, fate: Fate | None = None) -> Iterator[Write]:
        """Give the writes of one kind."""
        return (write for write in self.writes if write.what == what and fate in (None, write.fate))

    def count(self) -> dict[str, int]:
        """Return how many writes met which fate."""
        fates = Counter(write.fate for write in self.writes)
        return {fate.value: fates[fate] for fate in Fate}
