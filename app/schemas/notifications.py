"""Notifications on the wire."""

from datetime import date
from typing import Literal

from app.schemas.preferences import KindName
from app.schemas.shapes import Answer, Named, Time


class IdeaTold(Answer):
    """The idea that a notification is about; the title of a draft that the reader may not read is null."""

    id: str
    title: str | None


SubjectName = Literal["idea", "campaign", "gathering", "prize_award", "news", "badge", "nudge"]


class SubjectTold(Answer):
    """What a notification is about, and its name or title as of now; null as the title of an idea may be."""

    kind: SubjectName
    id: str
    name: str | None


class Notification(Answer):
    """Something that the reader was told; `idea` is null where it is about something else than an idea.

    `position` grows with time. `asks` says that something is to be done; `resolved_at` is when somebody had done it.
    `person` is who acted, where that may be said; `comment` is the comment it is about, `help` the request
    for help. `starts_at` and `place` are those of a gathering or ceremony.
    """

    id: str
    position: int
    kind: KindName
    asks: bool
    subject: SubjectTold
    idea: IdeaTold | None
    person: Named | None
    holder: Named | None
    function: Named | None
    reason_code: str | None
    comment: str | None
    help: str | None
    due_on: date | None
    starts_at: Time | None
    place: str | None
    created_at: Time
    read_at: Time | None
    resolved_at: Time | None
