"""Keeping the search index true, in the transaction of the change."""

from collections.abc import Sequence

from app.core.db import WriteSession
from app.models.ideas import Idea


async def index(session: WriteSession, idea: Idea, tags: Sequence[str]) -> None:
    """Put an idea's title, texts and tags into the index, in place of what was there."""


async def forget(session: WriteSession, idea_id: str) -> None:
    """Take an idea out of the index."""
