"""Passwords at rest, derived keys, and secrets stored as digests."""

import asyncio
import base64
import hashlib
import os
import statistics
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest
from passlib.context import CryptContext

from app.core import memory
from app.core.security import keys, opaque, passwords
from app.domain import passwords as policy

PASSWORD = "le chat dort sous la table"
SECRET = "a secret of an installation, long enough"


@pytest.fixture(scope="module")
async def vault() -> AsyncIterator[passwords.PasswordVault]:
    vault = passwords.PasswordVault(concurrency=2)
    yield vault
    vault.close()


@pytest.fixture(scope="module")
async def stored(vault: passwords.PasswordVault) -> str:
    return await vault.hash(PASSWORD)


async def test_a_hash_names_the_parameters_it_was_made_with(stored: str) -> None:
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_only_the_password_itself_fits(vault: passwords.PasswordVault, stored: str) -> None:
    assert await vault.verify(PASSWORD, stored)
    for other in (PASSWORD + " ", PASSWORD[:-1], PASSWORD.upper(), ""):
        assert not await vault.verify(other, stored)


async def test_two_hashes_of_one_password_differ(vault: passwords.PasswordVault, stored: str) -> None:
    assert await vault.hash(PASSWORD) != stored


async def test_nothing_is_cut_off_a_long_password(vault: passwords.PasswordVault) -> None:
    long = "".join(chr(97 + position % 26) for position in range(passwords.MAX_LENGTH))
    stored = await vault.hash(long)
    assert await vault.verify(long, stored)
    assert not await vault.verify(long[:72], stored)
    assert not await vault.verify(long[:-1] + "!", stored)


async def test_composed_and_decomposed_accents_are_one_password(vault: passwords.PasswordVault) -> None:
    stored = await vault.hash("h\u00e9las, tr\u00e8s fatigu\u00e9")
    assert await vault.verify("he\u0301las, tre\u0300s fatigue\u0301", stored)
    assert not await vault.verify("helas, tres fatigue", stored)


@pytest.mark.parametrize("unusable", ["x" * 1001, "x" * 1_000_000, "half a pair \ud800", "\U0001d160" * 1000])
async def test_what_is_no_password_is_refused_without_work(
    vault: passwords.PasswordVault, stored: str, monkeypatch: pytest.MonkeyPatch, unusable: str
) -> None:
    async def work(*_arguments: object) -> bool:
        pytest.fail("it was hashed")

    monkeypatch.setattr(vault, "_work", work)
    assert not await vault.verify(unusable, stored)
    assert not await vault.verify(unusable, None)
    with pytest.raises(ValueError, match="1,000"):
        await vault.hash(unusable)


async def test_an_unknown_account_costs_as_much_as_a_known_one(
    vault: passwords.PasswordVault, stored: str
) -> None:
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(12):
        for account, times in ((stored, known), (None, unknown)):
            start = time.perf_counter()
            assert not await vault.verify("a wrong password", account)
            times.append(time.perf_counter() - start)
    assert 0.5 < statistics.median(unknown) / statistics.median(known) < 2


@pytest.mark.parametrize("no_hash", [None, "", "!", "$2b$12$" + "x" * 53])
async def test_an_account_without_a_hash_that_we_know_never_fits(
    vault: passwords.PasswordVault, no_hash: str | None
) -> None:
    assert not await vault.verify(PASSWORD, no_hash)


async def test_the_stand_in_hash_admits_nobody_even_who_knows_its_password(
    vault: passwords.PasswordVault, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "_stand_in", stored)
    assert not await vault.verify(PASSWORD, None)


async def test_a_hash_of_other_parameters_fits_and_asks_to_be_replaced(
    vault: passwords.PasswordVault, stored: str
) -> None:
    older: str = CryptContext(
        schemes=["argon2"], argon2__memory_cost=8192, argon2__time_cost=1, argon2__parallelism=1
    ).hash(PASSWORD)
    assert await vault.verify(PASSWORD, older)
    assert vault.needs_rehash(older)
    assert not vault.needs_rehash(stored)


async def test_so_many_passwords_are_hashed_at_once_and_no_more() -> None:
    vault = passwords.PasswordVault(concurrency=2)
    release = threading.Event()
    running: list[int] = []

    def occupy() -> None:
        running.append(1)
        assert release.wait(10)
        running.pop()

    works = [asyncio.ensure_future(vault._work(occupy)) for _ in range(6)]  # noqa: SLF001  the gate itself
    while len(running) < 2:  # noqa: ASYNC110  two threads start, the loop only watches
        await asyncio.sleep(0.001)
    assert len(running) == 2
    release.set()
    await asyncio.gather(*works)
    vault.close()


async def test_a_line_that_is_too_long_is_refused(
    vault: passwords.PasswordVault, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "MAX_WAITING", 3)
    answers = await asyncio.gather(
        *(vault.verify(PASSWORD, stored) for _ in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [
        bool,
        bool,
        bool,
        passwords.VaultBusy,
        passwords.VaultBusy,
    ]
    assert await vault.verify(PASSWORD, stored)


def test_policy_and_vault_agree_on_the_longest_password() -> None:
    assert passwords.MAX_LENGTH == policy.MAX_LENGTH


def test_every_replica_derives_the_same_keys() -> None:
    assert keys.derive_signing_key(SECRET).kid == keys.derive_signing_key(SECRET).kid
    assert keys.derive_signing_key(SECRET).kid != keys.derive_signing_key(SECRET + "!").kid
    assert keys.derive_bytes(SECRET, "cursors") == keys.derive_bytes(SECRET, "cursors")


def test_keys_of_two_purposes_differ() -> None:
    assert keys.derive_bytes(SECRET, "cursors") != keys.derive_bytes(SECRET, "unsubscribe links")
    assert len(keys.derive_bytes(SECRET, "cursors", length=64)) == 64


def test_the_derived_key_does_not_change_between_releases() -> None:
    # A change would sign everybody out and break a rolling upgrade.
    assert keys.derive_signing_key(SECRET).kid == "yJxKtyun2UMKBOEPO1OMTTfPd9DE1rmCXycNt1v1nYg"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        keys.derive_signing_key("short")


def test_the_key_identifier_is_the_thumbprint_of_the_standard() -> None:
    pair = keys.derive_signing_key(SECRET)
    public = pair.public.to_dict()
    text = f'{{"crv":"P-256","kty":"EC","x":"{public["x"]}","y":"{public["y"]}"}}'
    assert opaque.digest(text) == base64.urlsafe_b64decode(pair.kid + "=").hex()


def test_a_new_secret_is_random_and_known_by_its_digest() -> None:
    made = [opaque.new_secret() for _ in range(100)]
    assert len({plain for plain, _ in made}) == 100
    for plain, digest in made:
        assert len(plain) == 43
        assert digest == opaque.digest(plain) == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "é", "x" * 100_000])
def test_any_text_has_a_digest(text: str) -> None:
    assert len(opaque.digest(text)) == 64


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux only")
async def test_hashing_steps_back_and_nothing_else_does(
    vault: passwords.PasswordVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_arguments: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    usual = look()
    assert await vault._work(look) == min(19, usual + passwords.NICENESS)  # noqa: SLF001  the threads themselves
    assert look() == await asyncio.to_thread(look) == usual


async def test_memory_is_given_back_once_when_nobody_signs_in_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = asyncio.Event()
    times: list[int] = []
    loop = asyncio.get_running_loop()

    def give_back() -> None:
        times.append(1)
        loop.call_soon_threadsafe(given.set)

    monkeypatch.setattr(memory, "give_back", give_back)
    monkeypatch.setattr(passwords, "IDLE_SECONDS", 0.01)
    vault = passwords.PasswordVault(concurrency=2)
    stored = await vault.hash(PASSWORD)
    assert all(await asyncio.gather(*(vault.verify(PASSWORD, stored) for _ in range(4))))
    await given.wait()
    assert times == [1]
    vault.close()
