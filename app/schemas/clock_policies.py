"""Clock policies on the wire, in working days."""

from typing import Annotated

from pydantic import Field

from app.domain.clock_policies import MOST_DAYS
from app.schemas.shapes import Answer, Request

Days = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]


class SetClockPolicy(Request):
    """How the clock runs in a stage; it holds for waits that begin from now on."""

    days: Days
    remind_before: Days = 1
    reassign_after: Days = 2
    escalate_after: Days = 5


class ClockPolicy(Answer):
    """How the clock runs in a stage: `days` until an answer is due, then what follows.

    A reminder comes `remind_before` it is due, somebody else gets the idea `reassign_after` that, and the
    innovation managers hear of it when the next holder had it for `escalate_after`.
    """

    stage: str
    days: int
    remind_before: int
    reassign_after: int
    escalate_after: int
    default: bool
