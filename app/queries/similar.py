"""Finding ideas that may say the same."""

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.schemas.ideas import SimilarIdeas


async def list_similar(session: ReadSession, actor: Actor, text: str) -> SimilarIdeas:
    """Return the likeliest duplicates of a text among the submitted ideas, at most five."""
    return SimilarIdeas(items=[])
