"""Reading exports: each person's own, while they hold the role for it, and the log of all."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.security.seals import Seals
from app.domain import exports, permissions
from app.domain.actors import Actor
from app.domain.exports import LINK_LIVES, ExportState, LinkExpired, NoSuchExport, What
from app.domain.permissions import Permission
from app.models.employees import Employee
from app.models.exports import ExportRecord
from app.schemas.exports import Export, ExportLink, LoggedExport
from app.schemas.shapes import Named

_SEALED = "export"
"""What the seal of a link says it is for."""

_ORDER = (col(ExportRecord.created_at), col(ExportRecord.id))
_SHARED = ("id", "what", "format", "filters", "reason", "streamed", "state", "rows", "size")


async def get_visible(session: ReadSession, actor: Actor, export_id: str) -> ExportRecord:
    """Return one of the actor's own exports.

    Raises: NoSuchExport, also for somebody else's; RoleMissing when the role for it is gone.
    """
    statement = select(ExportRecord).where(
        col(ExportRecord.id) == export_id, col(ExportRecord.employee_id) == actor.id
    )
    row: ExportRecord | None = await session.scalar(statement) if ids.is_valid(export_id) else None
    if row is None:
        raise NoSuchExport
    exports.check_may(actor, What(row.what))
    return row


async def get_file(
    session: ReadSession, actor: Actor, export_id: str, ticket: str, *, seals: Seals, now: datetime
) -> ExportRecord:
    """Return an export whose file is opened with the ticket of a link.

    Raises: NoSuchExport, RoleMissing, LinkExpired.
    """
    row = await get_visible(session, actor, export_id)
    until, _, seal = ticket.partition(".")
    if exports.is_over(until, now) or not seals.fits(seal, _SEALED, row.id, actor.id, until):
        raise LinkExpired
    return row


async def list_own(
    session: ReadSession, actor: Actor, *, seals: Seals, now: datetime, after: Place | None, limit: int
) -> tuple[list[Export], Place | None]:
    """Return a page of one's own exports, the latest first.

    Raises: RoleMissing.
    """
    allowed = [
        what.value for what, permission in exports.PERMISSIONS.items() if permissions.may(actor, permission)
    ]
    if not allowed:
        permissions.check(actor, Permission.EXPORTS_READ)
    statement = select(ExportRecord).where(
        col(ExportRecord.employee_id) == actor.id, col(ExportRecord.what).in_(allowed)
    )
    rows, place = await _list_page(session, statement, after=after, limit=limit)
    return [shape(row, seals=seals, now=now) for (row,) in rows], place


async def list_log(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[LoggedExport], Place | None]:
    """Return a page of everybody's exports, the latest first.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.EXPORTS_AUDIT)
    statement = select(ExportRecord, col(Employee.name)).join(
        Employee, col(Employee.id) == col(ExportRecord.employee_id)
    )
    rows, place = await _list_page(session, statement, after=after, limit=limit)
    return [_shape_logged(row, name) for row, name in rows], place


def shape(row: ExportRecord, *, seals: Seals, now: datetime) -> Export:
    """Return an export as its owner sees it, with a fresh link to its file if that is there."""
    ready = row.state == ExportState.READY
    return Export.model_validate(
        {
            **{name: getattr(row, name) for name in _SHARED},
            "checksum": row.checksum or None,
            "data_checksum": row.data_checksum or None,
            "created_at": row.created_at,
            "ended_at": row.ended_at,
            "kept_until": row.kept_until,
            "link": _write_link(row, seals=seals, now=now) if ready else None,
            "can": ["download"] if ready else [],
        }
    )


def _write_link(row: ExportRecord, *, seals: Seals, now: datetime) -> ExportLink:
    expires_at = now + LINK_LIVES
    until = exports.write_expiry(expires_at)
    ticket = f"{until}.{seals.make(_SEALED, row.id, row.employee_id, until)}"
    return ExportLink(url=f"/api/v1/exports/{row.id}/file?ticket={ticket}", expires_at=expires_at)


def _shape_logged(row: ExportRecord, name: str) -> LoggedExport:
    return LoggedExport.model_validate(
        {
            **{field: getattr(row, field) for field in _SHARED},
            "employee": Named(id=row.employee_id, name=name),
            "checksum": row.checksum or None,
            "created_at": row.created_at,
            "ended_at": row.ended_at,
        }
    )


async def _list_page(
    session: ReadSession, statement: Any, *, after: Place | None, limit: int
) -> tuple[Any, Place | None]:
    if after is not None:
        statement = statement.where(tuple_(*_ORDER) < keysets.read_time(after))
    descending = [column.desc() for column in _ORDER]
    rows = (await session.execute(statement.order_by(*descending).limit(limit + 1))).all()
    shown = rows[:limit]
    last = shown[-1][0] if len(rows) > limit else None
    return shown, keysets.write(last.created_at, last.id) if last is not None else None
