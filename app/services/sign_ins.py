"""Signing in with a password, and staying signed in."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import ids
from app.core.db import Database
from app.core.lanes import Fetching
from app.core.security import devices, refresh_tokens
from app.core.security.passwords import PasswordVault
from app.core.security.seals import Seals
from app.domain import names
from app.domain.sessions import Lifetimes, Verdict, WrongCredentials, describe_client, find_end
from app.schemas.sessions import SignIn
from app.services import passwords, sessions, throttles
from app.services import sign_in_statements as statements
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

    1. Count the attempt, read the account, and commit.
    2. Hash, once, whether there is such an account or not; nothing is open meanwhile.
    3. Hold the account, see that it is still open and has the same hash; open the session, forgive the count.

    Raises: WrongCredentials (the same after the same work, whatever is wrong), TooManyAttempts, VaultOverrun.
    """
    account = names.fold_email(values.username)
    subject = throttles.name_place(seals, account, values.device)
    async with throttles.take_turn(subject):
        person_id, stored = await _begin(database, subject, account, now=now)
        fits = await passwords.compare(database, vault, values.password, stored, subject=subject)
        if not fits or person_id is None or stored is None:
            raise WrongCredentials
        session_id = ids.new()
        entering = {
            "person": person_id,
            "account": account,
            "stored": stored,
            "session": session_id,
            "entry": ids.new(),
            "client": describe_client(client),
            "now": now,
            "until": find_end(now, now, lifetimes),
            "subject": subject,
        }
        async with database.writing_lane() as lane:
            if not await _enter(lane, entering):
                raise WrongCredentials
        if vault.needs_rehash(stored):
            with suppress(passwords.VaultOverrun):  # the next sign-in will do
                await passwords.renew(database, vault, person_id, values.password, stored)
    known = devices.find(seals, values.device, account) is not None
    opened = Opened(session_id, person_id, 0)
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


async def _begin(
    database: Database, subject: str, account: str, *, now: datetime
) -> tuple[str | None, str | None]:
    """Count an attempt; return who has the account and the hash of their password, if anybody has."""
    values = {"subject": subject, "account": account, "now": now}
    async with database.writing_lane() as lane:
        if lane.engine == "postgresql":
            ((first, person_id, stored),) = await lane.fetch(statements.BEGIN, values)
        else:
            first = bool(await lane.fetch(statements.COUNT, values))
            found = await lane.fetch(statements.READ, values)
            person_id, stored = found[0] if found else (None, None)
    if not first:
        async with database.writer() as session:
            await throttles.count_attempt(session, subject, now=now)
    return person_id, stored


async def _enter(lane: Fetching, values: dict[str, Any]) -> bool:
    """Open a session if the account is as it was; tells whether it is."""
    if lane.engine == "postgresql":
        return bool(await lane.fetch(statements.ENTER, values))
    if not await lane.fetch(statements.HOLD, values):
        return False
    for step in statements.STEPS:
        await lane.fetch(step, values)
    return True
