"""The itinerary's chain: what of an entry its hash covers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

from app.domain import chains
from app.domain.chains import Verdict


class Chained(chains.Link, Protocol):
    """An entry as the chain sees it; a table row fits by its shape."""

    idea_id: str
    at: datetime
    act: str
    actor_ref: str | None
    holder_ref: str | None
    from_stage: str
    to_stage: str
    function_id: str | None
    reason_code: str | None
    facts: dict[str, Any]


def seal(entry: Chained) -> str:
    """Return the hash of an entry: over its facts and the hash before."""
    return chains.seal(
        {
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
    )


def verify(entries: Iterable[Chained], *, head: str, length: int) -> Verdict:
    """Check the chain of an idea, its entries in order of position, against the head that is kept apart from it."""
    return chains.verify(entries, seal, head=head, length=length)
