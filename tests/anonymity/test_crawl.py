"""Everything that anybody can get is read: nothing of it says who wrote without a name, and nothing who was erased."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any
from unicodedata import normalize
from unittest.mock import patch
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from app.domain.erasures import LONGEST_WAIT
from app.queries import authorships, ideas
from app.routers import documentation
from app.services import sweeps
from tests.anonymity import script, walk
from tests.anonymity.stage import MARKS, STRANGERS, Stage, open_world
from tests.conftest import Templates, make_settings
from tests.support import traces

ACTS = (script.submit, script.edit, script.be_voted_for, script.comment, script.credit, script.answer)
READERS = ("", *script.READERS)
AUTHOR = STRANGERS[0]
BOOKS = (
    "/exports/engagement.xlsx",
    "/exports/ideas.xlsx",
    "/exports/itineraries.xlsx",
    "/exports/benefits.xlsx",
)
WHY = {"reason": "Demandé par courrier, au mois de mars."}

Got = dict[str, bytes]
"""What was got, by who and where."""


def list_forms(trace: str) -> Iterator[str]:
    """A text as it may stand in an address, a page, a document, a name of a file, or in what was encoded."""
    for form in {trace, normalize("NFD", trace), normalize("NFC", trace)}:
        yield from (form, quote(form), escape(form), form.encode("unicode_escape").decode())
        for shift in range(3):
            code = b64encode(b"\0" * shift + form.encode()).decode().rstrip("=")
            # The first and the last letters depend on what stands beside.
            yield code[4 if shift else 0 : -2]


def find(got: Mapping[str, bytes], known: list[str]) -> dict[str, list[str]]:
    """Return where one of some texts stands in whatever form, in whatever case."""
    forms = {form.lower(): trace for trace in known for form in list_forms(trace)}
    found: dict[str, list[str]] = {}
    for name, what in got.items():
        text = what.decode(errors="ignore").lower()
        if here := sorted({trace for form, trace in forms.items() if form in text}):
            found[name] = here
    return found


async def read_all(stage: Stage, document: Any, readers: Sequence[str]) -> Got:
    """Return what everybody gets at every address, in every file, and what other systems and people were sent."""
    got: Got = {}
    closed = set[tuple[str, str]]()
    for name in readers:
        for address in walk.list_addresses(document, stage.known):
            path = address.partition("?")[0]
            if (name, path) not in closed:
                told = await walk.read(stage, name, address)
                got[f"{name} {address}"] = told.encode()
                if "permissions.role-missing" in told or (not name and told.startswith("401")):
                    closed.add((name, path))
    for name in ("Hana", "Ian"):
        for address in (*walk.list_files(), *BOOKS):
            answer = await stage.speak(name).request("GET", address)
            got[f"{name} {address}"] = answer.content + b"".join(unpack(answer.content))
    for number, each in enumerate(stage.said):
        got[f"{each.to} message {number} by {each.by}"] = each.what.encode()
    stage.said.clear()
    got["the log"] = stage.logged.getvalue().encode()
    stage.logged.truncate(0)
    return got


def unpack(content: bytes) -> Iterator[bytes]:
    """What stands in a workbook."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


async def live(stage: Stage) -> None:
    """Have a past, and the author do everything that authors do."""
    await script.live_before(stage)
    for act in ACTS:
        await act(stage)
        await stage.wait(minutes=2)


async def erase(stage: Stage) -> None:
    """Let the author go and erase the person, and everything be swept that is due."""
    person = stage.cast[AUTHOR].id
    await stage.act("Adam", "POST", f"/employees/{person}/deactivation")
    await stage.wait(minutes=2)
    await stage.act("Adam", "POST", f"/employees/{person}/erasure", WHY)
    await stage.wait(hours=1)
    await stage.wait(hours=LONGEST_WAIT.total_seconds() // 3600 + 1)
    stage.said.clear()
    stage.logged.truncate(0)
    # Their own identifier stands in addresses that are asked for: an answer may repeat it.
    for places in stage.known.values():
        if person in places:
            places.remove(person)


def list_known(stage: Stage) -> list[str]:
    """What nobody else has: a part of the name is shared."""
    person = stage.cast[AUTHOR]
    return [trace for trace in traces.list_traces(person) if MARKS[0] in trace.lower() or trace == person.id]


def select_ideas(stage: Stage, got: Mapping[str, bytes]) -> Got:
    """Return what is about the anonymous ideas alone: their own addresses, and messages that name them."""
    own = [idea.encode() for idea in script.get_own(stage)]
    return {
        name: what
        for name, what in got.items()
        if any(idea in name.encode() for idea in own)
        or (
            "message" in name
            and (stage.cast[AUTHOR].email or "") not in name
            and any(idea in what for idea in own)
        )
    }


@dataclass
class Crawled:
    """Where the author is found: beside anonymous ideas, anywhere after an erasure, and in what is stored then."""

    read: int
    unnamed: dict[str, list[str]]
    erased: dict[str, list[str]]
    stored: list[str]


async def crawl(
    built: FastAPI, templates: Templates, directory: Path, readers: Sequence[str] = READERS
) -> Crawled:
    url = templates.make_copy(peopled=True)
    settings, document = make_settings(url, directory), documentation.describe(built)
    async with open_world(built, settings, templates.cast, STRANGERS, AUTHOR, directory) as stage:
        await live(stage)
        known = list_known(stage)
        about = select_ideas(stage, await read_all(stage, document, readers))
        unnamed = find(about, known)
        await erase(stage)
        everything = await read_all(stage, document, readers)
        erased = find(everything, known)
        stored = traces.find_traces(await traces.read_store(stage.database, settings), known)
    templates.drop(url)
    return Crawled(len(about) + len(everything), unnamed, erased, stored)


_ONCE = "what the engine stores of somebody erased is read on both elsewhere"


@pytest.mark.on_sqlite(_ONCE)
async def test_no_marker_of_an_author_is_found(built: FastAPI, templates: Templates, tmp_path: Path) -> None:
    crawled = await crawl(built, templates, tmp_path)
    assert crawled.read > 5_000
    assert crawled.unnamed == {}
    assert crawled.erased == {}
    assert crawled.stored == []


@pytest.mark.on_sqlite(_ONCE)
async def test_markers_that_are_left_are_found(built: FastAPI, templates: Templates, tmp_path: Path) -> None:
    """An author who is shown to everybody, and one who is never swept out of what was kept of them."""
    get_visible = ideas.get_visible

    async def show(*given: Any) -> Any:
        return replace(await get_visible(*given), is_author=True)

    async def leave(*_: Any, **__: Any) -> int:
        return 0

    with ExitStack() as held:
        held.enter_context(patch.object(authorships, "get_visible", show))
        held.enter_context(patch.object(sweeps, "sweep", leave))
        crawled = await crawl(built, templates, tmp_path, ("Max", "Adam"))
    assert any(name.endswith("/authors") for name in crawled.unnamed)
    assert crawled.stored


@pytest.mark.parametrize("form", [str, quote, escape, str.upper, lambda text: normalize("NFD", text)])
def test_a_marker_is_found_in_every_form(form: Any) -> None:
    got = {"here": f"Il y a {form('Zoraïde')} ici".encode(), "there": b"nobody"}
    assert find(got, ["Zoraïde"]) == {"here": ["Zoraïde"]}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_marker_is_found_in_what_was_encoded(before: str) -> None:
    code = b64encode(f"{before}Quetzalfrau, oui".encode())
    assert find({"here": b"cursor=" + code}, ["Quetzalfrau"]) == {"here": ["Quetzalfrau"]}
