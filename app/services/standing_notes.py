"""Noting whose points are to be taken over into the leaderboards."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import WriteSession
from app.models.leaderboards import StandingChange, StandingScope


async def note_people(session: WriteSession, people: Iterable[str]) -> None:
    """Note people whose days were counted again."""
    # In order, so that two transactions never wait for each other's rows.
    rows = [{"employee_id": person} for person in sorted(set(people))]
    if rows:
        await session.execute(_add(session, StandingChange).on_conflict_do_nothing(), rows)


async def note_scopes(session: WriteSession, scopes: Iterable[str]) -> None:
    """Note seasons and campaigns whose boards are to be worked out again."""
    rows = [{"scope": scope, "stale": True} for scope in sorted(set(scopes))]
    if rows:
        adding = _add(session, StandingScope)
        await session.execute(
            adding.on_conflict_do_update(index_elements=["scope"], set_={"stale": True}), rows
        )


def _add(session: WriteSession, table: Any) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
