"""Locks that span rows: the organisation must not change under a decision that relies on it."""

from collections.abc import Sequence

from sqlalchemy import String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.db import WriteSession

ORGANISATION = 7_402_118_634
"""Held shared by whoever routes or decides, exclusively by whoever changes people, managers or roles."""

EVENTS = 7_402_118_635
"""Held by the one process that works off events."""

VOTE_FLAGS = 7_402_118_636
"""Held by the one look through the votes that raises flags."""

IDEA_FIGURES, PEOPLE_FIGURES = 7_402_118_637, 7_402_118_638
"""Each held by the one process that adds to the sums of figures of ideas, of people."""

_EACH = text(
    """SELECT pg_advisory_xact_lock(number) FROM (
    SELECT DISTINCT hashtextextended(name, 0) AS number FROM unnest(:names) AS name ORDER BY number) AS numbers"""
).bindparams(bindparam("names", type_=ARRAY(String())))


async def share(session: WriteSession, lock: int) -> None:
    """Take a lock together with others until the end of the transaction; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": lock})


async def take(session: WriteSession, lock: int) -> None:
    """Take a lock alone until the end of the transaction, waiting for the others."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


async def take_each(session: WriteSession, names: Sequence[str]) -> None:
    """Take the locks of several names alone until the end of the transaction, in an order that is everybody's.

    Two names may share a lock, which costs a wait and nothing else.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_EACH, {"names": list(names)})


async def try_take(session: WriteSession, lock: int) -> bool:
    """Take a lock alone until the end of the transaction if nobody has it."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(await session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": lock}))
