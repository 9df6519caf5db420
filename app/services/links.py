"""One-time links: made, found again by their digest, cancelled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import ReadSession, WriteSession
from app.core.security import opaque
from app.domain import links, permissions
from app.domain.actors import Actor
from app.domain.employees import NoSuchEmployee
from app.domain.events import LinkIssued
from app.domain.links import AccountClosed, LinkNotValid, Purpose
from app.domain.permissions import Permission
from app.models.employees import Employee
from app.models.sessions import OneTimeLink
from app.queries import accounts
from app.services import events


@dataclass(frozen=True, slots=True)
class Issued:
    """A link as it is shown once: only the digest of its secret is kept."""

    secret: str
    purpose: Purpose
    expires_at: datetime


async def issue_as(
    session: WriteSession, actor: Actor, employee_id: str, *, purpose: str | None, now: datetime
) -> Issued:
    """Make a link for somebody; without a purpose, an invitation for who has no password yet, else a reset.

    Raises: RoleMissing, NoSuchEmployee, AccountClosed, AlreadyJoined.
    """
    permissions.check(actor, Permission.EMPLOYEES_INVITE)
    employee = await accounts.find_held(session, employee_id)
    if employee is None:
        raise NoSuchEmployee
    chosen = Purpose(purpose) if purpose else links.choose_purpose(has_password=bool(employee.password_hash))
    secret = await issue(session, employee, chosen, now=now, actor_id=actor.id)
    return Issued(secret, chosen, now + links.LIFETIMES[chosen])


async def issue(
    session: WriteSession, employee: Employee, purpose: str, *, now: datetime, actor_id: str | None = None
) -> str:
    """Make a link by which a person sets a password, and cancel those made before; returns its secret.

    `actor_id` is None on the command line.

    Raises: AccountClosed, AlreadyJoined, ValueError for another purpose than `invitation` and `reset`.
    """
    meant = Purpose(purpose)
    held = await accounts.find_held(session, employee.id)
    if held is None or not accounts.may_sign_in(held):
        raise AccountClosed
    links.check_purpose(meant, has_password=bool(held.password_hash))
    await cancel(session, employee.id, now=now)
    secret, digest = opaque.new_secret()
    session.add(
        OneTimeLink(
            employee_id=employee.id,
            purpose=meant.value,
            digest=digest,
            created_at=now,
            expires_at=now + links.LIFETIMES[meant],
        )
    )
    events.record(session, LinkIssued(employee.id, {"purpose": meant.value}), actor_id=actor_id, now=now)
    return secret


async def get_person(session: ReadSession, secret: str, *, now: datetime) -> Employee:
    """Return whom a link that can be used belongs to.

    Raises: LinkNotValid, the same for unknown, used, cancelled and expired ones and for closed accounts.
    """
    person: Employee | None = await session.scalar(
        select(Employee)
        .join(OneTimeLink, col(OneTimeLink.employee_id) == col(Employee.id))
        .where(
            col(OneTimeLink.digest) == opaque.digest(secret),
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
        )
    )
    if person is None or not accounts.may_sign_in(person):
        raise LinkNotValid.at("/link")
    return person


async def use(session: WriteSession, secret: str, *, now: datetime) -> None:
    """Use up a link; of any number at the same time, one succeeds.

    Raises: LinkNotValid.
    """
    used = await session.scalar(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.digest) == opaque.digest(secret),
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(OneTimeLink.id))
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise LinkNotValid.at("/link")


async def cancel(session: WriteSession, employee_id: str, *, now: datetime) -> None:
    """Make every link of a person useless."""
    await session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.employee_id) == employee_id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
