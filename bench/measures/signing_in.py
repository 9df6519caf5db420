"""Telling who asks, signing in, and what a storm of sign-ins does to readers."""

import asyncio
import os
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from app.core import clock
from app.core.security.passwords import PasswordVault
from bench import inside, load, routes
from bench.asks import Ask
from bench.facts import PASSWORD
from bench.figures import Figures
from bench.load import Load
from bench.scene import Scene

_CALLS = 20_000
_HASHES = 10
_STORMERS = 16
_READERS = 8


async def measure_authentication(scene: Scene, figures: Figures) -> None:
    """Measure the processor time of telling who a known token stands for, in microseconds."""
    async with inside.having_ideabox(scene.installation.settings()) as app:
        authenticator, token = app.state.wiring.authenticator, scene.ground.readers[0].token
        await authenticator.authenticate(token, clock.now())
        costs = []
        for _ in range(scene.rounds):
            begin = time.process_time()
            for _ in range(_CALLS):
                await authenticator.authenticate(token, clock.now())
            costs.append((time.process_time() - begin) / _CALLS * 1e6)
    figures.note("authentication", costs)


async def measure_sign_ins(scene: Scene, figures: Figures) -> None:
    """Measure sign-ins per second beside what the processors could hash, and the feed of others meanwhile."""
    cost = await _measure_hash()
    shares, waits = [], []
    cores = len(os.sched_getaffinity(0))
    for _ in range(scene.rounds):
        alone = await _read(scene)
        storm = asyncio.create_task(_storm(scene))
        sheltered = await _read(scene)
        stormed = await storm
        waits.append(sheltered.percentile(0.99) / alone.percentile(0.99))
        possible = await _hash_together(cores)
        only = await _storm(scene)
        shares.append(only.rate * cost / cores)
        figures.remarks.append(
            f"A hash takes {cost * 1000:.0f} ms of processor time; {possible:.0f} hashes/s were possible on "
            f"{cores} cores at that moment. {only.rate:.0f} sign-ins/s alone, "
            f"{stormed.rate:.0f} beside readers, whose p99 was {alone.percentile(0.99):.0f} ms "
            f"before and {sheltered.percentile(0.99):.0f} ms meanwhile."
        )
    figures.note("sign-ins", shares)
    figures.note("sign-ins.feed", waits)


async def _measure_hash() -> float:
    vault = PasswordVault()
    stored = await vault.hash(PASSWORD)
    begin = time.process_time()
    for _ in range(_HASHES):
        await vault.verify(PASSWORD, stored)
    cost = (time.process_time() - begin) / _HASHES
    vault.close()
    return cost


async def _hash_together(cores: int) -> float:
    """Return how many hashes a second the machine gives now: on a shared one fewer than its cores promise."""
    vault = PasswordVault(concurrency=cores)
    stored = await vault.hash(PASSWORD)
    begin = time.monotonic()
    await asyncio.gather(*(vault.verify(PASSWORD, stored) for _ in range(_HASHES * cores)))
    rate = _HASHES * cores / (time.monotonic() - begin)
    vault.close()
    return rate


async def _storm(scene: Scene) -> Load:
    return await load.drive(scene.ours.port, list(_list_streams(scene)), seconds=scene.seconds)


def _list_streams(scene: Scene) -> Iterator[Iterator[bytes]]:
    emails = scene.facts.emails
    for number in range(_STORMERS):
        yield load.repeat(
            Ask(
                "POST",
                "/auth/token",
                body=urlencode({"username": email, "password": PASSWORD}).encode(),
                kind="application/x-www-form-urlencoded",
            )
            for email in emails[number::_STORMERS]
        )


async def _read(scene: Scene) -> Load:
    readers = scene.ground.readers[:_READERS]
    streams = [load.repeat([routes.ask_feed(reader)]) for reader in readers]
    return await load.drive(scene.ours.port, streams, seconds=scene.seconds)
