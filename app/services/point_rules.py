"""Setting what contributions are worth, with effect from a day to come."""

from dataclasses import asdict
from datetime import datetime

from app.core.db import WriteSession
from app.domain import permissions, point_rules, register
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.domain.reward_events import PointRuleChanged
from app.domain.rewards import PointRule
from app.models.point_rules import PointRule as RuleRow
from app.queries.point_rules import get_scales
from app.schemas.point_rules import SetPointRule
from app.services import events


async def put(session: WriteSession, actor: Actor, name: str, values: SetPointRule, *, now: datetime) -> None:
    """Set what a contribution is worth from a day on; what is so already writes nothing.

    Changes for later days stay as they were planned.

    Raises: NoSuchRule, RoleMissing, NeverCapped, TooSoon.
    """
    rule = point_rules.get_rule(name)
    permissions.check(actor, Permission.POINT_RULES_WRITE)
    worth = PointRule(values.points, values.per_day)
    point_rules.check_worth(rule, worth.per_day)
    point_rules.check_start(values.starts_on, zone=session.zone, now=now)
    scales = await get_scales(session)
    changes = scales.list_changes(rule)
    planned = next((change for change in changes if change.starts_on == values.starts_on), None)
    if planned is not None and planned.worth == worth:
        return
    session.add(
        RuleRow(
            rule=rule,
            points=worth.points,
            per_day=worth.per_day,
            starts_on=values.starts_on,
            changed_by=actor.id,
            changed_at=now,
        )
    )
    payload = {"points": worth.points, "per_day": worth.per_day, "from": values.starts_on.isoformat()}
    detail = Detail(register.compare(asdict(scales.get(rule, values.starts_on)), asdict(worth)))
    changed = PointRuleChanged(rule.value, payload)
    events.record(session, changed, actor_id=actor.id, now=now, detail=detail)
    await session.flush()
