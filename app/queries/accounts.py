"""Reading accounts: who may sign in, by what name."""

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession, WriteSession
from app.models.employees import Employee


async def find_by_email(session: ReadSession, email: str) -> Employee | None:
    """Return whoever may sign in with an e-mail address, folded as `names.fold_email` does."""
    found = await session.scalar(select(Employee).where(col(Employee.email) == email))
    return found if found is not None and may_sign_in(found) else None


async def find_held(session: WriteSession, employee_id: str) -> Employee | None:
    """Return a person as they are now, held until the end of the transaction.

    Whoever opens sessions, ends them all, sets a password or makes links holds the person first: so a
    session can't slip in beside a change of password. References to the person are not kept waiting.
    """
    if not ids.is_valid(employee_id):
        return None
    found: Employee | None = await session.scalar(
        select(Employee)
        .where(col(Employee.id) == employee_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found


def may_sign_in(person: Employee) -> bool:
    """Tell whether an account is open: active, and not a stand-in for the author of imported ideas."""
    return person.active and person.kind != "placeholder"
