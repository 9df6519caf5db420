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
    if not idea.anonymous:
        return
    authors = await _count_authors(session, idea)
    covers.check(await count_people(session, idea, most=covers.count_needed(authors)), authors)


async def check_may_sign(session: WriteSession, idea: Idea) -> None:
    """Let pass the signature of somebody who wrote the idea alone: nobody gives another author's name away.

    Raises: SignedTogether.
    """
    if await _count_authors(session, idea) != 1:
        raise SignedTogether


async def _count_authors(session: WriteSession, idea: Idea) -> int:
    authors = await session.scalar(
        select(func.count()).where(col(Authorship.idea_id) == idea.id, col(Authorship.state) == "accepted")
    )
    return authors or 0
