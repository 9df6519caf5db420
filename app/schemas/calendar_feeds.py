"""The secret link to one's own calendar, on the wire."""

from app.schemas.shapes import Answer, Time


class CalendarLink(Answer):
    """The secret address under which calendar applications read one's own gatherings; null when there is none."""

    url: str | None
    created_at: Time | None
