"""Everything that anybody can get is read: nothing of it says who wrote without a name, and nothing who was erased."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog
from fastapi import FastAPI

from app.core.config import Settings
from app.domain.erasures import LONGEST_WAIT
from app.domain.exports import FileFormat, What
from app.models.ideas import Idea
from app.queries import authorships, ideas
from app.routers import documentation
from app.services import export_files, own_words, sweeps
from tests.anonymity import fates, script, walk
from tests.anonymity.searching import Found, Got, find, find_beside
from tests.anonymity.stage import MARKS, STRANGERS, Stage, open_world
from tests.anonymity.unpacking import lay_open
from tests.anonymity.wires import Wires
from tests.conftest import Templates, make_settings
from tests.support import traces

ACTS = (script.submit, script.edit, script.be_voted_for, script.comment, script.credit, script.answer)
READERS = ("", *script.READERS)
AUTHOR, OTHER = STRANGERS
LISTENERS = ("Bob", "Max", "Mia", "Adam")
"""Who is told of everything by every channel; the others have mails."""

FILES = (
    *walk.list_files(),
    *(f"/exports/{what}.{kind}" for what in What for kind in FileFormat if kind is not FileFormat.CSV),
)
DOORS = {"an address", ".csv", ".xlsx", ".parquet", "beside", "email", "slack", "teams", "webhook", "the log"}
"""Ways by which something that is planted leaves."""

WHY = {"reason": "Demandé par courrier, au mois de mars."}


@dataclass
class Crawl:
    """A world that is read; `others` are ideas of others, `own` those that the author wrote without a name."""

    stage: Stage
    document: Any
    wires: Wires
    others: list[str]
    own: list[str]

    async def read(
        self, readers: Sequence[str], places: Sequence[str] = (), files: Sequence[str] = FILES
    ) -> Got:
        """Return what everybody gets at every address or at some, and what other systems and people were sent."""
        got: Got = {}
        closed = set[tuple[str, str]]()
        for name in readers:
            for address in places or walk.list_addresses(self.document, self.stage.known):
                path = address.partition("?")[0]
                if (name, path) not in closed:
                    told = await walk.read(self.stage, name, address)
                    got[f"{name} {address}"] = told.encode()
                    if "permissions.role-missing" in told or (not name and told.startswith("401")):
                        closed.add((name, path))
        await self._read_files(got, files)
        for number, each in enumerate(self.stage.said):
            got[f"{each.to} message {number} by {each.by}"] = await self.wires.read(each)
        got["the log"] = self.stage.logged.getvalue().encode()
        self.be_deaf()
        return got

    def be_deaf(self) -> None:
        """Forget what was said and logged until now."""
        self.stage.said.clear()
        self.stage.logged.truncate(0)
        self.stage.logged.seek(0)

    async def _read_files(self, got: Got, files: Sequence[str]) -> None:
        """Take out everything at once, and once beside."""
        for name in ("Hana", "Ian"):
            for address in files:
                answer = await self.stage.speak(name).request("GET", address)
                got[f"{name} {address}"] = lay_open(answer.content)
        order = {"what": "ideas", "format": "parquet", "reason": script.WHY}
        made = await self.stage.act("Ian", "POST", "/exports", order)
        while await export_files.make_due(self.stage.database, self.stage.data_dir, now=self.stage.now):
            pass
        link = (await self.stage.speak("Ian").get(f"/exports/{made['id']}"))["link"]["url"]
        answer = await self.stage.speak("Ian").request("GET", link.removeprefix(walk.API))
        got["Ian an export that was made beside"] = lay_open(answer.content)

    def list_known(self, name: str) -> list[str]:
        """What nobody else has of a person: a part of the name is shared."""
        person, mark = self.stage.cast[name], MARKS[STRANGERS.index(name)]
        return [each for each in traces.list_traces(person) if mark in each.lower() or each == person.id]

    def list_places(self, idea_id: str) -> list[str]:
        """Return every address of an idea, and a list that it is in."""
        all_places = walk.list_addresses(self.document, self.stage.known)
        return ["/ideas?limit=100&sort=new", *(place for place in all_places if idea_id in place)]

    async def make_heard(self, idea_id: str, who: str) -> list[str]:
        """Have everybody be told of an idea, and its author stand in the log; return the files that it is in."""
        self.be_deaf()
        for name in LISTENERS:
            await self.stage.act(name, "PUT", f"/ideas/{idea_id}/follow")
        await self.stage.act("Pete", "POST", f"/ideas/{idea_id}/comments", {"body": "Encore ?"})
        await self.stage.wait(minutes=2)
        structlog.get_logger().info("ideas.planted", subject=idea_id, by=self.stage.cast[who].id)
        return [address for address in FILES if "/ideas." in address]

    async def find_stored(self, settings: Settings, name: str) -> Found:
        """Return what is stored of somebody."""
        store = await traces.read_store(self.stage.database, settings)
        return find({"the store": store}, self.list_known(name))

    def find_unnamed(self, got: Got) -> Found:
        """Return where the author stands beside what they wrote without a name; they may read it themselves."""
        told = {name: what for name, what in got.items() if f"{MARKS[0]}@" not in name}
        return find_beside(told, self.list_known(AUTHOR), self.own)

    async def erase(self, name: str) -> None:
        """Let somebody go and erase them, and everything be swept that is due."""
        person = self.stage.cast[name].id
        await self.stage.act("Adam", "POST", f"/employees/{person}/deactivation")
        await self.stage.wait(minutes=2)
        await self.stage.act("Adam", "POST", f"/employees/{person}/erasure", WHY)
        await self.stage.wait(hours=1)
        await self.stage.wait(hours=LONGEST_WAIT.total_seconds() // 3600 + 1)
        self.be_deaf()
        # Their own identifier stands in addresses that are asked for: an answer may repeat it.
        for places in self.stage.known.values():
            if person in places:
                places.remove(person)


async def live(stage: Stage, document: Any) -> Crawl:
    """Have a past, the author do everything that authors do, and ideas meet every fate."""
    await script.live_before(stage)
    wires, others = Wires(), list(stage.known["idea_id"])
    for name in LISTENERS:
        await wires.connect(stage, name)
    for act in ACTS:
        await act(stage)
        await stage.wait(minutes=2)
    own = script.get_own(stage)
    own += await fates.meet_fates(stage)
    return Crawl(stage, document, wires, others, own)


@dataclass
class Crawled:
    """How much was read, and where somebody is found.

    The author beside what they wrote without a name, then whoever was erased, anywhere and in what is stored; both once
    more where that is planted.
    """

    read: int
    unnamed: Found
    erased: Found
    stored: Found
    shown: Found
    left: Found
    left_stored: Found


async def crawl(built: FastAPI, settings: Settings, templates: Templates) -> Crawled:
    """Crawl a world twice, before and after its author is erased; in between and after, plant what has to be found."""
    document, directory = documentation.describe(built), settings.data_dir
    async with open_world(built, settings, templates.cast, STRANGERS, AUTHOR, directory) as stage:
        here = await live(stage, document)
        about = await here.read(READERS)
        unnamed, shown = here.find_unnamed(about), await show_author(here)
        await fates.sign_unnamed(stage, here.own[3:])
        await fates.sign_everything(stage, AUTHOR, here.others[1])
        last = await fates.sign_everything(stage, OTHER, here.others[1])
        await here.erase(AUTHOR)
        everything = await here.read(READERS)
        known = here.list_known(AUTHOR)
        erased, stored = find(everything, known), await here.find_stored(settings, AUTHOR)
        left = await leave_traces(here, last)
        left_stored = await here.find_stored(settings, OTHER)
    return Crawled(len(about) + len(everything), unnamed, erased, stored, shown, left, left_stored)


async def show_author(here: Crawl) -> Found:
    """Plant the author's name: where it is asked who wrote an idea, in its title and in the log."""
    get_visible, stage, idea_id = ideas.get_visible, here.stage, here.own[0]

    async def show(*given: Any) -> Any:
        return replace(await get_visible(*given), is_author=True)

    title = await rename(stage, idea_id, f"De {stage.cast[AUTHOR].name}")
    with patch.object(authorships, "get_visible", show):
        got = await here.read(("Max",), here.list_places(idea_id), await here.make_heard(idea_id, AUTHOR))
    await rename(stage, idea_id, title)
    return here.find_unnamed(got)


async def leave_traces(here: Crawl, idea_id: str) -> Found:
    """Plant the name of somebody who is erased: in their own words, which nobody cleans, and in the log."""

    async def leave(*_: Any, **__: Any) -> int:
        return 0

    with ExitStack() as held:
        held.enter_context(patch.object(own_words, "blot_out", leave))
        held.enter_context(patch.object(sweeps, "sweep", leave))
        await here.erase(OTHER)
    got = await here.read(("Max",), here.list_places(idea_id), await here.make_heard(idea_id, OTHER))
    return find(got, here.list_known(OTHER))


async def rename(stage: Stage, idea_id: str, title: str) -> str:
    """Write another title where no rule looks; return what it was."""
    async with stage.database.writer() as session:
        idea = await session.get_one(Idea, idea_id)
        before, idea.title = idea.title, title
    return before


def list_doors(found: Found) -> set[str]:
    """Return the ways by which markers that were found came."""
    doors = {door for door in DOORS for name in found if name.endswith(door)}
    return doors | {"an address" for name in found if " /ideas/" in name and "." not in name}


@pytest.mark.on_sqlite("what the engine stores of somebody erased is read on both elsewhere")
async def test_no_marker_of_an_author_is_found_but_what_is_planted(
    built: FastAPI, templates: Templates, tmp_path: Path
) -> None:
    url = templates.make_copy(peopled=True)
    crawled = await crawl(built, make_settings(url, tmp_path), templates)
    templates.drop(url)
    assert crawled.read > 10_000
    assert crawled.unnamed == {}
    assert crawled.erased == {}
    assert crawled.stored == {}
    assert list_doors(crawled.shown) == DOORS
    assert list_doors(crawled.left) == DOORS
    assert crawled.left_stored
