"""Taking turns: what a person changes of their own, one change after the other."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.models.employees import Employee


async def take(session: WriteSession, employee_id: str) -> None:
    """Wait until no other change of this person's own things runs; two at once would both add the same row."""
    await session.execute(
        select(col(Employee.id)).where(col(Employee.id) == employee_id).with_for_update(key_share=True)
    )
