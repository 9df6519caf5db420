"""Restricted ideas: of nothing that was written in one or about one does anybody else find a word, by any GET."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.jobs.drain import drain
from app.models.help_requests import HelpRequest
from app.models.moderation import ModerationCase
from app.models.notifications import Notification
from app.models.reviews import Review
from app.queries import audits
from app.services import activity, badges, leaderboards, segments
from tests.matrix.house import API, describe
from tests.matrix.operations import OPERATIONS, Kind
from tests.matrix.requests import UNKNOWN
from tests.support import helping, world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]

MARK = "Zinzolin"
"""Stands in every text of the idea, and in all that its authors and its reader wrote about it."""

ITS_WRITER = {"Max": "Quetsche", "Dan": "Mirabelle", "Dora": "Mirabelle"}
"""What somebody else wrote about it is theirs: they find it in their own data, and nobody anywhere else."""

ONES_OWN = ("read_own_data", "read_own_page")

AWAY = ("Alice", "Hana")
"""The author and, once there is one, the reader of the lane."""

ASKED: dict[str, dict[str, Any]] = {
    "list_similar": {"text": f"{MARK} au bureau"},
    "listen": {"seconds": 0},
    "list_ideas": {"q": MARK},
}
TOKENS = {"token", "unsubscribe"}


class Stage:
    """An idea about which everything was written that can be, and everything that stands beside it."""

    def __init__(self, speak: Speak, cast: Cast, database: Database, document: dict[str, Any]) -> None:
        self.speak, self.cast, self.database, self.document = speak, cast, database, document
        self.places: dict[str, list[str]] = {}
        self.idea = ""

    async def furnish(self, *, anonymous: bool) -> None:
        """Write the idea, and about it."""
        async with self.database.writer() as session:
            await world.grant(session, self.cast["Bob"], Role.ADMIN)
            await world.grant(session, self.cast["Pete"], Role.COMMUNITY_MANAGER)
        words = {name: f"{MARK} {name}" for name in ("title", "problem", "solution", "benefit")}
        self.idea = await helping.submit(
            self.speak, self.cast, tags=[MARK.lower()], anonymous=anonymous, **words
        )
        path = f"/ideas/{self.idea}"
        alice, max_ = self.speak("Alice"), self.speak("Max")
        await max_.put(f"{path}/vote")
        for name in ("Max", "Pete", "Ian", "Bob"):
            await self.speak(name).put(f"{path}/follow")
        said = await max_.post(f"{path}/comments", {"body": ITS_WRITER["Max"]})
        await alice.post(f"{path}/comments", {"body": f"{MARK} !", "reply_to": said["id"]})
        await alice.post(f"{path}/authors", {"employee": self.cast["Dev"].id})
        await helping.ask(self.speak, self.idea)
        holder = await self.find_holder()
        await self.speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
        clarify = {"action": "clarify", "text": ITS_WRITER["Dan"]}
        await self.speak(holder).post(f"{path}/decisions", clarify)
        await alice.post(f"{path}/decisions", {"action": "answer", "text": f"{MARK} voilà"})
        for name in ("Max", "Olga", "Rita"):
            await self.speak(name).post(f"{path}/reports", {"reason_code": "other", "text": ""})
        other = await helping.submit(self.speak, self.cast, "Max", title="La même")
        if not anonymous:
            merge = {"into": self.idea, "text": "Les deux disent la même chose."}
            await self.speak("Irma").post(f"/ideas/{other}/merger", merge)
        await self.follow_up()
        self.places = {
            "idea_id": [self.idea, other],
            "comment_id": [said["id"]],
            "employee_id": [self.cast[name].id for name in ("Alice", "Max", "Dan")],
            "campaign_id": [self.cast.permanent_box],
            "function_id": [self.cast.functions["Finance"]],
            "request_id": await self.list_ids(HelpRequest),
            "case_id": await self.list_ids(ModerationCase),
            "review_id": await self.list_ids(Review),
            "lane": ["personal-data"],
            "stage": ["submitted"],
            "language": ["fr"],
        }

    async def find_holder(self) -> str:
        """Return who has the idea, by first name."""
        holder = (await self.speak("Max").get(f"/ideas/{self.idea}"))["holder"]["id"]
        return next(name for name, person in self.cast.people.items() if person.id == holder)

    async def list_ids(self, table: type[SQLModel]) -> list[str]:
        """Return the identifiers of all rows of a table about the idea."""
        rows: Any = table
        async with self.database.reader() as session:
            found = await session.scalars(select(col(rows.id)).where(col(rows.idea_id) == self.idea))
            return list(found.all())

    async def follow_up(self) -> None:
        """Let everything follow from what happened."""
        while await drain(self.database, now=clock.now()):
            pass
        for compute in (activity.refresh, badges.award, segments.compute, leaderboards.compute):
            await compute(self.database, now=clock.now())

    async def find(self, name: str, *secrets: str) -> set[str]:
        """Return the operations by which somebody finds one of some words."""
        found = set()
        async with self.database.reader() as session:
            told = await session.scalars(
                select(col(Notification.id)).where(col(Notification.employee_id) == self.cast[name].id)
            )
            places = self.places | {"notification_id": list(told)}
        for path, operations in self.document["paths"].items():
            operation = operations.get("get", {}).get("operationId")
            if operation is None or OPERATIONS[operation].kind is Kind.PUBLIC:
                continue
            for each in spell(path, places):
                answer = await self.speak(name).request(
                    "GET", each.removeprefix(API), params=ASKED.get(operation)
                )
                assert answer.status_code < 500, f"{operation} × {name}: {answer.text}"
                read = read_all(answer)
                # What was asked comes back in the refusal of what is unknown.
                asked = each in read
                for secret in secrets:
                    own = operation in ONES_OWN and secret in (ITS_WRITER.get(name), self.idea)
                    if secret in read and not own and not (asked and answer.status_code == 404):
                        found.add(f"{operation}: {secret}")
        return found


def spell(path: str, places: dict[str, list[str]]) -> list[str]:
    """Return a path with each known value of its places."""
    spelled = [path]
    while "{" in spelled[0]:
        name = spelled[0].partition("{")[2].partition("}")[0]
        spelled = [
            each.replace(f"{{{name}}}", value) for each in spelled for value in places.get(name) or [UNKNOWN]
        ]
    return spelled


def read_all(answer: httpx2.Response) -> str:
    """Return the text of an answer; of a spreadsheet, that of all its parts."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return " ".join(book.read(part).decode(errors="replace") for part in book.namelist())


@pytest.mark.parametrize("anonymous", [False, True], ids=["signed", "anonymous"])
async def test_nobody_else_finds_a_word_of_a_restricted_idea(
    app: FastAPI, speak: Speak, cast: Cast, database: Database, *, anonymous: bool
) -> None:
    stage = Stage(speak, cast, database, describe(app))
    await stage.furnish(anonymous=anonymous)
    secrets = (MARK, MARK.lower(), stage.idea, *set(ITS_WRITER.values()))
    # What it looks for is there to be found.
    assert len(await stage.find("Max", MARK)) > (4 if anonymous else 5)
    lane = {"readers": [cast[name].id for name in ("Hana", "Bob", "Carol")]}
    await speak("Adam").put("/restriction-lanes/personal-data", lane)
    restriction = {"kind": "personal-data", "text": f"{ITS_WRITER['Dan']} : son nom y figure."}
    path = f"/ideas/{stage.idea}/restriction"
    await speak(await stage.find_holder()).post(path, restriction)
    for name in AWAY:
        await speak(name).post(f"{path}/messages", {"body": f"{MARK} : parlons-en."})
    await stage.follow_up()
    assert [each for each in await audits.audit(database) if each.level == "error"] == []
    leaks = {}
    for name in cast.people:
        if name not in AWAY:
            leaks[name] = await stage.find(name, *secrets)
    assert {name: found for name, found in leaks.items() if found} == {}
    for name in AWAY:
        assert f"read_idea: {MARK}" in await stage.find(name, MARK)
    await speak("Hana").post(f"{path}/decisions", {"action": "lift", "text": "Le nom a été retiré du texte."})
    await stage.follow_up()
    assert f"list_ideas: {MARK}" in await stage.find("Max", MARK)
    assert "parlons-en" not in str(await speak("Max").get(f"/ideas/{stage.idea}/comments"))
