"""Explaining in words why an idea is where it is."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.pipeline import OPEN_STAGES
from app.domain.routing import FunctionBy, Tier
from app.models.employees import Employee
from app.models.functions import Function
from app.models.reviews import Review
from app.queries.ideas import get_visible
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


async def explain(session: ReadSession, actor: Actor, idea_id: str) -> RoutingExplanation:
    """Return the grounds of the last choice of a holder; nothing in them tells the author's line.

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
            holder=None, function=None, since=None, explanation=[], function_by=None, tier=None
        )
    review, holder, function = row
    open_now = seen.idea.stage in OPEN_STAGES and review.closed_at is None
    return RoutingExplanation(
        holder=Named(id=review.reviewer_id, name=holder) if review.reviewer_id and open_now else None,
        function=Named(id=review.function_id, name=function) if review.function_id else None,
        since=review.opened_at,
        explanation=_put_in_words(review, anonymous=seen.idea.anonymous),
        function_by=review.route.get("function_by"),
        tier=review.route.get("tier"),
    )


def _put_in_words(review: Review, *, anonymous: bool) -> list[str]:
    route = review.route
    if review.reviewer_id is None:
        return [
            "Nobody in the company may hold this idea now; it is tried again whenever people or roles change."
        ]
    words = []
    if route.get("function_by") in _FUNCTION_WORDS:
        words.append(_FUNCTION_WORDS[route["function_by"]])
    if route.get("tier") in _TIER_WORDS:
        words.append(_TIER_WORDS[route["tier"]])
    if anonymous:
        words.append("The choice followed the published rules of routing.")
    else:
        if route.get("other_entity"):
            words.append("The holder works in another entity than the author.")
        words.append(
            f"Among those who could take it, the lightest load decided ({route.get('load', 0)} ideas held)."
        )
    words.append("Line managers never hold ideas of their people.")
    return words
