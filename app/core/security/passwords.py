"""Passwords at rest: argon2id, computed beside the event loop by a few threads."""

import asyncio
import os
import secrets
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from passlib.context import CryptContext

from app.core import memory

MEMORY_KIB = 19 * 1024
ROUNDS = 2
LANES = 1
"""Second choice of OWASP's password storage sheet for argon2id: 19 MiB, two passes, one lane; about 30 ms."""

MAX_LENGTH = 1000
"""Code points of a password; a longer text is never hashed."""

MAX_WAITING = 500
"""Passwords under way or in line; beyond it a caller is told to come back."""

NICENESS = 19
"""How far the threads step back for everything else (see nice(2)): a storm of sign-ins leaves the feed quick."""

IDLE_SECONDS = 2.0
"""After so long without a password the memory of the last ones is given back: 19 MiB a thread.

To give it back after each would make every hash take a quarter longer."""

P = ParamSpec("P")
T = TypeVar("T")


class VaultBusy(Exception):
    """Too many passwords are waiting to be hashed: try again in a few seconds."""


class PasswordVault:
    """Hashes and verifies passwords, `concurrency` at a time (19 MiB each) and in order of arrival."""

    def __init__(self, *, concurrency: int = 2) -> None:
        """Start the threads and compute the stand-in hash for accounts that do not exist (some 30 ms)."""
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__memory_cost=MEMORY_KIB,
            argon2__time_cost=ROUNDS,
            argon2__parallelism=LANES,
        )
        self._stand_in: str = self._context.hash(secrets.token_urlsafe())
        self._threads = ThreadPoolExecutor(concurrency, "passwords", initializer=_step_back)
        self._waiting = 0
        self._rest: asyncio.TimerHandle | None = None

    async def hash(self, password: str) -> str:
        """Return the hash to store; the policy was checked before.

        Raises: ValueError when the password is one that `verify` could never accept; VaultBusy.
        """
        secret = _prepared(password)
        if secret is None:
            message = "a password is at most 1,000 characters of valid text"
            raise ValueError(message)
        return await self._work(self._context.hash, secret)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether a password fits a stored hash; `None` is an account that has none, or does not exist.

        Costs the same in either case, so that time does not tell who has an account. A text that can't be
        anybody's password is refused without work, whatever the account.

        Raises: VaultBusy.
        """
        secret = _prepared(password)
        if secret is None:
            return False
        known = stored is not None and self._context.identify(stored) is not None
        fits = await self._work(self._context.verify, secret, stored if known else self._stand_in)
        return fits and known

    def needs_rehash(self, stored: str) -> bool:
        """Tell whether a hash was made under other parameters: hash the password anew at the next sign-in."""
        return self._context.needs_update(stored)

    def close(self) -> None:
        """Drop what waits and end the threads."""
        self._stir()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= MAX_WAITING:
            raise VaultBusy
        self._waiting += 1
        self._stir()
        try:
            return await asyncio.wrap_future(self._threads.submit(function, *args, **kwargs))
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._stir()
                self._rest = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._give_back)

    def _stir(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    def _give_back(self) -> None:
        self._rest = None
        with suppress(RuntimeError):  # closed meanwhile
            self._threads.submit(memory.give_back)


def _step_back() -> None:
    # On Linux a thread has a niceness of its own; elsewhere the whole process would step back.
    if sys.platform == "linux":
        os.nice(NICENESS)


def _prepared(password: str) -> bytes | None:
    """Return the bytes to hash, in normal form C as NIST SP 800-63B-4 (3.1.1.2) asks, or None."""
    if len(password) > MAX_LENGTH:
        return None
    # A few characters become three in normal form C: count again, or passlib's limit of 4,096 bytes is met.
    normal = unicodedata.normalize("NFC", password)
    try:
        return normal.encode() if len(normal) <= MAX_LENGTH else None
    except UnicodeEncodeError:
        return None
