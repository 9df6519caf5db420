"""Counting moderation by month, for everybody to see."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.days import day_in
from app.core.db import ReadSession
from app.domain import measures
from app.domain.privacy import publish
from app.models.moderation import ContentReport, ModerationCase, ModerationDecision
from app.schemas.moderation import ModerationCounts, ModerationMonth

MONTHS = 12


async def count(session: ReadSession, *, now: datetime) -> ModerationCounts:
    """Return the numbers of the last twelve months, the latest first, each hidden below the floor.

    There is no sum over months: with it a hidden one could be worked out.
    """
    months = list_months(clock.day_in(session.zone, now))
    since = measures.start_day(date.fromisoformat(f"{months[-1]}-01"), session.zone)
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("reports", "hidden", "restored", "appeals")
    }
    sources: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "reports": (col(ContentReport.at), ()),
        "hidden": (
            col(ModerationDecision.at),
            (
                col(ModerationDecision.action) == "hide",
                col(ModerationDecision.on_appeal).is_(False),
            ),
        ),
        "restored": (col(ModerationDecision.at), (col(ModerationDecision.action) == "restore",)),
        "appeals": (col(ModerationCase.appealed_at), ()),
    }
    for name, (at, conditions) in sources.items():
        day = day_in(session.zone, at)
        rows = await session.execute(select(day, func.count()).where(at >= since, *conditions).group_by(day))
        for when, number in rows:
            found[name][when.isoformat()[:7]] += number
    return ModerationCounts(
        months=[
            ModerationMonth(month=month, **{name: publish(counts[month]) for name, counts in found.items()})
            for month in months
        ]
    )


def list_months(today: date) -> list[str]:
    """Return the last twelve months with the present one, the latest first, as `2027-01`."""
    number = today.year * 12 + today.month - 1
    return [f"{(number - back) // 12:04}-{(number - back) % 12 + 1:02}" for back in range(MONTHS)]
