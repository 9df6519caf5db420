"""Spending points: a negative entry of the ledger, and its reversal when nothing was had for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain.rewards import BalanceTooSmall, RuleKey
from app.models.rewards import PointEntry
from app.queries import rewards
from app.services import turns


async def spend(session: WriteSession, employee_id: str, *, subject: str, points: int, now: datetime) -> None:
    """Take points from a person for a subject, once; two at once for the same person wait for each other.

    Raises: BalanceTooSmall.
    """
    await turns.take(session, employee_id)
    if await _list_entries(session, employee_id, subject):
        return
    if await rewards.get_balance(session, employee_id) < points:
        raise BalanceTooSmall
    _add(session, employee_id, subject, occurrence=1, points=-points, now=now)
    await session.flush()


async def give_back(session: WriteSession, employee_id: str, *, subject: str, now: datetime) -> None:
    """Give back what a person spent for a subject; what was given back already, or never spent, changes nothing."""
    await turns.take(session, employee_id)
    entries = await _list_entries(session, employee_id, subject)
    spent = -sum(entry.points for entry in entries)
    if spent:
        _add(session, employee_id, subject, occurrence=len(entries) + 1, points=spent, now=now)
        await session.flush()


async def _list_entries(session: WriteSession, employee_id: str, subject: str) -> Sequence[PointEntry]:
    return (
        await session.scalars(
            select(PointEntry).where(
                col(PointEntry.rule) == RuleKey.PRIZE,
                col(PointEntry.subject) == subject,
                col(PointEntry.employee_id) == employee_id,
            )
        )
    ).all()


def _add(
    session: WriteSession, employee_id: str, subject: str, *, occurrence: int, points: int, now: datetime
) -> None:
    session.add(
        PointEntry(
            employee_id=employee_id,
            rule=RuleKey.PRIZE,
            subject=subject,
            occurrence=occurrence,
            points=points,
            day=clock.day_in(session.zone, now),
            at=now,
        )
    )
