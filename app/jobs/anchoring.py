"""Anchoring the itineraries and the register: where they end, in the database and in a file apart from it."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.models.itinerary import Anchor, ItineraryHead
from app.models.register import RegisterHead
from app.queries import chains

FILE = "anchors.jsonl"
"""One JSON line an anchor; copy it somewhere that the database's operators can't write."""


async def anchor(database: Database, data_dir: Path, *, now: datetime) -> Anchor:
    """Write down the digest of all heads; from then on a cut or rewritten chain shows against it."""
    async with database.writer() as session:
        await session.execute(
            update(ItineraryHead)
            .where(col(ItineraryHead.anchored_position) != col(ItineraryHead.position))
            .values(anchored_position=col(ItineraryHead.position), anchored_hash=col(ItineraryHead.hash))
            .execution_options(synchronize_session=False)
        )
        digest = await chains.digest_anchored(session)
        written = Anchor(at=now, ideas=digest.ideas, entries=digest.entries, digest=digest.value)
        session.add(written)
        kept = (await session.scalars(select(RegisterHead).with_for_update())).one()
        kept.anchored_position, kept.anchored_hash = kept.position, kept.hash
    line = {
        "at": now.isoformat(),
        "ideas": written.ideas,
        "entries": written.entries,
        "digest": written.digest,
        "register_rows": kept.anchored_position,
        "register_head": kept.anchored_hash,
    }
    path = data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return written
