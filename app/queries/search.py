"""Searching ideas."""

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from app.core.db import ReadSession
from app.models.ideas import Idea


async def get_condition(session: ReadSession, q: str) -> ColumnElement[bool] | None:
    """Return the condition on ideas that a search stands for, None when nothing can match."""
    return or_(col(Idea.title).icontains(q, autoescape=True))
