"""Entering into the register for the works council, in the transaction of the act itself."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import register
from app.domain.chains import commit
from app.domain.register import Entry
from app.models.register import RegisterEntry, RegisterHead, RegisterName

_HEAD = select(RegisterHead).with_for_update().execution_options(populate_existing=True)


def enter(session: WriteSession, entry: Entry, *, now: datetime) -> None:
    """Enter an act; all of a transaction are chained last, so that others wait for the head only that long.

    An act whose noun the register does not know (`domain/register.py`, `KINDS`) is a mistake of the caller. Never
    give the author of an anonymous idea as a person, nor their part in it as a fact.

    Raises: KeyError, TypeError for facts that have no one spelling.
    """
    register.get_kind(entry.act)
    facts = register.write_facts(entry.facts or {})
    if not session.entered:
        session.before_commit.append(_write_down)
    session.entered.append((entry, facts, now))


async def _write_down(session: WriteSession) -> None:
    """Chain what the transaction enters.

    1. Give every person a random name of this entry alone.
    2. Lock the head: whoever else appends waits here, and sees what is chained now.
    3. Seal each entry onto the one before, and move the head.
    """
    await session.flush()
    names: list[dict[str, Any]] = []
    rows = [_write(entry, facts, at, names) for entry, facts, at in session.entered]
    # A later step may enter something more.
    session.entered.clear()
    connection = await session.connection()
    if names:
        await connection.execute(insert(RegisterName), names)
    head = (await session.scalars(_HEAD)).one()
    position, previous = _chain(rows, head.position, head.hash)
    await connection.execute(insert(RegisterEntry), [row.model_dump() for row in rows])
    await connection.execute(
        update(RegisterHead).where(col(RegisterHead.id) == head.id).values(position=position, hash=previous)
    )


def _chain(rows: Sequence[RegisterEntry], position: int, previous: str) -> tuple[int, str]:
    """Seal entries onto a chain that ends at a position; returns where it ends now."""
    for row in rows:
        position += 1
        row.position, row.previous = position, previous
        row.hash = previous = register.seal(row)
    return position, previous


def _write(entry: Entry, facts: dict[str, Any], at: datetime, names: list[dict[str, Any]]) -> RegisterEntry:
    salt = secrets.token_hex(16)
    return RegisterEntry(
        position=0,
        at=at,
        kind=register.get_kind(entry.act).value,
        act=entry.act,
        subject=entry.subject,
        actor_ref=_name(entry.actor_id, names),
        about_ref=_name(entry.about_id, names),
        facts=facts,
        text=entry.text,
        salt=salt,
        commitment=commit(entry.text, salt),
        previous="",
        hash="",
    )


def _name(employee_id: str | None, names: list[dict[str, Any]]) -> str | None:
    if employee_id is None:
        return None
    ref = ids.new()
    names.append({"ref": ref, "employee_id": employee_id})
    return ref
