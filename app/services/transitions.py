"""What the committee decides: gates to project, pilot and deployment, holds, declines, reopenings."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import clock_policies
from app.domain.actors import Actor
from app.domain.gates import ScorecardMissing
from app.domain.pipeline import Act, By, Stage
from app.models.employees import Employee
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.scorecards import Scorecard
from app.queries import conflicts
from app.schemas.decisions import MoveIdea, StatedMoney
from app.schemas.prices import StatedPrice
from app.services import moves, references, routing, waits
from app.services.moves import Intent, Made

ACTS: dict[str, Act] = {
    "selected": Act.SELECT,
    "project": Act.START_PROJECT,
    "pilot": Act.START_PILOT,
    "deployed": Act.DEPLOY,
    "declined": Act.DECLINE,
    "on_hold": Act.HOLD,
    "resumed": Act.RESUME,
    "reopened": Act.REOPEN,
}


async def move(session: WriteSession, actor: Actor, idea_id: str, values: MoveIdea, *, now: datetime) -> Idea:
    """Make an act of the committee.

    Raises: NoSuchIdea, NotYoursToDecide, Conflicted, MoveNotPossible, MovedMeanwhile, GateNotMet,
    ScorecardMissing, UnknownReference, PromiseInThePast.
    """
    facts = _list_facts(values)
    act = ACTS[values.to]
    intent = Intent(act, By.SEAT if act is Act.REOPEN else By.COMMITTEE, facts, _list_noted(facts))
    seen = await moves.begin(session, actor, idea_id, intent)
    if values.due_on is not None:
        clock_policies.check_promise(values.due_on, clock.day_in(session.zone, now))
    if intent.act is Act.SELECT:
        await _check_scorecard(session, idea_id)
    if intent.act is Act.START_PROJECT:
        await references.check_employee(session, values.owner or "", pointer="/owner")
    made = await moves.apply(session, seen.idea, intent)
    _record_gate(session, made, values, now)
    await _follow(session, made, intent, now)
    await moves.finish(session, actor, made, intent, now=now)
    return made.idea


def _list_facts(values: MoveIdea) -> dict[str, Any]:
    facts = {name: getattr(values, name) for name in type(values).model_fields}
    # Clients that know no `wake_on` say when a hold ends.
    facts["wake_on"] = values.wake_on or values.ends_on
    return facts


def _list_noted(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that the itinerary keeps; names and texts stay out, because they can be personal."""
    noted = {name: facts[name] for name in ("starts_on", "ends_on", "wake_on", "benefit_due_on", "due_on")}
    for name in ("estimate", "benefit"):
        money: StatedMoney | None = facts[name]
        if money is not None:
            noted[name] = f"{money.amount} {money.currency} {money.per}"
    cost: StatedPrice | None = facts["cost"]
    if cost is not None:
        noted["cost"] = f"{cost.amount} {cost.currency}"
    return noted


async def _check_scorecard(session: WriteSession, idea_id: str) -> None:
    """Let pass an idea with a scorecard of somebody who is not too close to it by now."""
    circle = await conflicts.get_circle(session, idea_id)
    evaluators = await session.execute(
        select(col(Scorecard.evaluator_id), col(Employee.entity_id))
        .join(Employee, col(Employee.id) == col(Scorecard.evaluator_id))
        .where(col(Scorecard.idea_id) == idea_id)
    )
    if all(circle.conflicts.bars(person, entity_id) for person, entity_id in evaluators):
        raise ScorecardMissing


def _record_gate(session: WriteSession, made: Made, values: MoveIdea, now: datetime) -> None:
    if made.move.act not in (Act.START_PROJECT, Act.START_PILOT, Act.DEPLOY):
        return
    money = values.benefit if made.move.act is Act.DEPLOY else values.estimate
    session.add(
        Gate(
            idea_id=made.idea.id,
            stage=made.idea.stage,
            at=now,
            owner_id=values.owner if made.move.act is Act.START_PROJECT else None,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            per=money.per if money else None,
            cost=values.cost.amount if values.cost else None,
            cost_currency=values.cost.currency if values.cost else None,
            place=values.place,
            starts_on=values.starts_on,
            ends_on=values.ends_on,
            success_measure=values.success_measure,
            result=values.result,
            benefit_due_on=values.benefit_due_on,
            skip_reason=values.skip_reason,
        )
    )


async def _follow(session: WriteSession, made: Made, intent: Intent, now: datetime) -> None:
    """Close the turn that ended, open the one that begins."""
    if made.idea.stage in (Stage.DECLINED, Stage.DEPLOYED):
        await moves.close_review(session, made.idea, intent.act, now=now)
        if made.idea.anonymous and made.idea.stage == Stage.DECLINED:
            await routing.name_panel(session, made.idea, now=now)
    elif intent.act is Act.REOPEN:
        passed_over = frozenset({made.former_holder} if made.former_holder else ())
        await routing.assign(session, made.idea, function_by=None, now=now, passed_over=passed_over)
    else:
        await _turn_clock(session, made.idea, intent, now)


async def _turn_clock(session: WriteSession, idea: Idea, intent: Intent, now: datetime) -> None:
    """Stop the clock for a hold, or begin the wait of the stage that was reached, until the day that was promised."""
    review = await moves.find_open_review(session, idea.id)
    if review is None:
        return
    match intent.act:
        case Act.HOLD:
            waits.pause(review, now=now)
        case Act.RESUME:
            await waits.go_on(session, review, now=now)
        case _:
            ends_on = intent.facts["ends_on"] if intent.act is Act.START_PILOT else None
            promised = intent.facts["due_on"] or ends_on
            await waits.begin(session, review, idea.stage, now=now, promised=promised)
