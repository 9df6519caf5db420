"""Explaining in words why an idea is where it is."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.pipeline import OPEN_STAGES
from app.domain.roles import Role
from app.domain.routing import FunctionBy, Tier
from app.models.employees import Employee
from app.models.functions import Function
from app.models.reviews import Review
from app.queries.ideas import get_visible
from app.queries.reviews import is_late
from app.schemas.decisions import RoutingExplanation
from app.schemas.shapes import Named

_FUNCTION_WORDS: dict[str, str] = {
    FunctionBy.AUTHOR: "The author chose the function.",
    FunctionBy.RULE: "A rule of the routing table found the function.",
    FunctionBy.FALLBACK: "No rule matched, so the idea went to the fallback function.",
    FunctionBy.FORWARD: "The holder before forwarded the idea to this function.",
}
_TIER_WORDS: dict[str, str] = {
    Tier.CAMPAIGN: "The holder is a correspondent of the campaign.",
    Tier.FUNCTION: "The holder is a correspondent of the function.",
    Tier.OTHER_FUNCTION: "Nobody of the function could take it, so a correspondent of another function did.",
    Tier.INNOVATION_MANAGER: "An innovation manager holds it.",
    Tier.SPONSOR: "A sponsor of the campaign holds it.",
    Tier.ADMIN: "Nobody else could take it, so an admin did.",
}

_PASSED_OVER = {Tier.OTHER_FUNCTION, Tier.ADMIN}


async def explain(session: ReadSession, actor: Actor, idea_id: str, *, now: datetime) -> RoutingExplanation:
    """Return the grounds of the last choice of a holder, and whether an answer is late.

    Nothing in them tells the author's line.

    Raises: NoSuchIdea.
    """
    seen = await get_visible(session, actor, idea_id)
    row = (
        await session.execute(
            select(Review, col(Employee.name), col(Function.name))
            .outerjoin(Employee, col(Employee.id) == col(Review.reviewer_id))
            .outerjoin(Function, col(Function.id) == col(Review.function_id))
            .where(col(Review.idea_id) == idea_id)
            .order_by(col(Review.opened_at).desc(), col(Review.closed_at).is_(None).desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return RoutingExplanation(
            holder=None,
            function=None,
            since=None,
            due_at=None,
            paused=False,
            late=False,
            explanation=[],
            function_by=None,
            tier=None,
        )
    review, holder, function = row
    open_now = seen.idea.stage in OPEN_STAGES and review.closed_at is None
    return RoutingExplanation(
        holder=Named(id=review.reviewer_id, name=holder) if review.reviewer_id and open_now else None,
        function=Named(id=review.function_id, name=function) if review.function_id else None,
        since=review.opened_at,
        due_at=review.due_at if open_now else None,
        paused=open_now and review.paused_at is not None,
        late=open_now and is_late(review, now),
        explanation=_put_in_words(
            review, anonymous=seen.idea.anonymous, inner=seen.is_author or actor.has(Role.ADMIN)
        ),
        function_by=review.route.get("function_by"),
        tier=None if seen.idea.anonymous else review.route.get("tier"),
    )


def _put_in_words(review: Review, *, anonymous: bool, inner: bool) -> list[str]:
    """Write the grounds; that others could not take it is said to the authors and to admins only.

    It would tell everybody else who stands in the author's line.
    """
    route = review.route
    if review.reviewer_id is None:
        waits = "Nobody may hold this idea now; it is tried again whenever people or roles change."
        return [waits] if inner else ["The idea waits for its holder."]
    words = []
    if route.get("function_by") in _FUNCTION_WORDS:
        words.append(_FUNCTION_WORDS[route["function_by"]])
    if anonymous:
        return [*words, "The choice followed the published rules of routing."]
    if route.get("tier") in _TIER_WORDS and (inner or route["tier"] not in _PASSED_OVER):
        words.append(_TIER_WORDS[route["tier"]])
    if route.get("other_entity"):
        words.append("The holder works in another entity than the author.")
    words.append(
        f"Among those who could take it, the lightest load decided ({route.get('load', 0)} ideas held)."
    )
    words.append("Line managers never hold ideas of their people.")
    return words
