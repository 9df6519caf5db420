"""Making a move of the pipeline: obtain, check whose act it is, the table, the gate; then apply and record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import decisions, gates, pipeline
from app.domain.actors import Actor
from app.domain.events import IdeaMoved
from app.domain.pipeline import Act, By, Move, MovedMeanwhile, Stage
from app.models.ideas import Idea
from app.models.reviews import Review
from app.queries import conflicts
from app.queries.ideas import Visible, get_visible
from app.services import events, itinerary
from app.services.itinerary import Step

_OPEN_REVIEW = select(Review).where(col(Review.idea_id) == bindparam("idea"), col(Review.closed_at).is_(None))


@dataclass(frozen=True, slots=True)
class Intent:
    """An act somebody wants to make; `facts` are the fields of the request, `noted` what the itinerary keeps."""

    act: Act
    by: By
    facts: Mapping[str, Any] = field(default_factory=dict)
    noted: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str | None:
        """The words that go with the act."""
        return self.facts.get("text")


@dataclass(slots=True)
class Made:
    """A move that passed every check and was applied to the idea, not yet written to the itinerary."""

    idea: Idea
    move: Move
    from_stage: str
    former_holder: str | None


async def begin(session: WriteSession, actor: Actor, idea_id: str, intent: Intent) -> Visible:
    """Obtain an idea and check an act on it, in this order: unknown, not in these hands, wrong stage, gate.

    Raises: NoSuchIdea, NotYoursToDecide, Conflicted, MoveNotPossible, GateNotMet.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    conflicted = intent.by is not By.AUTHOR and await conflicts.is_conflicted(session, actor, idea_id)
    decisions.check_hand(actor, seen.idea, intent.by, is_author=seen.is_author, conflicted=conflicted)
    pipeline.get_move(seen.idea, intent.act, intent.by)
    gates.check_shown(intent.act, seen.idea.stage, intent.facts)
    return seen


async def apply(session: WriteSession, idea: Idea, intent: Intent) -> Made:
    """Move an idea by compare-and-swap on where it stood: of two deciders at once exactly one wins.

    Raises: MovedMeanwhile.
    """
    move = pipeline.get_move(idea, intent.act, intent.by)
    made = Made(idea, move, idea.stage, idea.holder_id)
    values = _get_values(idea, move, intent)
    swapped = await session.scalar(
        update(Idea)
        .where(
            col(Idea.id) == idea.id,
            col(Idea.stage) == idea.stage,
            col(Idea.clarification).is_(idea.clarification),
            col(Idea.on_hold).is_(idea.on_hold),
        )
        .values(**values)
        .returning(col(Idea.id))
        .execution_options(synchronize_session=False)
    )
    if swapped is None:
        raise MovedMeanwhile
    for name, value in values.items():
        set_committed_value(idea, name, value)
    return made


async def finish(session: WriteSession, actor: Actor, made: Made, intent: Intent, *, now: datetime) -> None:
    """Write an applied move to the itinerary and to the events."""
    idea = made.idea
    idea.updated_at = now
    step = Step(
        intent.act,
        from_stage=made.from_stage,
        actor_id=actor.id,
        text=intent.text,
        reason_code=intent.facts.get("reason_code"),
        facts={name: _write_fact(value) for name, value in intent.noted.items() if value is not None},
    )
    await itinerary.append(session, idea, step, now=now)
    moved = IdeaMoved(idea.id, {"act": intent.act, "from": made.from_stage, "to": idea.stage})
    events.record(session, moved, actor_id=None if idea.anonymous else actor.id, now=now)
    await session.flush()


async def close_review(session: WriteSession, idea: Idea, outcome: str, *, now: datetime) -> Review | None:
    """Close the open review of an idea; the idea keeps its last holder, for who comes a moment too late."""
    review = await find_open_review(session, idea.id)
    if review is not None:
        review.closed_at, review.outcome = now, outcome
        await session.flush()
    return review


async def find_open_review(session: WriteSession, idea_id: str) -> Review | None:
    """Return the open review of an idea, if it has one."""
    review: Review | None = await session.scalar(_OPEN_REVIEW, {"idea": idea_id})
    return review


def _get_values(idea: Idea, move: Move, intent: Intent) -> dict[str, Any]:
    target = pipeline.get_target(idea, move)
    values: dict[str, Any] = {"stage": target.value}
    if move.act is Act.CLARIFY or move.act is Act.ANSWER:
        return values | {"clarification": move.act is Act.CLARIFY}
    if move.act is Act.HOLD or move.act is Act.RESUME:
        return values | {"on_hold": move.act is Act.HOLD, "wake_on": intent.facts.get("wake_on")}
    values |= {"clarification": False, "on_hold": False, "wake_on": None}
    if target is Stage.DECLINED:
        values["declined_at"] = idea.stage
    return values


def _write_fact(value: Any) -> str | int:
    """Facts are hashed: only text and whole numbers have one spelling everywhere."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, date | Decimal):
        return str(value)
    message = f"{type(value).__name__} can't stand in an itinerary"
    raise TypeError(message)
