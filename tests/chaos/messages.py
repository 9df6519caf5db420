"""Trial: processes are killed while comments make mails, pushes and webhooks: all arrive, once but for the kills."""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from app.domain.notifications import CATALOGUE, Kind
from tests.chaos import arrivals, bounds, people
from tests.chaos.installation import Installation, Process, free_port
from tests.chaos.people import API, Person, sign
from tests.chaos.push_service import Browser, PushService, receiving_pushes
from tests.chaos.races_ground import Books
from tests.chaos.sinks import Hook, Mailbox, receiving_mail, receiving_webhooks
from tests.chaos.trials import Outcome

_CHANNELS = ("email", "push")
_EVERYBODY = {
    "choices": [
        {
            "kind": kind.value,
            "channel": channel,
            "timing": "at_once" if kind is Kind.COMMENT_WRITTEN else "never",
        }
        for kind in CATALOGUE
        for channel in _CHANNELS
    ]
}
_CEILING = 100
"""Messages that may come to somebody at once in a day, at the most."""

_ALWAYS = {"quiet_from": 0, "quiet_until": 0, "per_day": _CEILING}
_WRITERS = 12
_AGAIN, _TRIES = 0.2, 600
_PATIENCE = 720.0
_FLOWING, _BETWEEN_LOOKS = 10.0, 0.05

_LEFT = (
    "SELECT (SELECT count(*) FROM events WHERE worked_off_at IS NULL) + (SELECT count(*) FROM deliveries"
    " WHERE channel IN ('email', 'push') AND form = 'single' AND state IN ('waiting', 'claimed'))"
    " + (SELECT count(*) FROM webhook_deliveries WHERE state IN ('waiting', 'claimed'))"
)


@dataclass
class Sinks:
    """Where messages arrive; `kills` are the moments at which the processes that send them were killed."""

    mailbox: Mailbox
    hook: Hook
    service: PushService
    kills: list[float] = field(default_factory=list)

    def count(self) -> int:
        """Return how many messages were taken."""
        return len(self.mailbox.mails) + len(self.hook.taken) + len(self.service.taken)


async def run(installation: Installation, seed: int) -> Outcome:
    """Have MESSAGES comments (5,000) written while processes are killed for MINUTES (2)."""
    return await send(
        installation, seed, messages=bounds.read("MESSAGES", 5_000), seconds=60 * bounds.read("MINUTES", 2)
    )


async def send(installation: Installation, seed: int, *, messages: int, seconds: float) -> Outcome:
    """Write so many comments, kill for so many seconds, and count what arrived."""
    async with (
        receiving_mail() as (mailbox, mail_port),
        receiving_webhooks() as (hook, hook_port),
        receiving_pushes(installation.directory) as (service, certificate),
    ):
        settings = {
            "IDEABOX_SMTP_URL": f"smtp://127.0.0.1:{mail_port}?tls=off",
            "IDEABOX_MAIL_FROM": "Ideabox <box@company.example>",
            "IDEABOX_VAPID_SUBJECT": "mailto:it@company.example",
            "IDEABOX_OUTBOUND_ALLOW": '["127.0.0.1"]',
        }
        there = replace(
            installation,
            settings={**installation.settings, **settings},
            prefix=(sys.executable, "-m", "tests.chaos.trusting", str(certificate)),
        )
        sinks = Sinks(mailbox, hook, service)
        return await _try(there, sinks, hook_port, random.Random(seed), messages=messages, seconds=seconds)


async def _try(
    there: Installation, sinks: Sinks, hook_port: int, luck: random.Random, *, messages: int, seconds: float
) -> Outcome:
    outcome, port = Outcome(), free_port()
    async with _running(there, port) as server:
        world = await people.look_around(there, server.base_url)
        if messages > _CEILING * len(world.people):
            return Outcome(
                not_run=f"{_CEILING} messages a day are the ceiling of each of {len(world.people)} people"
            )
        async with httpx2.AsyncClient(base_url=server.base_url, timeout=30) as http:
            ideas = [await _prepare(http, person, world.themes[0], sinks.service) for person in world.people]
            owner, sinks.hook.secret = await _add_webhook(http, world.people, hook_port)
    books = Books(there.url)
    since = books.count("SELECT max(sequence) FROM events")
    writing = asyncio.create_task(_write(f"http://127.0.0.1:{port}", world.people, ideas, messages))
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        async with _running(there, port):
            await _flow(sinks)
            await asyncio.sleep(luck.uniform(0.0, 3.0))
            sinks.kills.append(time.monotonic())
        outcome.count("kills")
    async with _running(there, port):
        outcome.counts["written during the kills"] = books.count(arrivals.COUNT, since=since)
        await writing
        outcome.counts["s until all were written"] = round(time.monotonic() - begin)
        outcome.counts["s more until all was sent"] = round(await _wait(books))
    if left := books.count(_LEFT):
        outcome.faults.append(f"{left} still wait to be sent")
    arrivals.compare(outcome, books, since, sinks, world.people, owner, messages=messages)
    outcome.faults += await there.examine()
    return outcome


@asynccontextmanager
async def _running(installation: Installation, port: int) -> AsyncIterator[Process]:
    """Have all processes of an installation, killed in the end."""
    async with installation.serving(port=port) as server:
        if installation.engine == "sqlite":
            yield server
        else:
            async with installation.working():
                yield server


async def _flow(sinks: Sinks) -> None:
    """Wait until messages arrive: who is killed before sends nothing twice and loses nothing."""
    before = sinks.count()
    for _ in range(int(_FLOWING / _BETWEEN_LOOKS)):
        if sinks.count() != before:
            break
        await asyncio.sleep(_BETWEEN_LOOKS)


async def _prepare(http: httpx2.AsyncClient, person: Person, theme: str, service: PushService) -> str:
    """Have somebody submit an idea, subscribe a browser and choose to be told of every comment; returns the idea."""
    header = sign(person.token)
    for path, choice in (("/me/preferences", _EVERYBODY), ("/me/message-settings", _ALWAYS)):
        (await http.put(f"{API}{path}", json=choice, headers=header)).raise_for_status()
    browser = service.browsers[person.id] = Browser(person.id)
    path = f"{API}/me/push-subscriptions"
    service.key = (await http.get(path, headers=header)).raise_for_status().json()["public_key"]
    (await http.post(path, json=browser.subscribe(service.origin), headers=header)).raise_for_status()
    body = {"title": f"An idea of {person.id}", "problem": "p", "solution": "s", "theme": theme}
    answer = await http.post(f"{API}/ideas", json=body, headers=header)
    return str(answer.raise_for_status().json()["id"])


async def _add_webhook(http: httpx2.AsyncClient, everybody: list[Person], port: int) -> tuple[str, str]:
    """Have an innovation manager listen to comments; returns the person and the secret."""
    manager = next(person for person in everybody if "innovation_manager" in person.roles)
    body = {"url": f"http://127.0.0.1:{port}/hook", "kinds": ["comments.written"]}
    answer = await http.post(f"{API}/webhooks", json=body, headers=sign(manager.token))
    return manager.id, str(answer.raise_for_status().json()["secret"])


async def _write(url: str, everybody: list[Person], ideas: list[str], messages: int) -> None:
    """Write comments under the ideas of others in turn, each until it is acknowledged."""
    numbers = iter(range(messages))

    async def work() -> None:
        async with httpx2.AsyncClient(base_url=url, timeout=20) as http:
            for number in numbers:
                others = 1 + (number // len(ideas)) % (len(ideas) - 1)
                person, idea = everybody[(number + others) % len(ideas)], ideas[number % len(ideas)]
                header = {**sign(person.token), "Idempotency-Key": f"message-{number}"}
                body, path = {"body": f"Number {number}"}, f"{API}/ideas/{idea}/comments"
                for _ in range(_TRIES):
                    if await _post(http, path, header, body):
                        break
                    await asyncio.sleep(_AGAIN)

    await asyncio.gather(*(work() for _ in range(_WRITERS)))


async def _post(http: httpx2.AsyncClient, path: str, header: dict[str, str], body: dict[str, Any]) -> bool:
    try:
        return (await http.post(path, headers=header, json=body)).status_code == 201
    except httpx2.HTTPError:
        return False


async def _wait(books: Books) -> float:
    """Wait until nothing waits to be sent any more; returns the seconds."""
    begin = time.monotonic()
    for _ in range(int(_PATIENCE)):
        if not await asyncio.to_thread(books.count, _LEFT):
            break
        await asyncio.sleep(1)
    return time.monotonic() - begin
