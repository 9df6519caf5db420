"""What an audit finds."""

from dataclasses import dataclass
from typing import Literal

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: an `error` is data that contradict themselves, a `warning` something to look after.

    A `note` only says what was looked at.
    """

    level: Literal["error", "warning", "note"]
    what: str
    remedy: str


def report(what: str, rows: list[str], remedy: str) -> list[Finding]:
    """Return an error that names the first few of the rows at fault, nothing without any."""
    if not rows:
        return []
    shown = ", ".join(rows[:_SHOWN]) + (f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else "")
    return [Finding("error", f"{what}: {shown}", remedy)]
