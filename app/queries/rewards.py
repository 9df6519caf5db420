"""Reading one's own points."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import seasons
from app.domain.actors import Actor
from app.domain.rewards import OF_IDEAS, RuleKey
from app.domain.seasons import Season
from app.models.rewards import PointEntry as EntryRow
from app.queries.restrictions import list_unknown
from app.schemas.rewards import PointEntry, PointsOfRule, PointsOfSeason


async def get_balance(session: ReadSession, employee_id: str) -> int:
    """Return a person's balance: the sum of the ledger's entries."""
    balance = await session.scalar(
        select(func.coalesce(func.sum(col(EntryRow.points)), 0)).where(
            col(EntryRow.employee_id) == employee_id
        )
    )
    return int(balance or 0)


@dataclass(frozen=True, slots=True)
class Sums:
    """A person's balance, and the same by rule and by season; rules by name, seasons the latest first.

    What was `earned` is the balance without what prizes cost.
    """

    balance: int
    earned: int
    by_rule: list[PointsOfRule]
    by_season: list[PointsOfSeason]


async def get_sums(session: ReadSession, employee_id: str) -> Sums:
    """Return how a person's balance came about."""
    year, month = extract("year", col(EntryRow.day)), extract("month", col(EntryRow.day))
    rows = await session.execute(
        select(col(EntryRow.rule), year, month, func.sum(col(EntryRow.points)))
        .where(col(EntryRow.employee_id) == employee_id)
        .group_by(col(EntryRow.rule), year, month)
    )
    rules, quarters = Counter[str](), Counter[Season]()
    for rule, in_year, in_month, points in rows:
        rules[rule] += int(points)
        quarters[seasons.get_season(date(int(in_year), int(in_month), 1))] += int(points)
    return Sums(
        rules.total(),
        rules.total() - rules[RuleKey.PRIZE],
        [PointsOfRule(rule=rule, points=points) for rule, points in sorted(rules.items())],
        [
            PointsOfSeason(
                season=season.name, first_day=season.first_day, last_day=season.last_day, points=points
            )
            for season, points in sorted(quarters.items(), reverse=True)
        ],
    )


async def list_entries(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[PointEntry], Place | None]:
    """Return a page of the actor's own entries, the newest first, and where the next page begins."""
    statement = select(EntryRow).where(col(EntryRow.employee_id) == actor.id)
    if after is not None:
        here = tuple_(col(EntryRow.at), col(EntryRow.id))
        statement = statement.where(here < keysets.read_time(after))
    rows = (
        await session.scalars(
            statement.order_by(col(EntryRow.at).desc(), col(EntryRow.id).desc()).limit(limit + 1)
        )
    ).all()
    page = rows[:limit]
    unknown = await list_unknown(session, actor, [row.subject for row in page if row.rule in OF_IDEAS])
    items = [
        PointEntry(
            id=row.id,
            rule=row.rule,
            points=row.points,
            idea=row.subject if row.rule in OF_IDEAS and row.subject not in unknown else None,
            day=row.day,
            at=row.at,
        )
        for row in page
    ]
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].at, rows[limit - 1].id)
