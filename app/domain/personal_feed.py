"""The personal feed: what there is to tell of what somebody follows, and how far back."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from app.domain.follows import Followed
from app.domain.pipeline import Act

REACH = timedelta(days=180)
"""How far back a feed goes: what it costs does not grow with the years."""

EXCERPT = 300
"""Characters of a comment that stand in a feed."""


class Story(StrEnum):
    """What a feed tells of."""

    SUBMITTED = "idea_submitted"
    MOVED = "idea_moved"
    COMMENTED = "idea_commented"
    PHASE = "phase_began"
    CLOSED = "campaign_closed"
    NEWS = "news_published"


MOVES = frozenset(Act) - {Act.SUBMIT}
"""Acts that are told of as moves; a submission is a story of its own."""

MARKS: dict[Followed, int] = {kind: 1 << place for place, kind in enumerate(Followed)}
"""Why something is in a feed, as numbers of which a sum keeps all: what is followed there."""


def read_marks(marks: int) -> Iterable[Followed]:
    """Return for what follows something is in a feed."""
    return (kind for kind, mark in MARKS.items() if marks & mark)
