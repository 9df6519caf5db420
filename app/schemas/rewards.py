"""Points on the wire."""

from datetime import date

from app.schemas.shapes import Answer, Time


class PointEntry(Answer):
    """An entry of one's ledger; `idea` is what it was for, null for a first sign-in or a prize."""

    id: str
    rule: str
    points: int
    idea: str | None
    day: date
    at: Time


class Points(Answer):
    """One's balance, which is the sum of all entries, and a page of them, the newest first."""

    balance: int
    items: list[PointEntry]
    next_cursor: str | None
