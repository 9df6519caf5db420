"""Chains: entries of which each carries a hash over its facts and over the entry before.

A private text enters a hash only as a salted commitment, SHA-256 over salt and text: dropping both leaves every
hash verifiable and tells nothing of the text.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

GENESIS = "0" * 64
"""What the first entry has as the hash before it."""


class Link(Protocol):
    """What every entry of a chain has, whatever it tells."""

    position: int
    text: str | None
    salt: str | None
    commitment: str
    previous: str
    hash: str


L = TypeVar("L", bound=Link)


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


def seal(facts: Mapping[str, Any]) -> str:
    """Return the hash of facts: SHA-256 over their canonical JSON, so no numbers that are written in many ways."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def fits(entry: L, position: int, previous: str, seal_entry: Callable[[L], str]) -> bool:
    """Tell whether an entry stands at a position behind a hash, and says what it was sealed with.

    A text whose salt is still there must match its commitment; one that was erased can't be checked and need not be.
    """
    intact = entry.position == position and entry.previous == previous and entry.hash == seal_entry(entry)
    return intact and (entry.salt is None or entry.commitment == commit(entry.text, entry.salt))


def verify(entries: Iterable[L], seal_entry: Callable[[L], str], *, head: str, length: int) -> Verdict:
    """Check a chain, its entries in order of position, against the head that is kept apart from it.

    A cut tail shows as a length or a head that differs.
    """
    previous, position = GENESIS, 0
    for entry in entries:
        position += 1
        if not fits(entry, position, previous, seal_entry):
            return Verdict(False, position, previous, broken_at=position)
        previous = entry.hash
    if position != length or previous != head:
        return Verdict(False, position, previous, broken_at=position + 1)
    return Verdict(True, position, previous)
