"""Keeping authors covered: refusing what would not stay anonymous, and a signature that gives others away."""

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import covers
from app.domain.ideas import SignedTogether
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.queries.covers import count_people


async def check(session: WriteSession, idea: Idea) -> None:
    """Let pass an idea with names, or one that enough people could have written; three statements.

    Raises: CoverTooSmall.
    """
    if idea.anonymous and not await _is_covered(session, idea):
        raise covers.CoverTooSmall.at("/anonymous")


async def check_together(session: WriteSession, idea: Idea) -> None:
    """Let another author in where enough people are left who could have written an anonymous idea; three statements.

    Raises: CoverLost.
    """
    if idea.anonymous and not await _is_covered(session, idea):
        raise covers.CoverLost


async def check_may_sign(session: WriteSession, idea: Idea) -> None:
    """Let pass the signature of somebody who wrote the idea alone: nobody gives another author's name away.

    Raises: SignedTogether.
    """
    if await _count_authors(session, idea) != 1:
        raise SignedTogether


async def _is_covered(session: WriteSession, idea: Idea) -> bool:
    authors = await _count_authors(session, idea)
    return covers.is_enough(await count_people(session, idea, most=covers.count_needed(authors)), authors)


async def _count_authors(session: WriteSession, idea: Idea) -> int:
    authors = await session.scalar(
        select(func.count()).where(col(Authorship.idea_id) == idea.id, col(Authorship.state) == "accepted")
    )
    return authors or 0
