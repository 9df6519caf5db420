"""Happenings: what an event is; the events themselves are in `events` and beside it."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a subject; `payload` holds identifiers and numbers, never names or texts."""

    kind: ClassVar[str] = ""

    subject: str
    payload: dict[str, Any] = field(default_factory=dict)
