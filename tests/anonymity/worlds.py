"""Living through a script in one world, and keeping everything that anybody but the authors could get of it."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import compress, crc32, decompress

from fastapi import FastAPI
from pydantic import SecretStr

from app.core import clock
from app.queries import audits
from app.routers import documentation
from app.services.authentication import DEVELOPMENT_SESSION
from tests.anonymity import attempts, script, walk
from tests.anonymity.script import Act
from tests.anonymity.stage import REQUEST, STRANGERS, Pair, Stage, open_world
from tests.conftest import ENGINE, Templates, make_settings
from tests.support.listening import listening

SLICES, LAST = (24, 1) if ENGINE == "sqlite" else (48, 4)
"""After each act a reader reads one part of so many, another one each time; after the last one of so many others.

On SQLite that is everything; on PostgreSQL, where only what the engine does differs, it is a sample.
"""

CLOSE = ("/ideas?limit=100&sort=", "/me/notifications?limit=100")
"""What is read after each act by everybody, and the first of the anonymous ideas."""

_METRICS = "a token that only the monitor has"
_TOKEN = SecretStr(_METRICS)
_ID = re.compile(r"(?<![a-z2-7])[a-z2-7]{24}(?![a-z2-7])")
_TAG = re.compile(r'(?<=^etag: )"(\d+)\.[0-9a-f]{18}', re.MULTILINE)
_DRAWN = re.compile(r"(?<=Outgoing\(id=')[a-z2-7]{24}|(?<='webhook-id', ')[a-z2-7]{24}|v1,[A-Za-z0-9+/=]{44}")
"""The name of one message, drawn for it alone: those of one moment are drawn in the order of all their readers.

And the signature that follows from it.
"""

_SEAL = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""What an entry of a chain is sealed with, which follows from the names drawn for people."""

_CLOSED = '"code":"permissions.role-missing"'

_MEASURED = re.compile(r'"ms": [0-9.]+|_seconds\S* [0-9.e+-]+')


@dataclass(frozen=True)
class Sort:
    """How much of a script is lived through, and how much is read of it; `always` begins what is read each time."""

    pair: Pair = STRANGERS
    acts: Sequence[Act] = script.SCRIPT
    readers: Sequence[str] = script.READERS
    slices: int = SLICES
    last: int = LAST
    always: tuple[str, ...] = CLOSE


@dataclass
class Record:
    """What was got, by a name that says when, by whom and where; compressed, as there is much of it.

    `known` are identifiers that mean the same in each world, `closed` are readers and what no role of theirs opens.
    """

    got: dict[str, bytes] = field(default_factory=dict)
    closed: set[tuple[str, str]] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    def keep(self, when: str, who: str, where: str, what: str) -> None:
        """Keep what somebody got."""
        self.got[f"{when} | {who or 'nobody'} | {where}"] = compress(what.encode(), 1)


def find_differences(one: Record, other: Record) -> dict[str, str]:
    """Return what differs between two worlds, with the place where it does."""
    found, names = {}, _Names(one.known | other.known)
    for name in [*one.got, *(name for name in other.got if name not in one.got)]:
        if one.got.get(name) != other.got.get(name):
            texts = [
                decompress(record.got[name]).decode() if name in record.got else "" for record in (one, other)
            ]
            if not names.are_all(*texts):
                found[name] = _show(*texts)
    return found


class _Names:
    """Other names for the same things: rows that are made together draw their identifiers in no order.

    Two texts that differ by identifiers alone say the same when each stands for one and the same other in everything
    that is compared. Never those that are known: ideas, people, and whatever the script keeps. An order in which the
    identifiers first appear would hide the order of lists.
    """

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self._there: dict[str, str] = {}
        self._back: dict[str, str] = {}

    def are_all(self, one: str, other: str) -> bool:
        """Tell whether two texts differ by other names alone."""
        # The tag of an answer is a hash of its body.
        texts = [_SEAL.sub("", _TAG.sub(r"\1", text)) for text in (one, other)]
        if _ID.sub("", texts[0]) != _ID.sub("", texts[1]):
            return False
        pairs = [(a, b) for a, b in zip(*map(_ID.findall, texts), strict=True) if a != b]
        return all(self._is_same(a, b) for a, b in pairs)

    def _is_same(self, one: str, other: str) -> bool:
        if {one, other} & self._known:
            return False
        return self._there.setdefault(one, other) == other and self._back.setdefault(other, one) == one


def _show(one: str, other: str) -> str:
    place = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    # The tag of an answer differs with its body, which says more.
    if one[:place].count("\n\n") == 0 and "\n\n" in one and "\n\n" in other:
        bodies = [text.partition("\n\n")[2] for text in (one, other)]
        if bodies[0] != bodies[1]:
            return _show(*bodies)
    return f"{one[max(0, place - 60) : place + 60]!r}\n  or {other[max(0, place - 60) : place + 60]!r}"


async def compare(built: FastAPI, templates: Templates, directory: Path, sort: Sort) -> dict[str, str]:
    """Return what differs between the two worlds of a pair, where it does, and how."""
    one, other = [await live(built, templates, author, directory, sort) for author in sort.pair]
    return find_differences(one, other)


async def live(built: FastAPI, templates: Templates, author: str, directory: Path, sort: Sort) -> Record:
    """Live through a script in a fresh world in which somebody writes the anonymous ideas."""
    record = Record()
    url = templates.make_copy(peopled=True)
    document = documentation.describe(built)
    settings = make_settings(url, directory).model_copy(update={"metrics_token": _TOKEN})
    async with open_world(built, settings, templates.cast, sort.pair, author, directory) as stage:
        await script.live_before(stage)
        for turn, act in enumerate(sort.acts):
            stage.said.clear()
            await act(stage)
            await stage.wait(minutes=2)
            slices = sort.last if turn == len(sort.acts) - 1 else sort.slices
            await _look_around(stage, document, record, act.__name__, sort, (turn % slices, slices))
            await _overhear(stage, record, act.__name__, sort)
        for name in sort.readers:
            for where, what in (await attempts.attempt(stage, document, name)).items():
                record.keep("in the end", name, where, what)
        for name in ("Hana", "Ian"):
            for address in walk.list_files():
                record.keep("in the end", name, address, await walk.read(stage, name, address))
        record.known = {each for known in stage.known.values() for each in known}
        record.known |= {person.id for person in stage.cast.people.values()}
        findings = await audits.audit(stage.database)
        record.keep("in the end", "whoever runs it", "doctor", repr(findings))
        for number, line in enumerate(_MEASURED.sub("", stage.logged.getvalue()).splitlines()):
            record.keep("in the end", "whoever runs it", f"line {number} of the log", line)
    templates.drop(url)
    return record


async def _look_around(
    stage: Stage, document: Any, record: Record, when: str, sort: Sort, part: tuple[int, int]
) -> None:
    """Have everybody read what is close to the ideas, and a part of the rest."""
    addresses = walk.list_addresses(document, stage.known)
    first = script.get_own(stage)[0]
    number, slices = part
    for name in sort.readers:
        for address in addresses:
            mine = crc32(f"{name} {address}".encode()) % slices == number
            path = address.partition("?")[0]
            if (mine or address.startswith(sort.always) or first in address) and (
                name,
                path,
            ) not in record.closed:
                told = await walk.read(stage, name, address)
                record.keep(when, name, address, told)
                if _CLOSED in told:
                    # A filter does not open what a role closes.
                    record.closed.add((name, path))
    bearer = {"Authorization": f"Bearer {_METRICS}"}
    metrics = await stage.speak("").http.get("http://testserver/health/metrics", headers=bearer)
    assert metrics.status_code == 200
    record.keep(when, "the monitor", "/health/metrics", _MEASURED.sub("", metrics.text))


async def _overhear(stage: Stage, record: Record, when: str, sort: Sort) -> None:
    """Keep what was sent to anybody but the authors, and what live connections tell who comes back."""
    own = {stage.cast[name].email for name in stage.pair}
    told = sorted((each.by, each.to, _DRAWN.sub("", each.what)) for each in stage.said if each.to not in own)
    for number, (by, to, what) in enumerate(told):
        record.keep(when, to, f"message {number} by {by}", what)
    ideas = ",".join(script.get_own(stage))
    async with AsyncExitStack() as held:
        ears = {}
        for name in sort.readers:
            token = stage.app.state.wiring.signer.issue(
                stage.cast[name].id, DEVELOPMENT_SESSION, now=clock.now()
            )
            ears[name] = await held.enter_async_context(
                listening(stage.app, token, f"ideas={ideas}", Last_Event_ID="0", X_Request_Id=REQUEST)
            )
        await asyncio.gather(
            *(ear.until(idea_id) for ear in ears.values() for idea_id in script.get_own(stage))
        )
        for name, ear in ears.items():
            frames = [frame for frame in ear.text.split("\n\n") if not frame.startswith("retry")]
            record.keep(when, name, "/events", "\n\n".join(frames))
