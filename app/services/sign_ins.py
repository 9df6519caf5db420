"""Signing in with a password, and staying signed in."""

from dataclasses import dataclass
from datetime import datetime

from app.core.db import Database
from app.core.security import devices, refresh_tokens
from app.core.security.passwords import PasswordVault
from app.core.security.seals import Seals
from app.domain import names
from app.domain.sessions import Lifetimes, Verdict, WrongCredentials
from app.models.employees import Employee
from app.queries import accounts
from app.schemas.sessions import SignIn
from app.services import passwords, sessions, throttles
from app.services.sessions import Opened


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session, and the secret by which the device is known the next time."""

    opened: Opened
    device: str


async def sign_in(
    database: Database,
    vault: PasswordVault,
    seals: Seals,
    *,
    values: SignIn,
    client: str,
    now: datetime,
    lifetimes: Lifetimes,
) -> SignedIn:
    """Sign in with e-mail address and password.

    1. Look whether it is this place's turn, and read the account.
    2. Count the attempt, and commit.
    3. Hash, once, whether there is such an account or not; nothing is open meanwhile.
    4. Hold the account, see that it is still open and has the same hash; open the session, forgive the count.

    Raises: WrongCredentials (the same after the same work, whatever is wrong), TooManyAttempts, VaultOverrun.
    """
    account = names.fold_email(values.username)
    subject = throttles.name_place(seals, account, values.device)
    async with throttles.take_turn(subject):
        async with database.reader() as session:
            await throttles.check(session, subject, now=now)
            person = await accounts.find_by_email(session, account)
        stored = person.password_hash if person else None
        fits = await passwords.verify(database, vault, values.password, stored, subject=subject, now=now)
        if not fits or person is None or stored is None:
            raise WrongCredentials
        fresh = await passwords.make_hash(vault, values.password) if vault.needs_rehash(stored) else None
        async with database.writer() as session:
            held = await accounts.find_held(session, person.id)
            if held is None or not _is_same(held, account, stored):
                raise WrongCredentials
            held.password_hash = fresh or stored
            opened = await sessions.open(session, held, client=client, now=now, lifetimes=lifetimes)
            await throttles.forgive(session, subject)
    known = devices.find(seals, values.device, account) is not None
    return SignedIn(opened, values.device if known else devices.issue(seals, account))


async def refresh(
    database: Database, seals: Seals, token: str, *, now: datetime, lifetimes: Lifetimes
) -> tuple[Opened | None, bool]:
    """Prolong a session; gives what stands, None for a token that is worth nothing, and whether it ended now.

    A token that was used before ends its session, except within a few seconds (`domain.sessions.judge`).
    """
    claimed = refresh_tokens.read(seals, token)
    if claimed is None:
        return None, False
    async with database.writer() as session:
        outcome = await sessions.rotate(session, *claimed, now=now, lifetimes=lifetimes)
    if isinstance(outcome, Opened):
        return outcome, False
    return None, outcome is not Verdict.REFUSED


def _is_same(held: Employee, account: str, stored: str) -> bool:
    return accounts.may_sign_in(held) and held.email == account and held.password_hash == stored
