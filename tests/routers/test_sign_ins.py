"""Before sign-in, over HTTP: the password form, guessing, refresh tokens, one-time links."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.core.security.passwords import VaultBusy
from app.domain.throttles import FREE
from app.models.employees import Employee
from app.models.sessions import Session, SignIn, SignInThrottle
from app.services import links, sessions
from tests.support.accounts import OTHER, PASSWORD, give_password, sign_in, try_sign_in
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


@pytest.fixture
async def nobody(app: FastAPI, cast: Cast, speak: Speak) -> Client:
    """A client of nobody, where Alice and Max have a password."""
    await give_password(app, cast["Alice"], cast["Max"])
    return speak("")


@pytest.fixture
def hashed(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """What was given to the vault to verify against, in order."""
    seen: list[str | None] = []
    verify = app.state.wiring.vault.verify

    async def watch(password: str, stored: str | None) -> bool:
        seen.append(stored)
        fits: bool = await verify(password, stored)
        return fits

    monkeypatch.setattr(app.state.wiring.vault, "verify", watch)
    return seen


class Hands:
    """The hands of the clock that the application reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment: datetime = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.moment)

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture(autouse=True)
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clock stands still unless a test moves it: waits don't end by themselves."""
    return Hands(monkeypatch)


async def count(database: Database, table: Any) -> int:
    async with database.reader() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_the_form_gives_tokens_that_open_the_api(
    nobody: Client, cast: Cast, database: Database
) -> None:
    answer = await try_sign_in(
        nobody, f"  {(cast['Alice'].email or '').upper()} ", grant_type="password", scope=""
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert set(tokens) == {"access_token", "refresh_token", "token_type", "expires_in", "device"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 600)
    nobody.http.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    assert (await nobody.get("/me"))["id"] == cast["Alice"].id
    assert await count(database, SignIn) == 1
    refreshed = (
        await nobody.request("POST", "/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    ).json()
    assert set(refreshed) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert refreshed["refresh_token"] != tokens["refresh_token"]
    assert await count(database, SignIn) == 1


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ("", {"/username", "/password"}),
        ("username=a", {"/password"}),
        ("username=a&password=", {"/password"}),
        ("username=a&password=b&grant_type=refresh_token", {"/grant_type"}),
        ("username=a&password=b&remember=1", {"/remember"}),
        ("username=a&password=b&password=c", {"/password"}),
        ("username=a%00&password=b", {"/username"}),
        ("username=a&password=b%00c", {"/password"}),
        ("username=a&password=%FF", {""}),
        ("username=a&password", {""}),
        ("username=" + "a" * 321 + "&password=b", {"/username"}),
        ("username=a&password=" + "b" * 1001, {"/password"}),
        ("username=a&password=" + "b" * 1_000_000, {"/password"}),
        ("username=a&password=b&device=" + "c" * 201, {"/device"}),
        ("&".join(f"f{number}=x" for number in range(30)), {""}),
    ],
)
async def test_a_form_that_is_not_right_is_refused_without_hashing(
    nobody: Client, hashed: list[str | None], body: str, pointers: set[str]
) -> None:
    problem = await nobody.refused(
        "POST",
        "/auth/token",
        422,
        "requests.invalid",
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert {error["pointer"] for error in problem["errors"]} == pointers
    assert hashed == []


async def test_what_is_no_form_is_refused(nobody: Client) -> None:
    body = {"username": "a", "password": "b"}
    for sent in ({"json": body}, {"data": body, "files": {"f": b"x"}}, {"content": "username=a&password=b"}):
        await nobody.refused("POST", "/auth/token", 415, "requests.not-a-form", **sent)


async def test_a_refusal_does_not_tell_who_has_an_account(
    app: FastAPI, nobody: Client, cast: Cast, database: Database, hashed: list[str | None]
) -> None:
    await give_password(app, cast["Pete"], cast["Olga"])
    async with database.writer() as session:
        (await session.get_one(Employee, cast["Pete"].id)).active = False
        (await session.get_one(Employee, cast["Olga"].id)).kind = "placeholder"
    answers = [
        await try_sign_in(nobody, email, password)
        for email, password in (
            (cast["Alice"].email, OTHER),
            ("nobody@company.example", PASSWORD),
            (cast["Bob"].email, PASSWORD),
            (cast["Pete"].email, PASSWORD),
            (cast["Olga"].email, PASSWORD),
        )
    ]
    bodies = [answer.json() | {"instance": ""} for answer in answers]
    headers = [dict(answer.headers) | {"x-request-id": "", "content-length": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert bodies[0]["code"] == "sessions.wrong-credentials"
    assert all(body == bodies[0] for body in bodies)
    assert all(header == headers[0] for header in headers)
    assert len(hashed) == 5
    assert hashed[1:] == [None] * 4
    assert await count(database, Session) == 0
    assert await count(database, SignInThrottle) == 5


async def test_no_transaction_is_open_while_a_password_is_hashed(
    app: FastAPI, nobody: Client, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify(password: str, stored: str | None) -> bool:
        gates = [database._write_gate, database._read_gate]  # noqa: SLF001  what is held can't be seen otherwise
        assert [gate._value for gate in gates] == free  # noqa: SLF001
        return True

    free = [database._write_gate._value, database._read_gate._value]  # noqa: SLF001
    monkeypatch.setattr(app.state.wiring.vault, "verify", verify)
    await sign_in(nobody, cast["Alice"])


@pytest.mark.parametrize("change", ["password_hash", "active", "email"])
async def test_an_account_that_changes_while_hashing_lets_nobody_in(
    app: FastAPI, nobody: Client, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    values: dict[str, Any] = {"password_hash": "changed", "active": False, "email": "new@company.example"}

    async def verify(password: str, stored: str | None) -> bool:
        async with database.writer() as session:
            setattr(await session.get_one(Employee, cast["Alice"].id), change, values[change])
        return True

    monkeypatch.setattr(app.state.wiring.vault, "verify", verify)
    assert (await try_sign_in(nobody, cast["Alice"].email)).status_code == 401
    assert await count(database, Session) == 0


async def test_a_hash_of_old_parameters_is_made_anew(
    app: FastAPI, nobody: Client, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.reader() as session:
        before = (await session.get_one(Employee, cast["Alice"].id)).password_hash
    monkeypatch.setattr(app.state.wiring.vault, "needs_rehash", lambda stored: stored == before)
    await sign_in(nobody, cast["Alice"])
    async with database.reader() as session:
        assert (await session.get_one(Employee, cast["Alice"].id)).password_hash != before
    await sign_in(nobody, cast["Alice"])


async def test_a_vault_that_is_full_says_so_and_counts_nothing(
    app: FastAPI, nobody: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify(password: str, stored: str | None) -> bool:
        raise VaultBusy

    with monkeypatch.context() as patched:
        patched.setattr(app.state.wiring.vault, "verify", verify)
        for _ in range(FREE + 2):
            answer = await try_sign_in(nobody, cast["Alice"].email)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    await sign_in(nobody, cast["Alice"])


async def test_guessing_is_slowed_down_alike_for_accounts_that_are_not(
    nobody: Client, cast: Cast, hashed: list[str | None], hands: Hands
) -> None:
    refusals = []
    for email in (cast["Alice"].email, "nobody@company.example"):
        answers = [await try_sign_in(nobody, email, OTHER) for _ in range(FREE + 5)]
        assert [answer.status_code for answer in answers] == [401] * FREE + [429] * 5
        refusals.append((answers[-1].headers["retry-after"], answers[-1].json() | {"instance": ""}))
    assert refusals[0] == refusals[1]
    assert refusals[0][0] == "1"
    assert len(hashed) == 2 * FREE


async def test_nobody_is_locked_out_by_somebody_elses_guesses(
    nobody: Client, cast: Cast, speak: Speak, hashed: list[str | None]
) -> None:
    device = (await sign_in(nobody, cast["Alice"]))["device"]
    await sign_in(nobody, cast["Alice"])
    attackers = await asyncio.gather(
        *(
            speak("Max").request(
                "POST", "/auth/token", data={"username": cast["Alice"].email, "password": f"{OTHER} {number}"}
            )
            for number in range(200)
        )
    )
    assert len(hashed) == 2 + FREE
    assert {answer.status_code for answer in attackers} == {401, 429}
    assert (await try_sign_in(nobody, cast["Alice"].email)).status_code == 429
    assert (await try_sign_in(nobody, cast["Alice"].email, device="x." + device)).status_code == 429
    assert (await nobody.get("/me"))["id"] == cast["Alice"].id
    assert (await sign_in(nobody, cast["Alice"], device=device))["device"] == device
    foreign = (await sign_in(nobody, cast["Max"]))["device"]
    assert (await try_sign_in(nobody, cast["Alice"].email, device=foreign)).status_code == 429


async def test_a_browser_is_known_by_its_cookie(nobody: Client, cast: Cast) -> None:
    entered = await try_sign_in(nobody, cast["Alice"].email)
    cookie = entered.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth"):
        assert part in cookie
    kept = dict(nobody.http.cookies)
    for _ in range(FREE + 1):
        await try_sign_in(nobody, cast["Alice"].email, OTHER)
    assert (await try_sign_in(nobody, cast["Alice"].email)).status_code == 429
    nobody.http.cookies.update(kept)
    form = {"username": cast["Alice"].email, "password": PASSWORD}
    assert (await nobody.request("POST", "/auth/token", data=form)).status_code == 200


async def test_a_device_that_guesses_is_slowed_down_too(nobody: Client, cast: Cast) -> None:
    device = (await sign_in(nobody, cast["Alice"]))["device"]
    answers = [await try_sign_in(nobody, cast["Alice"].email, OTHER, device=device) for _ in range(FREE + 1)]
    assert [answer.status_code for answer in answers] == [401] * FREE + [429]
    assert (await try_sign_in(nobody, cast["Alice"].email)).status_code == 200


async def test_the_right_password_sent_often_at_once_is_no_guessing(nobody: Client, cast: Cast) -> None:
    form = {"username": cast["Alice"].email, "password": PASSWORD}
    answers = await asyncio.gather(*(nobody.request("POST", "/auth/token", data=form) for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}


async def test_refresh_tokens_rotate_and_a_stolen_one_ends_the_session(
    nobody: Client, cast: Cast, hands: Hands
) -> None:
    tokens = [(await sign_in(nobody, cast["Alice"]))["refresh_token"]]

    async def refresh(token: str) -> tuple[int, str]:
        answer = await nobody.request("POST", "/auth/refresh", json={"refresh_token": token})
        return answer.status_code, answer.json().get("refresh_token") or answer.json()["code"]

    hands.move(minutes=5)
    parallel = await asyncio.gather(*(refresh(tokens[0]) for _ in range(50)))
    assert len(set(parallel)) == 1
    tokens.append(parallel[0][1])
    hands.move(seconds=9)
    assert await refresh(tokens[0]) == (200, tokens[1])
    status, newest = await refresh(tokens[1])
    assert status == 200
    hands.move(seconds=2)
    assert await refresh(tokens[0]) == (401, "sessions.over")
    assert await refresh(newest) == (401, "sessions.over")
    await nobody.refused("GET", "/me", 401, "auth.required")
    hands.move(days=-1)
    assert await refresh(newest) == (401, "sessions.over")


@pytest.mark.parametrize("token", ["nonsense", "a.0.b", "é", "k3v7q2m5x4z6b7n2c5w3r4t6.0." + "A" * 43])
async def test_a_made_up_refresh_token_is_refused(nobody: Client, token: str) -> None:
    await nobody.refused("POST", "/auth/refresh", 401, "sessions.over", json={"refresh_token": token})


async def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(
    nobody: Client, cast: Cast
) -> None:
    tokens = await sign_in(nobody, cast["Alice"])
    for body in ({"refresh_token": tokens["access_token"]}, {}, {"refresh_token": None}, {"token": "x"}):
        await nobody.refused("POST", "/auth/refresh", 422, json=body)
    nobody.http.headers["Authorization"] = f"Bearer {tokens['refresh_token']}"
    await nobody.refused("GET", "/me", 401)


@pytest.mark.parametrize(
    ("moved", "stands"), [({"minutes": 31}, True), ({"hours": 13}, True), ({"days": 31}, False)]
)
async def test_a_session_lasts_thirty_days_without_use(
    nobody: Client, cast: Cast, hands: Hands, moved: dict[str, float], stands: bool
) -> None:
    tokens = await sign_in(nobody, cast["Alice"])
    hands.move(**moved)
    await nobody.refused("GET", "/me", 401, "auth.required")
    answer = await nobody.request("POST", "/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert answer.status_code == (200 if stands else 401)
    hands.move(**{unit: -amount for unit, amount in moved.items()})
    hands.move(seconds=30)
    if not stands:
        await nobody.refused("GET", "/me", 401, "auth.required")
        await nobody.refused(
            "POST", "/auth/refresh", 401, "sessions.over", json={"refresh_token": tokens["refresh_token"]}
        )


async def issue(database: Database, person: Employee, purpose: str = "reset") -> str:
    async with database.writer() as session:
        return await links.issue(session, person, purpose, now=clock.now())


async def test_a_link_sets_a_password_once_and_opens_nothing(
    nobody: Client, cast: Cast, database: Database
) -> None:
    await sign_in(nobody, cast["Alice"])
    body = {"link": await issue(database, cast["Alice"]), "password": OTHER}
    answers = await asyncio.gather(*(nobody.request("POST", "/auth/password", json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [204] + [422] * 19
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"links.not-valid"}
    await nobody.refused("GET", "/me", 401)
    assert await count(database, Session) == 1
    assert (await try_sign_in(nobody, cast["Alice"].email)).status_code == 401
    await sign_in(nobody, cast["Alice"], OTHER)


async def test_a_password_that_is_too_weak_does_not_use_the_link_up(
    nobody: Client, cast: Cast, database: Database
) -> None:
    link = await issue(database, cast["Pete"], "invitation")
    for weak in ("short", "Ideabox2026Ideabox2026", "Pete Pete Pete Pete", "x\0" * 20):
        problem = await nobody.refused("POST", "/auth/password", 422, json={"link": link, "password": weak})
        assert problem["errors"][0]["pointer"] == "/password"
    set_password = await nobody.request("POST", "/auth/password", json={"link": link, "password": OTHER})
    assert set_password.status_code == 204
    await sign_in(nobody, cast["Pete"], OTHER)


async def test_links_end_by_time_by_newer_ones_and_by_a_change_of_password(
    nobody: Client, cast: Cast, database: Database, hands: Hands
) -> None:
    older = await issue(database, cast["Alice"])
    newer = await issue(database, cast["Alice"])
    await nobody.refused("POST", "/auth/password", 422, json={"link": older, "password": OTHER})
    await sign_in(nobody, cast["Alice"])
    changed = await nobody.request("PUT", "/me/password", json={"current": PASSWORD, "new": OTHER})
    assert changed.status_code == 204
    await nobody.refused("POST", "/auth/password", 422, json={"link": newer, "password": OTHER})
    late = await issue(database, cast["Max"])
    hands.move(hours=1)
    for link in (late, "nonsense"):
        await nobody.refused(
            "POST", "/auth/password", 422, "links.not-valid", json={"link": link, "password": OTHER}
        )


async def test_a_reset_opens_the_way_past_an_attack(nobody: Client, cast: Cast, database: Database) -> None:
    link = await issue(database, cast["Alice"])
    for _ in range(FREE + 1):
        await try_sign_in(nobody, cast["Alice"].email, "wrong")
    reset = await nobody.request("POST", "/auth/password", json={"link": link, "password": OTHER})
    kept = dict(nobody.http.cookies)
    assert reset.status_code == 204
    for _ in range(FREE + 1):
        await try_sign_in(nobody, cast["Alice"].email, "wrong")
    assert (await try_sign_in(nobody, cast["Alice"].email, OTHER)).status_code == 429
    nobody.http.cookies.update(kept)
    form = {"username": cast["Alice"].email, "password": OTHER}
    assert (await nobody.request("POST", "/auth/token", data=form)).status_code == 200


async def test_a_sign_in_beside_a_change_of_password_does_not_outlive_it(
    app: FastAPI, nobody: Client, cast: Cast, database: Database
) -> None:
    link = await issue(database, cast["Alice"])
    form = {"username": cast["Alice"].email, "password": PASSWORD}
    await asyncio.gather(
        *(nobody.request("POST", "/auth/token", data=form) for _ in range(6)),
        nobody.request("POST", "/auth/password", json={"link": link, "password": OTHER}),
    )
    async with database.reader() as session:
        standing = await session.scalar(
            select(func.count()).select_from(Session).where(col(Session.revoked_at).is_(None))
        )
    assert standing == 0


async def test_opening_needs_no_password(database: Database, cast: Cast) -> None:
    async with database.writer() as session:
        for _ in range(100):
            await sessions.open(session, cast["Alice"], client="", now=clock.now())
    assert await count(database, SignIn) == await count(database, Session) == 100
