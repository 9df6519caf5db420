"""Cover: the people who could have written an anonymous idea, as far as its campaign and its first holder tell."""

from app.domain.errors import Conflict, Invalid
from app.domain.privacy import FLOOR


class CoverTooSmall(Invalid):
    """Too few could have written this for you to stay unknown: sign it, or submit it where more people are asked."""

    code = "ideas.cover-too-small"


class CoverLost(Conflict):
    """With one author more this anonymous idea would not keep its authors unknown, so you can't join it as it is."""

    code = "authorships.cover-lost"


def count_needed(authors: int) -> int:
    """Return how many people there must be who could have written an idea of so many authors: four besides them."""
    return FLOOR - 1 + authors


def is_enough(people: int, authors: int) -> bool:
    """Tell whether an idea's authors have others around them, four at least."""
    return people >= count_needed(authors)
