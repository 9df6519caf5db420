"""Anchoring the itineraries: a digest over all heads, in the database and in a file apart from it."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database
from app.models.itinerary import Anchor, ItineraryHead

FILE = "anchors.jsonl"
"""One JSON line an anchor; copy it somewhere that the database's operators can't write."""


async def anchor(database: Database, data_dir: Path, *, now: datetime) -> Anchor:
    """Write down the digest of all heads; from then on a cut or rewritten chain shows against it."""
    async with database.writer() as session:
        digest = hashlib.sha256()
        ideas = entries = 0
        heads = await session.stream(
            select(col(ItineraryHead.idea_id), col(ItineraryHead.position), col(ItineraryHead.hash)).order_by(
                col(ItineraryHead.idea_id)
            )
        )
        async for idea_id, position, head in heads:
            digest.update(f"{idea_id} {position} {head}\n".encode())
            ideas, entries = ideas + 1, entries + position
        written = Anchor(at=now, ideas=ideas, entries=entries, digest=digest.hexdigest())
        session.add(written)
    line = {"at": now.isoformat(), "ideas": ideas, "entries": entries, "digest": written.digest}
    path = data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:  # noqa: ASYNC230  one short line a day
        file.write(json.dumps(line) + "\n")
    return written
