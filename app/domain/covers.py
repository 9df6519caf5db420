"""Cover: the people who could have written an anonymous idea, as far as its campaign and its first holder tell."""

from app.domain.errors import Invalid
from app.domain.privacy import FLOOR


class CoverTooSmall(Invalid):
    """Too few could have written this for you to stay unknown: sign it, or submit it where more people are asked."""

    code = "ideas.cover-too-small"


def count_needed(authors: int) -> int:
    """Return how many people there must be who could have written an idea of so many authors: four besides them."""
    return FLOOR - 1 + authors


def check(people: int, authors: int) -> None:
    """Let pass an idea whose authors have others around them, four at least.

    Raises: CoverTooSmall.
    """
    if people < count_needed(authors):
        raise CoverTooSmall.at("/anonymous")
