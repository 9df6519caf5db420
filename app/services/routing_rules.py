"""Changing the rule table of the routing: it holds for ideas that are submitted from then on."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import permissions, routing_rules
from app.domain.actors import Actor
from app.domain.events import RoutingRuleChanged
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.domain.routing_rules import NoSuchRule, PositionTaken
from app.models.routing import RoutingRule
from app.schemas.routing_rules import AddRule
from app.services import events, references, register


async def add(session: WriteSession, actor: Actor, values: AddRule, *, now: datetime) -> RoutingRule:
    """Add a rule, at the end unless it has a position.

    Raises: RoleMissing, PositionTaken, ConditionMissing, NotAWord, UnknownReference.
    """
    permissions.check(actor, Permission.ROUTING_RULES_WRITE)
    await locks.take(session, locks.ORGANISATION)
    routing_rules.check_conditions(theme=values.theme, entity=values.entity, words=values.words)
    await references.check_function(session, values.function)
    if values.theme is not None:
        await references.check_theme(session, values.theme)
    if values.entity is not None:
        await references.check_entity(session, values.entity)
    position = values.position
    if position is None:
        position = (await session.scalar(select(func.max(col(RoutingRule.position)))) or 0) + 1
    rule = RoutingRule(
        position=position,
        theme_id=values.theme,
        entity_id=values.entity,
        words=routing_rules.join_words(values.words),
        function_id=values.function,
        created_at=now,
    )
    session.add(rule)
    _record(session, actor, rule, "added", now)
    try:
        await session.flush()
    except IntegrityError as error:
        raise PositionTaken.at("/position") from error
    return rule


async def delete(session: WriteSession, actor: Actor, rule_id: str, *, now: datetime) -> None:
    """Take a rule out of the table.

    Raises: RoleMissing, NoSuchRule.
    """
    permissions.check(actor, Permission.ROUTING_RULES_WRITE)
    await locks.take(session, locks.ORGANISATION)
    rule = await session.get(RoutingRule, rule_id) if ids.is_valid(rule_id) else None
    if rule is None:
        raise NoSuchRule
    await session.delete(rule)
    _record(session, actor, rule, "removed", now)
    await session.flush()


def _record(session: WriteSession, actor: Actor, rule: RoutingRule, change: str, now: datetime) -> None:
    """Record a change; the register has all of the rule, because a rule that was taken out is nowhere else."""
    events.record(session, RoutingRuleChanged(rule.id, {"change": change}), actor_id=actor.id, now=now)
    terms = {
        "position": rule.position,
        "theme": rule.theme_id,
        "entity": rule.entity_id,
        "function": rule.function_id,
    }
    facts = {"change": change, "after" if change == "added" else "before": terms}
    entry = Entry("routing-rules.changed", rule.id, actor.id, text=rule.words or None, facts=facts)
    register.enter(session, entry, now=now)
