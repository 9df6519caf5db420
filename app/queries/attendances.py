"""Reading who was at a gathering: for its hosts only."""

from sqlalchemy import String, and_, literal, select, tuple_
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place, write
from app.domain.actors import Actor
from app.models.employees import Employee
from app.models.gatherings import Attendance, SignUp
from app.queries.gatherings import get_hosted
from app.schemas.attendances import Attended
from app.schemas.shapes import Named


async def list_attendances(
    session: ReadSession, actor: Actor, gathering_id: str, *, after: Place | None, limit: int
) -> tuple[list[Attended], Place | None]:
    """Return a page of those who were there, by name.

    Raises: NoSuchGathering, NotHost.
    """
    await get_hosted(session, actor, gathering_id)
    order = (col(Employee.folded_name), col(Employee.id))
    statement = (
        select(Attendance, col(Employee.name), col(Employee.folded_name), col(SignUp.state))
        .join(Employee, col(Employee.id) == col(Attendance.employee_id))
        .outerjoin(
            SignUp,
            and_(
                col(SignUp.gathering_id) == col(Attendance.gathering_id),
                col(SignUp.employee_id) == col(Attendance.employee_id),
            ),
        )
        .where(col(Attendance.gathering_id) == gathering_id)
        .order_by(*order)
        .limit(limit + 1)
    )
    if after is not None:
        place = tuple_(*(literal(value, String()) for value in after))
        statement = statement.where(tuple_(*order) > place)
    rows = (await session.execute(statement)).all()
    items = [
        Attended.model_validate(
            {
                "employee": Named(id=row.employee_id, name=name),
                "at": row.at,
                "by_hand": row.noted_by_id is not None,
                "state": state,
            }
        )
        for row, name, _, state in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return items, write(last[2], last[0].employee_id) if last is not None else None
