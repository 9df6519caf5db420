"""How long each class of data is kept: the one table, with what may be set and between which limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class DataClass(StrEnum):
    """Data that go by themselves after a time."""

    SESSIONS = "sessions"
    LINKS = "links"
    SIGN_INS = "sign_ins"
    NOTIFICATIONS = "notifications"
    DELIVERIES = "deliveries"
    WEBHOOK_DELIVERIES = "webhook_deliveries"
    HELP_MESSAGES = "help_messages"
    DRAFTS = "drafts"
    CORRECTIONS = "corrections"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a class holds and from when on its days count; `days` unless set otherwise, `least` to `most`."""

    what: str
    since: str
    days: int
    least: int
    most: int


KEEPING: Mapping[DataClass, Keeping] = {
    DataClass.SESSIONS: Keeping(
        "Where and when somebody was signed in.", "the end of the session", 30, 1, 365
    ),
    DataClass.LINKS: Keeping("Invitations and resets of passwords.", "their use or end", 30, 1, 365),
    DataClass.SIGN_INS: Keeping(
        "The times of sign-ins; the first of each day stays, for the figures.", "the sign-in", 400, 90, 3650
    ),
    DataClass.NOTIFICATIONS: Keeping("What people were told.", "the telling", 400, 30, 3650),
    DataClass.DELIVERIES: Keeping("That a message was sent, and when.", "its making", 30, 7, 365),
    DataClass.WEBHOOK_DELIVERIES: Keeping(
        "That another system was told of something.", "its making", 30, 7, 365
    ),
    DataClass.HELP_MESSAGES: Keeping(
        "What two people said to each other when one helped with an idea.",
        "the end of the help",
        730,
        90,
        3650,
    ),
    DataClass.DRAFTS: Keeping("Drafts that nobody submits.", "the last change", 730, 180, 3650),
    DataClass.CORRECTIONS: Keeping("Requests for corrections, with the answer.", "the answer", 365, 30, 3650),
    DataClass.EVENTS: Keeping("Who did what and when, without any words.", "the event", 730, 90, 3650),
}
"""THE table. What people gave (ideas, comments, votes, points) has no time of its own: it goes with an erasure."""

ELSEWHERE: Mapping[str, str] = {
    "Answers kept for a repeated request": "24 hours",
    "Wrong passwords counted, under a keyed digest of the address": "a day at most",
    "Who signed up for a gathering and who came (how many stays)": "90 days after it",
    "Votes that look arranged: ideas and numbers": "180 days after they were last found",
    "Content of an anonymous idea whose author was erased and wished it removed": "28 days at most",
    "Former secrets of webhooks": "the time that was set when they were changed",
}
"""What goes after a time that is promised and can't be set."""


class UnknownKeeping(ValueError):
    """A time of keeping that is not one of the table, or not within its limits."""


def read(given: Mapping[str, int]) -> dict[DataClass, int]:
    """Return for how many days each class is kept, with what was set in the place of the defaults.

    Raises: UnknownKeeping, with the name at fault.
    """
    days = {name: keeping.days for name, keeping in KEEPING.items()}
    for name, value in given.items():
        if name not in KEEPING:
            message = f"{name!r} is no class of data: {', '.join(KEEPING)}"
            raise UnknownKeeping(message)
        keeping = KEEPING[DataClass(name)]
        if not keeping.least <= value <= keeping.most:
            message = f"{name} are kept for {keeping.least} to {keeping.most} days"
            raise UnknownKeeping(message)
        days[DataClass(name)] = value
    return days
