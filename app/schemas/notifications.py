"""Notifications on the wire."""

from datetime import date

from app.schemas.preferences import KindName
from app.schemas.shapes import Answer, Named, Time


class IdeaTold(Answer):
    """The idea that a notification is about."""

    id: str
    title: str


class Notification(Answer):
    """Something that the reader was told.

    `position` grows with time. `asks` says that something is to be done; `resolved_at` is when somebody had done it.
    `person` is who acted, where that may be said; `comment` is the comment it is about.
    """

    id: str
    position: int
    kind: KindName
    asks: bool
    idea: IdeaTold
    person: Named | None
    holder: Named | None
    function: Named | None
    reason_code: str | None
    comment: str | None
    due_on: date | None
    created_at: Time
    read_at: Time | None
    resolved_at: Time | None
