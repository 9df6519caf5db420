"""Roles that a directory file gives and takes: in bulk, each in the register."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.directory_records import SOURCE
from app.domain.register import Entry
from app.models.roles import RoleGrant
from app.services import departures, register


async def end(session: WriteSession, grant_ids: Sequence[str], *, actor_id: str | None, now: datetime) -> int:
    """End those of the grants that have not ended; returns how many."""
    ended: list[dict[str, Any]] = []
    for part in departures.split(grant_ids):
        rows = await session.execute(
            update(RoleGrant)
            .where(col(RoleGrant.id).in_(part), col(RoleGrant.ended_at).is_(None))
            .values(ended_at=now)
            .returning(
                col(RoleGrant.id), col(RoleGrant.employee_id), col(RoleGrant.role), col(RoleGrant.function_id)
            )
            .execution_options(synchronize_session=False)
        )
        ended += [dict(row) for row in rows.mappings()]
    _enter(session, "roles.ended", ended, actor_id=actor_id, now=now)
    return len(ended)


def enter(
    session: WriteSession, granted: Sequence[Mapping[str, Any]], *, actor_id: str | None, now: datetime
) -> None:
    """Enter new grants, given as rows of the table."""
    _enter(session, "roles.granted", granted, actor_id=actor_id, now=now)


def _enter(
    session: WriteSession,
    act: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    actor_id: str | None,
    now: datetime,
) -> None:
    """Enter roles one by one: an import tells of all its changes in one event."""
    for row in sorted(rows, key=lambda each: str(each["id"])):
        facts = {"role": row["role"], "function": row["function_id"], "why": SOURCE}
        given = {name: value for name, value in facts.items() if value is not None}
        register.enter(session, Entry(act, row["id"], actor_id, row["employee_id"], facts=given), now=now)
