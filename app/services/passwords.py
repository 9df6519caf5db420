"""Passwords: verified, changed by who knows the old one, set by who holds a link.

Hashing takes some 30 ms of a processor, and longer when many wait: no transaction is open meanwhile.
"""

from datetime import datetime

from app.core.blocklist import common_passwords
from app.core.db import Database, WriteSession
from app.core.security.passwords import PasswordVault, VaultBusy
from app.core.security.seals import Seals
from app.domain import passwords
from app.domain.actors import Actor
from app.domain.errors import Invalid, Unavailable
from app.domain.events import PasswordSet
from app.domain.links import LinkNotValid
from app.models.employees import Employee
from app.queries import accounts
from app.services import events, links, sessions, throttles


class CurrentPasswordWrong(Invalid):
    """The present password is not right."""

    code = "passwords.current-wrong"


class VaultOverrun(Unavailable):
    """Too many people sign in at this moment: try again in a few seconds."""

    code = "passwords.too-busy"


async def verify(
    database: Database,
    vault: PasswordVault,
    password: str,
    stored: str | None,
    *,
    subject: str,
    now: datetime,
) -> bool:
    """Tell whether a password fits a stored hash, as one counted attempt; `None` costs the same.

    Raises: TooManyAttempts, VaultOverrun (the attempt is not counted then).
    """
    async with database.writer() as session:
        await throttles.count_attempt(session, subject, now=now)
    return await compare(database, vault, password, stored, subject=subject)


async def compare(
    database: Database, vault: PasswordVault, password: str, stored: str | None, *, subject: str
) -> bool:
    """Tell whether a password fits a stored hash, in an attempt that was counted; `None` costs the same.

    Raises: VaultOverrun (the attempt is uncounted then).
    """
    try:
        return await vault.verify(password, stored)
    except VaultBusy as error:
        async with database.writer() as session:
            await throttles.take_back(session, subject)
        raise VaultOverrun from error


async def renew(
    database: Database, vault: PasswordVault, employee_id: str, password: str, stored: str
) -> None:
    """Store a password that was given rightly under the present parameters, unless it was changed meanwhile.

    Raises: VaultOverrun.
    """
    fresh = await make_hash(vault, password)
    async with database.writer() as session:
        held = await accounts.find_held(session, employee_id)
        if held is not None and held.password_hash == stored:
            held.password_hash = fresh


async def make_hash(vault: PasswordVault, password: str) -> str:
    """Return the hash of a password that passed the policy.

    Raises: VaultOverrun.
    """
    try:
        return await vault.hash(password)
    except VaultBusy as error:
        raise VaultOverrun from error


def check(person: Employee, password: str, *, company: str, pointer: str) -> None:
    """Check a password that somebody chooses.

    Raises: PasswordUnusable, PasswordTooWeak.
    """
    words = (person.name, person.email or "", company)
    passwords.check_password(password, common=common_passwords(), context_words=words, pointer=pointer)


async def change(
    database: Database,
    vault: PasswordVault,
    seals: Seals,
    actor: Actor,
    *,
    current: str,
    new: str,
    company: str,
    now: datetime,
) -> None:
    """Change the actor's password; ends the other sessions and cancels links.

    Raises: TooManyAttempts, CurrentPasswordWrong, PasswordUnusable, PasswordTooWeak, VaultOverrun.
    """
    subject = throttles.name_person(seals, actor.id)
    async with throttles.take_turn(subject):
        async with database.reader() as session:
            await throttles.check(session, subject, now=now)
            person = await session.get_one(Employee, actor.id)
        stored = person.password_hash
        if not await verify(database, vault, current, stored, subject=subject, now=now):
            raise CurrentPasswordWrong.at("/current")
        async with database.writer() as session:
            await throttles.forgive(session, subject)
    check(person, new, company=company, pointer="/new")
    fresh = await make_hash(vault, new)
    async with database.writer() as session:
        held = await accounts.find_held(session, actor.id)
        if held is None or not accounts.may_sign_in(held) or held.password_hash != stored:
            raise CurrentPasswordWrong.at("/current")
        await _put(session, held, fresh, but=actor.session_id, now=now)


async def redeem(
    database: Database,
    vault: PasswordVault,
    seals: Seals,
    *,
    link: str,
    password: str,
    company: str,
    now: datetime,
) -> str:
    """Set the password of whoever a link belongs to; returns the account's name, and opens no session.

    A password that the policy refuses does not use the link up.

    Raises: LinkNotValid, PasswordUnusable, PasswordTooWeak, VaultOverrun.
    """
    async with database.reader() as session:
        person = await links.get_person(session, link, now=now)
    check(person, password, company=company, pointer="/password")
    fresh = await make_hash(vault, password)
    async with database.writer() as session:
        held = await accounts.find_held(session, person.id)
        if held is None or not accounts.may_sign_in(held):
            raise LinkNotValid.at("/link")
        await links.use(session, link, now=now)
        await _put(session, held, fresh, but=None, now=now)
        account = held.email or ""
        # Guesses at the old password say nothing of the new one.
        await throttles.forgive(session, throttles.name_place(seals, account))
    return account


async def _put(session: WriteSession, held: Employee, fresh: str, *, but: str | None, now: datetime) -> None:
    held.password_hash = fresh
    await session.flush()
    await links.cancel(session, held.id, now=now)
    await sessions.revoke_all(session, held.id, why="password", now=now, but=but)
    events.record(session, PasswordSet(held.id), actor_id=held.id, now=now)
