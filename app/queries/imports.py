"""Reading what an import of ideas compares with: lookups are loaded once, for what the files name."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import names
from app.domain.import_records import (
    Author,
    ImportSnapshot,
    KnownComment,
    KnownIdea,
    Rows,
    Writer,
    name_placeholder,
)
from app.domain.imports import DEFAULT_THEME
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.themes import Theme

_CHUNK = 1000
"""Values of one IN list; SQLite takes 32,766 parameters, PostgreSQL 32,767."""


async def get_snapshot(session: ReadSession, rows: Rows, *, source: str) -> ImportSnapshot:
    """Return everything that rows from a source are compared with."""
    themes = (await session.execute(select(Theme).order_by(col(Theme.position)))).scalars().all()
    functions = await session.execute(
        select(col(Function.name), col(Function.id)).order_by(
            col(Function.created_at).desc(), col(Function.id)
        )
    )
    employees, addresses, placeholders = await _find_people(session, rows.writers, source)
    return ImportSnapshot(
        default_theme=next((theme.id for theme in themes if theme.key == DEFAULT_THEME), themes[0].id),
        functions={names.fold(name): function_id for name, function_id in functions},
        themes={names.fold(theme.name): theme.id for theme in themes}
        | {names.fold(theme.key): theme.id for theme in themes},
        employees=employees,
        addresses=addresses,
        placeholders=placeholders,
        ideas=await _find_ideas(session, rows, source),
        comments=await _find_comments(session, rows, source),
    )


async def _find_people(
    session: ReadSession, writers: Iterable[Writer], source: str
) -> tuple[dict[str, Author], dict[str, Author], dict[str, str]]:
    ids, emails = set[str](), set[str]()
    for writer in writers:
        ids |= {writer.name, name_placeholder(source, writer.name)}
        emails |= {writer.email, names.fold_email(writer.name)} - {""}
    people = select(Employee).where(
        or_(
            col(Employee.kind) == "placeholder",
            col(Employee.active).is_(True) & (col(Employee.kind) == "employee"),
        )
    )
    by_id = [row async for (row,) in _list_in(session, people, col(Employee.external_id), ids)]
    by_email = [row async for (row,) in _list_in(session, people, col(Employee.email), emails)]
    return (
        {one.external_id: Author(one.id, entity_id=one.entity_id) for one in by_id if one.kind == "employee"},
        {one.email: Author(one.id, entity_id=one.entity_id) for one in by_email if one.kind == "employee"},
        {one.external_id: one.id for one in by_id if one.kind == "placeholder"},
    )


async def _find_ideas(session: ReadSession, rows: Rows, source: str) -> dict[str, KnownIdea]:
    wanted = {row.source_id for row in rows.ideas} | {row.idea for row in rows.comments}
    texts = (col(Idea.title), col(Idea.problem), col(Idea.solution), col(Idea.benefit))
    statement = select(col(Idea.source_id), col(Idea.id), col(Idea.stage), *texts)
    found = _list_in(session, statement.where(col(Idea.source) == source), col(Idea.source_id), wanted)
    return {row[0]: KnownIdea(row[1], row[2], (row[3], row[4], row[5], row[6])) async for row in found}


async def _find_comments(session: ReadSession, rows: Rows, source: str) -> dict[str, KnownComment]:
    wanted = {row.source_id for row in rows.comments} | {row.reply_to for row in rows.comments}
    statement = select(
        col(Comment.source_id),
        col(Comment.id),
        col(Comment.idea_id),
        col(Comment.parent_id),
        col(Comment.body),
        col(Comment.deleted_at),
    ).where(col(Comment.source) == source)
    found = _list_in(session, statement, col(Comment.source_id), wanted)
    return {row[0]: KnownComment(row[1], row[2], row[3], row[4], row[5] is not None) async for row in found}


async def _list_in(
    session: ReadSession, statement: Any, column: Any, values: Iterable[str]
) -> AsyncIterator[Any]:
    """Give the rows whose column has one of the values, however many there are."""
    wanted = sorted(values)
    for start in range(0, len(wanted), _CHUNK):
        for row in await session.execute(statement.where(column.in_(wanted[start : start + _CHUNK]))):
            yield row
