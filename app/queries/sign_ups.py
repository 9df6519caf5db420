"""Reading who signed up for a gathering and who came: for its hosts only."""

from sqlalchemy import and_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place, write
from app.domain.actors import Actor
from app.models.employees import Employee
from app.models.gatherings import Attendance, SignUp
from app.queries.gatherings import get_hosted
from app.schemas.shapes import Named
from app.schemas.sign_ups import Attendant


async def list_sign_ups(
    session: ReadSession, actor: Actor, gathering_id: str, *, after: Place | None, limit: int
) -> tuple[list[Attendant], Place | None]:
    """Return a page of those who signed up, in the order of coming.

    Raises: NoSuchGathering, NotHost.
    """
    await get_hosted(session, actor, gathering_id)
    statement = (
        select(SignUp, col(Employee.name), col(Attendance.id))
        .join(Employee, col(Employee.id) == col(SignUp.employee_id))
        .outerjoin(
            Attendance,
            and_(
                col(Attendance.gathering_id) == col(SignUp.gathering_id),
                col(Attendance.employee_id) == col(SignUp.employee_id),
            ),
        )
        .where(col(SignUp.gathering_id) == gathering_id)
        .order_by(col(SignUp.number))
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(col(SignUp.number) > after[0])
    rows = (await session.execute(statement)).all()
    items = [
        Attendant.model_validate(
            {
                "employee": Named(id=row.employee_id, name=name),
                "state": row.state,
                "signed_up_at": row.signed_up_at,
                "attended": attendance is not None,
            }
        )
        for row, name, attendance in rows[:limit]
    ]
    return items, write(rows[limit - 1][0].number) if len(rows) > limit else None
