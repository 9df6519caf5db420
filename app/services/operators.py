"""Accounts of those who run the installation, made on the command line, outside the headcount."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core import locks
from app.core.db import Database, ReadSession
from app.core.security.passwords import PasswordVault
from app.domain import names
from app.domain.directory_rows import is_email
from app.domain.employees import NoSuchEmployee
from app.domain.errors import Conflict, Invalid
from app.domain.roles import Role
from app.models.employees import Employee
from app.queries import accounts
from app.schemas.employees import GrantRole
from app.services import passwords, rerouting, roles


class EmailTaken(Conflict):
    """This e-mail address belongs to another account."""

    code = "operators.email-taken"


class NotAnEmail(Invalid):
    """This is not an e-mail address."""

    code = "operators.bad-email"


class NotAName(Invalid):
    """This can't be anybody's name."""

    code = "operators.bad-name"


async def create_admin(
    database: Database, vault: PasswordVault, *, email: str, name: str, password: str, now: datetime
) -> Employee:
    """Make an active admin who works in no entity and counts in no headcount.

    The password is hashed before the transaction begins.

    Raises: NotAnEmail, NotAName, PasswordUnusable, PasswordTooWeak, VaultOverrun, EmailTaken.
    """
    person = Employee(email=names.fold_email(email), name=names.tidy(name), kind="operator", created_at=now)
    _check(person)
    passwords.check(person, password, company="", pointer="/password")
    person.password_hash = await passwords.make_hash(vault, password)
    async with database.writer() as session:
        await locks.take(session, locks.ORGANISATION)
        session.add(person)
        try:
            await session.flush()
        except IntegrityError as error:
            raise EmailTaken.at("/email") from error
        await roles.add(session, person.id, GrantRole(role=Role.ADMIN.value), actor_id=None, now=now)
        await rerouting.settle_all(session, now=now)
    return person


async def get_by_email(session: ReadSession, email: str) -> Employee:
    """Return whoever may sign in with an e-mail address.

    Raises: NoSuchEmployee.
    """
    found = await accounts.find_by_email(session, names.fold_email(email))
    if found is None:
        raise NoSuchEmployee
    return found


def _check(person: Employee) -> None:
    if not is_email(person.email or ""):
        raise NotAnEmail.at("/email")
    flaw = names.find_flaw(person.name)
    if flaw is not None:
        raise NotAName.at("/name", f"The name {names.FLAWS[flaw]}.")
