"""What holders decide in a review, and what authors answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from app.core.db import WriteSession
from app.domain.actors import Actor
from app.domain.errors import Invalid
from app.domain.pipeline import Act, By
from app.domain.routing import FunctionBy
from app.models.ideas import Idea
from app.schemas.decisions import Decide
from app.services import moves, references, routing, tallies, waits
from app.services.moves import Intent, Made


class ForwardedToItself(Invalid):
    """Forward the idea to another function than its own."""

    code = "decisions.forwarded-to-itself"


async def decide(session: WriteSession, actor: Actor, idea_id: str, values: Decide, *, now: datetime) -> Idea:
    """Make an act of the holder, or give the author's answer.

    Raises: NoSuchIdea, NotYoursToDecide, Conflicted, MoveNotPossible, MovedMeanwhile, GateNotMet,
    UnknownReference, ForwardedToItself.
    """
    act = Act(values.action)
    facts = {"text": values.text, "function": values.function, "reason_code": values.reason_code}
    intent = Intent(act, By.AUTHOR if act is Act.ANSWER else By.HOLDER, facts)
    seen = await moves.begin(session, actor, idea_id, intent)
    if act is Act.FORWARD:
        await _check_forward(session, seen.idea, values.function)
    made = await moves.apply(session, seen.idea, intent)
    await _FOLLOWING[act](session, made, values, now)
    await moves.finish(session, actor, made, intent, now=now)
    return made.idea


async def _check_forward(session: WriteSession, idea: Idea, function_id: str | None) -> None:
    await references.check_function(session, function_id or "")
    if function_id == idea.function_id:
        raise ForwardedToItself.at("/function")


async def _answer_first(session: WriteSession, made: Made, now: datetime) -> None:
    """Note the first answer of a review, on its clock and in the attention that the idea had."""
    review = await moves.find_open_review(session, made.idea.id)
    if review is not None and review.acknowledged_at is None:
        await waits.note_answer(session, review, now=now)
        await tallies.move(session, made.idea, answers=1)


async def _acknowledge(session: WriteSession, made: Made, _values: Decide, now: datetime) -> None:
    await _answer_first(session, made, now)


async def _clarify(session: WriteSession, made: Made, _values: Decide, now: datetime) -> None:
    await _answer_first(session, made, now)
    review = await moves.find_open_review(session, made.idea.id)
    if review is not None:
        waits.pause(review, now=now)


async def _answer(session: WriteSession, made: Made, _values: Decide, now: datetime) -> None:
    """The clock that stood still during the clarification goes on with the time that was left."""
    review = await moves.find_open_review(session, made.idea.id)
    if review is not None:
        await waits.go_on(session, review, now=now)


async def _forward(session: WriteSession, made: Made, values: Decide, now: datetime) -> None:
    await _answer_first(session, made, now)
    await moves.close_review(session, made.idea, Act.FORWARD, now=now)
    made.idea.function_id = values.function
    passed_over = frozenset({made.former_holder} if made.former_holder else ())
    await routing.assign(session, made.idea, function_by=FunctionBy.FORWARD, now=now, passed_over=passed_over)


async def _recommend(session: WriteSession, made: Made, _values: Decide, now: datetime) -> None:
    await moves.close_review(session, made.idea, Act.RECOMMEND, now=now)
    await routing.assign(session, made.idea, function_by=None, now=now)


async def _decline(session: WriteSession, made: Made, _values: Decide, now: datetime) -> None:
    await _answer_first(session, made, now)
    await moves.close_review(session, made.idea, Act.DECLINE, now=now)
    if made.idea.anonymous:
        await routing.name_panel(session, made.idea, now=now)


_FOLLOWING: dict[Act, Callable[[WriteSession, Made, Decide, datetime], Awaitable[None]]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.CLARIFY: _clarify,
    Act.ANSWER: _answer,
    Act.FORWARD: _forward,
    Act.RECOMMEND: _recommend,
    Act.DECLINE: _decline,
}
