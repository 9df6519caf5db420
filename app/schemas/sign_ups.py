"""Signing up for gatherings, on the wire."""

from typing import Literal

from app.schemas.shapes import Answer, Named, Time

StateName = Literal["seated", "waiting"]
"""`domain.sign_ups.SignUpState` on the wire."""


class SignUpTold(Answer):
    """What somebody who signed up has; on the waiting list the next one to get a place is 1."""

    state: StateName
    waiting_position: int | None


class Attendant(Answer):
    """Somebody who signed up, in the order of coming, and whether they came."""

    employee: Named
    state: StateName
    signed_up_at: Time
    attended: bool
