"""Trial: processes are killed while comments make mails and webhooks: all arrive, and once but for the kills."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2

from tests.chaos import bounds, people
from tests.chaos.installation import Installation, Process, free_port
from tests.chaos.people import API, Person, sign
from tests.chaos.races_ground import Books
from tests.chaos.sinks import Hook, Mailbox, receiving_mail, receiving_webhooks
from tests.chaos.trials import Outcome

_EVERYBODY = {"choices": [{"kind": "comments.written", "channel": "email", "timing": "at_once"}]}
_ALWAYS = {"quiet_from": 0, "quiet_until": 0, "per_day": 100}
_WRITERS = 12
_AGAIN, _TRIES = 0.2, 600
_CLAIM = 240.0
"""Seconds in which what a killed process had claimed goes out once more."""

_LEFT = (
    "SELECT (SELECT count(*) FROM events WHERE worked_off_at IS NULL) + (SELECT count(*) FROM deliveries"
    " WHERE channel = 'email' AND form = 'single' AND state IN ('waiting', 'claimed'))"
    " + (SELECT count(*) FROM webhook_deliveries WHERE state IN ('waiting', 'claimed'))"
)
_MAILS = "SELECT id FROM deliveries WHERE channel = 'email' AND state = 'sent'"
_TOLD = (
    "SELECT n.event_sequence, n.employee_id, count(*), sum(CASE WHEN d.state = 'sent' THEN 1 ELSE 0 END)"
    " FROM inbox n JOIN delivery_items i ON i.notification_id = n.id JOIN deliveries d ON d.id = i.delivery_id"
    " WHERE n.kind = 'comments.written' AND d.channel = 'email' GROUP BY n.event_sequence, n.employee_id"
)
_COMMENTS = "SELECT sequence FROM events WHERE kind = 'comments.written' AND sequence > :since"


async def run(installation: Installation, seed: int) -> Outcome:
    """Have MESSAGES comments (5,000) written while processes are killed for MINUTES (2)."""
    return await send(
        installation, seed, messages=bounds.read("MESSAGES", 5_000), seconds=60 * bounds.read("MINUTES", 2)
    )


async def send(installation: Installation, seed: int, *, messages: int, seconds: float) -> Outcome:
    """Write so many comments, kill for so many seconds, and count what arrived."""
    outcome, luck = Outcome(), random.Random(seed)
    async with receiving_mail() as (mailbox, mail_port), receiving_webhooks() as (hook, hook_port):
        settings = {
            "IDEABOX_SMTP_URL": f"smtp://127.0.0.1:{mail_port}?tls=off",
            "IDEABOX_MAIL_FROM": "Ideabox <box@company.example>",
            "IDEABOX_OUTBOUND_ALLOW": '["127.0.0.1"]',
        }
        there = replace(installation, settings={**installation.settings, **settings})
        port = free_port()
        async with _running(there, port) as server:
            world = await people.look_around(there, server.base_url)
            async with httpx2.AsyncClient(base_url=server.base_url, timeout=30) as http:
                ideas = [await _prepare(http, person, world.themes[0]) for person in world.people]
                hook.secret = await _add_webhook(http, world.people, hook_port)
        books = Books(there.url)
        since = books.count("SELECT max(sequence) FROM events")
        url = f"http://127.0.0.1:{port}"
        writing = asyncio.create_task(_write(url, world.people, ideas, messages))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            async with _running(there, port):
                await asyncio.sleep(luck.uniform(1.0, 4.0))
            outcome.count("kills")
        async with _running(there, port):
            await writing
            outcome.counts["s until all was sent"] = round(await _wait(books), 1)
        _compare(outcome, books, since, mailbox, hook, messages)
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


async def _prepare(http: httpx2.AsyncClient, person: Person, theme: str) -> str:
    """Have somebody submit an idea and choose to be told of every comment at once; returns the idea."""
    header = sign(person.token)
    for path, choice in (("/me/preferences", _EVERYBODY), ("/me/message-settings", _ALWAYS)):
        (await http.put(f"{API}{path}", json=choice, headers=header)).raise_for_status()
    body = {"title": f"An idea of {person.id}", "problem": "p", "solution": "s", "theme": theme}
    answer = await http.post(f"{API}/ideas", json=body, headers=header)
    return str(answer.raise_for_status().json()["id"])


async def _add_webhook(http: httpx2.AsyncClient, everybody: list[Person], port: int) -> str:
    """Have an innovation manager listen to comments; returns the secret."""
    manager = next(person for person in everybody if "innovation_manager" in person.roles)
    body = {"url": f"http://127.0.0.1:{port}/hook", "kinds": ["comments.written"]}
    answer = await http.post(f"{API}/webhooks", json=body, headers=sign(manager.token))
    return str(answer.raise_for_status().json()["secret"])


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
    for _ in range(int(3 * _CLAIM)):
        if not await asyncio.to_thread(books.count, _LEFT):
            break
        await asyncio.sleep(1)
    return time.monotonic() - begin


def _compare(outcome: Outcome, books: Books, since: int, mailbox: Mailbox, hook: Hook, messages: int) -> None:
    comments = {sequence for (sequence,) in books.ask(_COMMENTS, since=since)}
    outcome.counts[f"of {messages} comments"] = len(comments)
    left = books.count(_LEFT)
    told = [row for row in books.ask(_TOLD) if row[0] in comments]
    twice = [row for row in told if row[2] != 1]
    untold = comments - {row[0] for row in told if row[3]}
    sent = {str(row[0]) for row in books.ask(_MAILS)}
    arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for _, mail in mailbox.mails)
    hooked = Counter(identifier for identifier, _ in hook.taken)
    heard = Counter(str(payload["data"].get("comment", payload["data"])) for _, payload in hook.taken)
    outcome.counts |= {
        "mails": len(arrived),
        "mails sent again after a kill": sum(arrived.values()) - len(arrived),
        "webhooks": len(hooked),
        "webhooks sent again after a kill": sum(hooked.values()) - len(hooked),
        "things that webhooks told of": len(heard),
    }
    checks = {
        "still wait": left,
        "comments were told of twice by mail": len(twice),
        "comments were told to nobody by mail": len(untold),
        "mails are noted as sent and did not arrive": len(sent - arrived.keys()),
        "comments are missing at the webhook": max(0, len(comments) - len(hooked)),
        "webhooks too many": max(0, len(hooked) - len(comments)),
    }
    outcome.faults += [f"{number} {what}" for what, number in checks.items() if number]
    outcome.faults += hook.faults[:5]
