"""Reading who was in the room of a gathering, for those who write ideas down there."""

from dataclasses import dataclass

from sqlalchemy import literal, select, union_all
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.sign_ups import SignUpState
from app.models.gatherings import Attendance, SignUp


@dataclass(frozen=True, slots=True)
class Present:
    """Who came to a gathering, and who has a place in it."""

    attending: frozenset[str]
    seated: frozenset[str]


async def find_present(session: ReadSession, gathering_id: str, people: list[str]) -> Present:
    """Return which of these people came, and which have a place."""
    came = select(literal("came"), col(Attendance.employee_id)).where(
        col(Attendance.gathering_id) == gathering_id, col(Attendance.employee_id).in_(people)
    )
    seated = select(literal("seated"), col(SignUp.employee_id)).where(
        col(SignUp.gathering_id) == gathering_id,
        col(SignUp.employee_id).in_(people),
        col(SignUp.state) == SignUpState.SEATED,
    )
    rows = (await session.execute(union_all(came, seated))).all()
    return Present(
        frozenset(person for how, person in rows if how == "came"),
        frozenset(person for how, person in rows if how == "seated"),
    )
