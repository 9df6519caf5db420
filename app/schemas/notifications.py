"""Notifications on the wire."""

from datetime import date

from app.schemas.preferences import KindName
from app.schemas.shapes import Answer, Named, Time


class IdeaTold(Answer):
    """The idea that a notification is about; the title of a draft that the reader may not read is null."""

    id: str
    title: str | None


class Notification(Answer):
    """Something that the reader was told.

    `position` grows with time. `asks` says that something is to be done; `resolved_at` is when somebody had done it.
    `person` is who acted, where that may be said; `comment` is the comment it is about, `help` the request
    for help.
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
    help: str | None
    due_on: date | None
    created_at: Time
    read_at: Time | None
    resolved_at: Time | None
