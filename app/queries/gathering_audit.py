"""Auditing the places of gatherings: nobody sits too many, nobody waits beside an empty place."""

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.sign_ups import SignUpState
from app.models.gatherings import Gathering, SignUp
from app.queries.findings import Finding, report


async def check(session: ReadSession) -> list[Finding]:
    """Compare the places of every gathering with those who signed up."""
    seated = func.count().filter(col(SignUp.state) == SignUpState.SEATED)
    waiting = func.count().filter(col(SignUp.state) == SignUpState.WAITING)
    wrong = await session.scalars(
        select(col(Gathering.id))
        .join(SignUp, col(SignUp.gathering_id) == col(Gathering.id))
        .group_by(col(Gathering.id))
        .having(
            or_(
                seated > col(Gathering.places),
                func.max(col(SignUp.number)) > col(Gathering.last_number),
                and_(
                    col(Gathering.cancelled_at).is_(None),
                    waiting > 0,
                    or_(col(Gathering.places).is_(None), seated < col(Gathering.places)),
                ),
            )
        )
    )
    remedy = "Change the number of places: whoever waits moves up; look for who wrote past the application."
    return report("Gatherings whose places and sign-ups disagree", list(wrong), remedy)
