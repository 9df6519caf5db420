"""Reading what contributions are worth: the changes that were made, else the default scale."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain.point_rules import Change, Scales, get_rule
from app.domain.rewards import SCALE, PointRule, RuleKey
from app.models.employees import Employee
from app.models.point_rules import PointRule as RuleRow
from app.schemas.point_rules import PointRule as Shown
from app.schemas.point_rules import PointRuleChange
from app.schemas.shapes import Named


async def get_scales(session: ReadSession) -> Scales:
    """Return what every rule is worth on every day."""
    return Scales(_read(row) for row in await session.scalars(select(RuleRow)))


async def list_rules(session: ReadSession, *, now: datetime) -> list[Shown]:
    """Return what each contribution is worth today, and all that was changed, in the order of the scale."""
    return await _show(session, SCALE, clock.day_in(session.zone, now))


async def get_shown(session: ReadSession, name: str, *, now: datetime) -> Shown:
    """Return one of them.

    Raises: NoSuchRule.
    """
    (shown,) = await _show(session, [get_rule(name)], clock.day_in(session.zone, now))
    return shown


async def _show(session: ReadSession, rules: Iterable[RuleKey], today: date) -> list[Shown]:
    rows = (
        await session.execute(
            select(RuleRow, col(Employee.name))
            .join(Employee, col(Employee.id) == col(RuleRow.changed_by))
            .where(col(RuleRow.rule).in_(rules))
        )
    ).all()
    scales = Scales(_read(row) for row, _ in rows)
    makers = {row.id: Named(id=row.changed_by, name=name) for row, name in rows}
    shown = []
    for rule in rules:
        worth = scales.get(rule, today)
        changes = [
            PointRuleChange(
                points=change.worth.points,
                per_day=change.worth.per_day,
                starts_on=change.starts_on,
                by=makers[change.id],
                at=change.made_at,
            )
            for change in scales.list_changes(rule)
        ]
        shown.append(
            Shown(
                rule=rule.value,  # type: ignore[arg-type]  # one of the scale
                points=worth.points,
                per_day=worth.per_day,
                default=worth == SCALE[rule],
                changes=changes,
            )
        )
    return shown


def _read(row: RuleRow) -> Change:
    worth = PointRule(row.points, row.per_day)
    return Change(RuleKey(row.rule), worth, row.starts_on, row.changed_at, row.id)
