"""Who is asking: what is remembered of a sign-in, for how long, and what is never believed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jose import jws
from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database, DatabaseAway
from app.core.security.tokens import TokenSigner, TokenVerifier
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.sessions import Session
from app.services import authentication, sessions
from app.services.authentication import DEVELOPMENT_SESSION, Authenticator, SignInRequired
from tests.support.statements import counted
from tests.support.world import Cast, grant

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER = "https://ideas.example"
SECRET, LATER = "a secret of tests, long enough for it", "the secret that came after that one"
HELD = 0.5


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


def signer(secret: str = SECRET) -> TokenSigner:
    return TokenSigner(secret, issuer=ISSUER, installation_id=ISSUER)


def authenticator(database: Database, clock: Clock, *secrets: str, held: float = HELD) -> Authenticator:
    """One process's: several stand for several replicas."""
    verifier = TokenVerifier(secrets or (SECRET,), issuer=ISSUER, installation_id=ISSUER)
    return Authenticator(database, verifier, state_seconds=held, development=True, clock=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(database: Database, clock: Clock) -> Authenticator:
    return authenticator(database, clock)


@pytest.fixture
async def token(database: Database, cast: Cast) -> str:
    """A token of Alice's, with a session of its own."""
    async with database.writer() as session:
        opened = await sessions.open(session, cast["Alice"], client="", now=NOW)
    return signer().issue(opened.employee_id, opened.session_id, now=NOW)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens whose signatures were checked."""
    seen: list[str] = []
    verify = jws.verify

    def see(token: str, *arguments: Any, **options: Any) -> bytes:
        seen.append(token)
        return verify(token, *arguments, **options)

    monkeypatch.setattr(jws, "verify", see)
    return seen


async def end(database: Database, **values: object) -> None:
    """Change every session behind the back of the processes."""
    async with database.writer() as session:
        await session.execute(update(Session).values(**values))


async def refuses(here: Authenticator, token: str | None, now: datetime = NOW) -> bool:
    if token is not None and here.recall(token, now) is not None:
        return False
    try:
        await here.authenticate(token, now)
    except SignInRequired:
        return True
    return False


async def test_a_second_request_needs_neither_statement_nor_signature(
    here: Authenticator, database: Database, cast: Cast, token: str, checked: list[str]
) -> None:
    assert here.recall(token, NOW) is None
    actor = await here.authenticate(token, NOW)
    assert (actor.id, actor.entity_id) == (cast["Alice"].id, cast["Alice"].entity_id)
    with counted(database) as statements:
        assert here.recall(token, NOW) is actor
        assert await here.authenticate(token, NOW) is actor
    assert (statements, checked) == ([], [token])


async def test_the_state_is_read_again_when_its_time_is_over(
    here: Authenticator, database: Database, token: str, clock: Clock, checked: list[str]
) -> None:
    await here.authenticate(token, NOW)
    clock.moment += HELD
    assert here.recall(token, NOW) is None
    with counted(database) as statements:
        assert here.recall(token, NOW) is None
        await here.authenticate(token, NOW)
    assert (len(statements), checked) == (1, [token])


async def test_a_revocation_holds_within_half_a_second_on_every_replica(
    here: Authenticator, database: Database, token: str, clock: Clock
) -> None:
    there = authenticator(database, clock)
    for each in (here, there):
        assert await each.authenticate(token, NOW)
    await end(database, revoked_at=NOW)
    here.forget()
    assert await refuses(here, token)
    assert there.recall(token, NOW) is not None
    clock.moment += HELD
    assert await refuses(there, token)
    # What fell is remembered as well, so that hammering with it costs no statement each time.
    with counted(database) as statements:
        assert await refuses(there, token)
    assert statements == []


async def test_roles_and_departures_hold_after_the_same_time(
    here: Authenticator, database: Database, cast: Cast, token: str, clock: Clock
) -> None:
    assert not (await here.authenticate(token, NOW)).grants
    async with database.writer() as session:
        await grant(session, cast["Alice"], Role.ADMIN)
    clock.moment += HELD
    assert (await here.authenticate(token, NOW)).has(Role.ADMIN)
    async with database.writer() as session:
        await session.execute(
            update(Employee).where(col(Employee.id) == cast["Alice"].id).values(active=False)
        )
    assert here.recall(token, NOW) is not None
    clock.moment += HELD
    assert await refuses(here, token)


async def test_a_token_ends_although_its_sign_in_is_remembered(here: Authenticator, token: str) -> None:
    await here.authenticate(token, NOW)
    last = NOW + timedelta(minutes=10) - timedelta(microseconds=1)
    assert here.recall(token, last) is not None
    assert await refuses(here, token, NOW + timedelta(minutes=10))


async def test_a_clock_set_back_revives_nothing(here: Authenticator, token: str) -> None:
    await here.authenticate(token, NOW)
    assert await refuses(here, token, NOW + timedelta(minutes=10))
    assert await refuses(here, token, NOW)
    here.forget()
    assert await refuses(here, token, NOW)


async def test_a_token_that_came_too_late_stays_too_late(here: Authenticator, token: str) -> None:
    assert await refuses(here, token, NOW + timedelta(minutes=11))
    assert await refuses(here, token, NOW)


async def test_a_remembered_token_does_not_hold_before_its_start(here: Authenticator, token: str) -> None:
    await here.authenticate(token, NOW)
    assert here.recall(token, NOW - timedelta(seconds=30)) is not None
    assert await refuses(here, token, NOW - timedelta(seconds=31))


@pytest.mark.parametrize(
    ("ends", "at"),
    [
        pytest.param({"revoked_at": NOW}, NOW - timedelta(seconds=20), id="revoked, and the clock set back"),
        pytest.param({"expires_at": NOW}, NOW, id="ended by itself"),
    ],
)
async def test_trust_in_a_session_that_is_over_ends_with_the_time_it_is_held(
    here: Authenticator, database: Database, token: str, clock: Clock, ends: dict[str, datetime], at: datetime
) -> None:
    await here.authenticate(token, NOW)
    await end(database, **ends)
    clock.moment += HELD
    assert await refuses(here, token, at)


async def test_keys_that_were_rotated_away_open_nothing(database: Database, cast: Cast, clock: Clock) -> None:
    old = signer().issue(cast["Alice"].id, DEVELOPMENT_SESSION, now=NOW)
    new = signer(LATER).issue(cast["Alice"].id, DEVELOPMENT_SESSION, now=NOW)
    during, after = authenticator(database, clock, LATER, SECRET), authenticator(database, clock, LATER)
    assert not await refuses(during, old)
    assert not await refuses(during, new)
    assert not await refuses(after, new)
    assert await refuses(after, old)


async def test_forged_tokens_are_never_remembered(
    here: Authenticator, database: Database, token: str, checked: list[str]
) -> None:
    await here.authenticate(token, NOW)
    head, claims, signature = token.split(".")
    other = signer().issue("z" * 24, DEVELOPMENT_SESSION, now=NOW).split(".")[1]
    forged = [f"{head}.{claims}.{signature[:-4]}AAAA", f"{head}.{other}.{signature}"]
    with counted(database) as statements:
        for _ in range(2):
            for each in [*forged, token + "=", token.upper(), "", "\udcff", "x" * 5000]:
                assert await refuses(here, each)
    assert checked == [token, *forged, *forged]
    assert statements == []
    assert here.recall(token, NOW) is not None


async def test_nobody_and_development_tokens_in_production(
    database: Database, cast: Cast, here: Authenticator
) -> None:
    token = signer().issue(cast["Alice"].id, DEVELOPMENT_SESSION, now=NOW)
    verifier = TokenVerifier([SECRET], issuer=ISSUER, installation_id=ISSUER)
    strict = Authenticator(database, verifier, state_seconds=HELD, development=False)
    assert not await refuses(here, token)
    assert await refuses(strict, token)
    assert await refuses(strict, None)


async def test_many_at_once_read_the_state_once(
    here: Authenticator, database: Database, token: str, clock: Clock
) -> None:
    await here.authenticate(token, NOW)
    clock.moment += HELD
    with counted(database) as statements:
        actors = await asyncio.gather(*(here.authenticate(token, NOW) for _ in range(200)))
    assert len(statements) == 1
    assert len(set(map(id, actors))) == 1


async def test_who_leaves_first_does_not_take_the_answer_along(
    here: Authenticator, database: Database, token: str
) -> None:
    waiting = [asyncio.create_task(here.authenticate(token, NOW)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1] == found[2] == here.recall(token, NOW)


class Slow:
    """A database whose first answers wait until they are let go, as they were when they were read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.away = False
        self.read, self.go = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def reading_lane(self) -> AsyncIterator[Any]:
        if self.away:
            raise DatabaseAway
        async with self._database.reading_lane() as lane:
            yield lane
        if not self.read.is_set():
            self.read.set()
            await self.go.wait()


async def test_what_was_read_before_a_change_is_not_remembered_after_it(
    database: Database, clock: Clock, token: str
) -> None:
    slow = Slow(database)
    here = authenticator(slow, clock)  # type: ignore[arg-type]  # the part that is used
    early = asyncio.create_task(here.authenticate(token, NOW))
    await slow.read.wait()
    await end(database, revoked_at=NOW)
    here.forget()
    assert await refuses(here, token)  # does not join the one that has read already
    slow.go.set()
    assert await early  # it asked before the change
    assert here.recall(token, NOW) is None
    assert await refuses(here, token)


async def test_nobody_joins_a_reading_that_began_long_ago(
    database: Database, clock: Clock, token: str
) -> None:
    slow = Slow(database)
    here = authenticator(slow, clock)  # type: ignore[arg-type]  # the part that is used
    early = asyncio.create_task(here.authenticate(token, NOW))
    await slow.read.wait()
    await end(database, revoked_at=NOW)
    clock.moment += HELD
    assert await refuses(here, token)
    slow.go.set()
    assert await early
    assert await refuses(here, token)


async def test_a_database_that_is_away_is_told_to_everybody_and_remembered_by_nobody(
    database: Database, clock: Clock, token: str
) -> None:
    slow = Slow(database)
    slow.go.set()
    slow.away = True
    here = authenticator(slow, clock)  # type: ignore[arg-type]  # the part that is used
    found = await asyncio.gather(*(here.authenticate(token, NOW) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in found] == [DatabaseAway] * 5
    slow.away = False
    assert await here.authenticate(token, NOW)


async def test_a_flood_of_tokens_is_forgotten_from_its_beginning(
    here: Authenticator, cast: Cast, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authentication, "REMEMBERED", 3)
    await here.authenticate(token, NOW)
    flood = [signer().issue(cast["Bob"].id, DEVELOPMENT_SESSION, now=NOW) for _ in range(5)]
    for each in flood:
        await here.authenticate(each, NOW)
        await here.authenticate(token, NOW)  # in use, and so never the one that goes
    kept = [here.recall(each, NOW) is not None for each in flood]
    assert kept == [False, False, False, True, True]
    assert here.recall(token, NOW) is not None
    assert len(here._known) == 3  # noqa: SLF001  the memory itself


async def test_a_token_takes_little_memory(here: Authenticator, token: str) -> None:
    await here.authenticate(token, NOW)
    ((key, known),) = here._known.items()  # noqa: SLF001  the memory itself
    own = sum(map(sys.getsizeof, (key, known, known.person, *known.person, known.starts_at, known.ends_at)))
    assert own < 600
    assert token.encode() not in key
