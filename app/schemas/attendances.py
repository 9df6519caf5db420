"""Who was there, on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.shapes import Answer, Named, Readable, Request, Time
from app.schemas.sign_ups import StateName


class ShowCode(Request):
    """The code that is shown in the room."""

    code: Annotated[Readable, Field(min_length=1, max_length=40)]


class RoomCode(Answer):
    """The code that is shown in the room; what is on the screen changes at `next_at`, it is taken until `expires_at`.

    `link` is what the QR code holds, as SVG and as a PNG in a data URI.
    """

    code: str
    link: str
    svg: str
    png: str
    next_at: Time
    expires_at: Time


class Attends(Answer):
    """Since when it is noted that the reader is there."""

    at: Time


class Attended(Answer):
    """Somebody who was there; `by_hand` when a host noted it, `state` when they had signed up."""

    employee: Named
    at: Time
    by_hand: bool
    state: StateName | None
