"""Reading the rule table of the routing."""

from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.models.entities import Entity
from app.models.functions import Function
from app.models.routing import RoutingRule as RuleRow
from app.models.themes import Theme
from app.schemas.routing_rules import RoutingRule
from app.schemas.shapes import Named


async def list_rules(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[RoutingRule], Place | None]:
    """Return a page of the rules in the order in which they are asked.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.ROUTING_RULES_READ)
    statement = _RULES.limit(limit + 1)
    if after is not None:
        statement = statement.where(col(RuleRow.position) > after[0])
    rows = (await session.execute(statement)).all()
    items = [_show(actor, row) for row in rows[:limit]]
    return items, [items[-1].position] if len(rows) > limit else None


async def get_rule(session: ReadSession, actor: Actor, rule_id: str) -> RoutingRule:
    """Return a rule that is there."""
    row = (await session.execute(_RULES.where(col(RuleRow.id) == rule_id))).one()
    return _show(actor, row)


def _show(actor: Actor, row: Row[Any, Any, Any, Any]) -> RoutingRule:
    rule, theme, entity, function = row
    return RoutingRule(
        id=rule.id,
        position=rule.position,
        theme=Named(id=rule.theme_id, name=theme) if rule.theme_id else None,
        entity=Named(id=rule.entity_id, name=entity) if rule.entity_id else None,
        words=rule.words.split(),
        function=Named(id=rule.function_id, name=function),
        can=["delete"] if permissions.may(actor, Permission.ROUTING_RULES_WRITE) else [],
    )


_RULES: Any = (
    select(RuleRow, col(Theme.name), col(Entity.name), col(Function.name))
    .join(Function, col(Function.id) == col(RuleRow.function_id))
    .outerjoin(Theme, col(Theme.id) == col(RuleRow.theme_id))
    .outerjoin(Entity, col(Entity.id) == col(RuleRow.entity_id))
    .order_by(col(RuleRow.position))
)
