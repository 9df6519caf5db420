"""Ranking: the numbers by which the feed is sorted, all of them stable between reads."""

import math
from datetime import datetime

HALF_STEP = 45_000
"""Seconds by which an idea must be younger to outweigh ten times the support (12.5 hours)."""

COMMENT_WEIGHT = 2
"""A comment takes more effort than a vote and counts double."""

ANSWERED = 50
"""Attention that a first answer of a correspondent is worth, in views."""


def get_hot(votes: int, comments: int, submitted_at: datetime) -> float:
    """Return how hot an idea is: the order of magnitude of its support plus its youth.

    Grows with support, never changes by mere passing of time, so that a page of a feed stays true while
    somebody reads it. `log10(max(1, support)) + seconds since 1970 / 45,000`.
    """
    return math.log10(max(1, votes + COMMENT_WEIGHT * comments)) + get_youth(submitted_at)


def get_youth(submitted_at: datetime) -> float:
    """Return the part of `get_hot` that the moment of submission gives."""
    return submitted_at.timestamp() / HALF_STEP


def get_attention(views: int, votes: int, comments: int, *, answered: bool) -> int:
    """Return how much attention an idea had, in views; `needs_eyes` shows the least first."""
    return views + 2 * votes + 5 * comments + (ANSWERED if answered else 0)
