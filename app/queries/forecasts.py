"""Measuring what waits in the queues and what was answered lately, and what that says of the next idea."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select, func, null, select, union_all
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import calendars
from app.domain.calendars import WorkingCalendar
from app.domain.forecasts import WINDOW_DAYS, forecast
from app.domain.pipeline import Act
from app.models.reviews import Review

KEPT_SECONDS = 60
ANSWERS = (Act.RECOMMEND.value, Act.DECLINE.value, Act.FORWARD.value)
"""The acts by which a correspondent is done with an idea."""

_WEEK = WorkingCalendar("UTC")
_kept: WeakKeyDictionary[Any, tuple[datetime, Mapping[str, int]]] = WeakKeyDictionary()


async def list_forecasts(session: ReadSession, *, now: datetime) -> Mapping[str, int]:
    """Return the working days until an answer by function, where they are known; up to a minute old."""
    engine = session.get_bind()
    known = _kept.get(engine)
    if known is None or not known[0] <= now < known[0] + timedelta(seconds=KEPT_SECONDS):
        known = _kept[engine] = now, await _measure(session, now)
    return known[1]


def forget() -> None:
    """Forget what was measured."""
    _kept.clear()


def count_window(now: datetime) -> int:
    """Return how many days of the window count; a week has five, whatever the calendars say."""
    return calendars.count_working_days(begin_window(now).date() + timedelta(days=1), now.date(), _WEEK)


def begin_window(now: datetime) -> datetime:
    """Return since when answers count."""
    return now - timedelta(days=WINDOW_DAYS)


def select_answered(now: datetime, *columns: Any) -> Select[Any]:
    """Return the statement that counts the answers of the window."""
    return select(*columns, func.count().label("answered")).where(
        col(Review.closed_at) > begin_window(now),
        col(Review.outcome).in_(ANSWERS),
        col(Review.kind) == "review",
    )


async def _measure(session: ReadSession, now: datetime) -> dict[str, int]:
    function = col(Review.function_id)
    waiting = (
        select(function, func.count().label("waiting"), null().label("answered"))
        .where(col(Review.closed_at).is_(None), col(Review.paused_at).is_(None), col(Review.kind) == "review")
        .group_by(function)
    )
    answered = select_answered(now, function, null().label("waiting")).group_by(function)
    counts: dict[str, list[int]] = {}
    statement: Any = union_all(waiting, answered)
    for function_id, waits, answers in await session.execute(statement):
        count = counts.setdefault(function_id, [0, 0])
        count[0] += waits or 0
        count[1] += answers or 0
    days = count_window(now)
    found = {name: forecast(waits, answers, days) for name, (waits, answers) in counts.items()}
    return {name: value for name, value in found.items() if value is not None}
