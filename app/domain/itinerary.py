"""The itinerary's chain: each entry carries a hash over its facts and over the entry before.

A private text enters the hash only as a salted commitment, SHA-256 over salt and text: dropping both
leaves every hash verifiable and tells nothing of the text.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

GENESIS = "0" * 64
"""What the first entry has as the hash before it."""


class Chained(Protocol):
    """An entry as the chain sees it; a table row fits by its shape."""

    idea_id: str
    position: int
    at: datetime
    act: str
    actor_ref: str | None
    holder_ref: str | None
    from_stage: str
    to_stage: str
    function_id: str | None
    reason_code: str | None
    facts: dict[str, Any]
    text: str | None
    salt: str | None
    commitment: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain holds; `broken_at` is the position of the first entry that does not fit."""

    valid: bool
    rows: int
    head: str
    broken_at: int | None = None


def commit(text: str | None, salt: str) -> str:
    """Return the commitment to a text (none counts as the empty text), in hexadecimal."""
    return hashlib.sha256(f"{salt}\n{text or ''}".encode()).hexdigest()


def seal(entry: Chained) -> str:
    """Return the hash of an entry: SHA-256 over the canonical JSON of its facts and the hash before."""
    facts = {
        "act": entry.act,
        "actor": entry.actor_ref,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "commitment": entry.commitment,
        "facts": entry.facts,
        "from": entry.from_stage,
        "function": entry.function_id,
        "holder": entry.holder_ref,
        "idea": entry.idea_id,
        "position": entry.position,
        "previous": entry.previous,
        "reason": entry.reason_code,
        "to": entry.to_stage,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify(entries: Iterable[Chained], *, head: str, length: int) -> Verdict:
    """Check a chain, its entries in order of position, against the head that is kept apart from it.

    A text whose salt is still there must match its commitment; one that was erased can't be checked and
    need not be. A cut tail shows as a length or a head that differs.
    """
    previous, position = GENESIS, 0
    for entry in entries:
        position += 1
        intact = entry.position == position and entry.previous == previous and entry.hash == seal(entry)
        if intact and entry.salt is not None:
            intact = entry.commitment == commit(entry.text, entry.salt)
        if not intact:
            return Verdict(False, position, previous, broken_at=position)
        previous = entry.hash
    if position != length or previous != head:
        return Verdict(False, position, previous, broken_at=position + 1)
    return Verdict(True, position, previous)
