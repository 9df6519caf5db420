"""Subjects: what notifications are about."""

from enum import StrEnum
from typing import NamedTuple


class SubjectKind(StrEnum):
    """What something can be told about."""

    IDEA = "idea"
    CAMPAIGN = "campaign"
    GATHERING = "gathering"
    PRIZE_AWARD = "prize_award"
    NEWS = "news"
    BADGE = "badge"
    NUDGE = "nudge"


class Topic(NamedTuple):
    """One thing that is told about."""

    kind: SubjectKind
    id: str


OPEN = frozenset({SubjectKind.CAMPAIGN, SubjectKind.GATHERING, SubjectKind.NUDGE})
"""What everybody may know of who was ever told of it: nobody has to be asked before it is counted."""

PATHS = {
    SubjectKind.IDEA: "/ideas/",
    SubjectKind.CAMPAIGN: "/campaigns/",
    SubjectKind.GATHERING: "/gatherings/",
    SubjectKind.PRIZE_AWARD: "/awards/",
    SubjectKind.NEWS: "/news/",
    SubjectKind.BADGE: "/me/badges/",
    SubjectKind.NUDGE: "/me/nudges/",
}
"""Pages of the web client, to which the identifier is added."""


def get_path(topic: Topic) -> str:
    """Return the page on which one reads on."""
    return PATHS[topic.kind] + topic.id
