"""Exports beside PostgreSQL's own COPY of the same lines: how fast, in how much memory, and what readers notice."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import asyncpg
import httpx2

from app.core.db import Database
from app.domain.exports import What
from app.integrations.press.orders import Statement
from app.queries import exported_definitions, exported_tables
from app.services import export_orders
from bench import ground, load, processes, routes
from bench.asks import API
from bench.figures import Figures
from bench.ground import Reader
from bench.report import say
from bench.scene import Scene

WHAT = What.ITINERARIES
"""What has the most rows."""

FORMATS = ("csv", "xlsx")
READERS = 8
_OFTEN = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """An export that came whole: seconds, bytes, and the most memory of server and press, in MiB."""

    seconds: float
    size: int
    memory: float


async def measure_exports(scene: Scene, figures: Figures) -> None:
    """Measure a CSV and an XLSX of everything, and of one stage, as an innovation manager takes them out."""
    reader = await _sign_in(scene)
    rows = await _count_rows(scene)
    await _take(scene, reader, "csv", {"stage": "pilot"})
    idle = _read_memory(scene.ours.pid)
    rates: dict[str, list[float]] = {name: [] for name in FORMATS}
    grown: dict[str, list[float]] = {}
    for _ in range(scene.rounds):
        copied = await _copy(scene)
        for name in FORMATS:
            for size, filters in (("few", {"stage": "pilot"}), ("all", {})):
                taken = await _take(scene, reader, name, filters)
                grown.setdefault(f"{name}.{size}", []).append(taken.memory - idle)
                if size == "all":
                    rates[name].append(copied / taken.seconds)
                    say(
                        f"exports: {rows} rows of {name}, {taken.size / 2**20:.0f} MiB, {taken.seconds:.1f} s"
                    )
    for name in FORMATS:
        figures.note(f"exports.{name}", rates[name])
        figures.note(f"exports.{name}.memory", grown[f"{name}.all"])
        figures.note(f"exports.{name}.growth", _subtract(grown[f"{name}.all"], grown[f"{name}.few"]))
        figures.note(f"exports.{name}.feed", [await _wait_beside(scene, reader, name)])
    figures.remarks.append(
        f"Exports of {rows} entries of itineraries over HTTP; memory is that of server and press together, above the "
        "server's after a first export."
    )


def _subtract(some: list[float], others: list[float]) -> list[float]:
    return [one - other for one, other in zip(some, others, strict=True)]


async def _sign_in(scene: Scene) -> Reader:
    database = Database(scene.installation.settings())
    try:
        return (await ground.sign_in(database, scene.installation, scene.facts.innovation_managers[:1]))[0]
    finally:
        await database.close()


def _write_statement(scene: Scene) -> Statement:
    table = exported_definitions.describe(WHAT, export_orders.read_narrowing({}), zone="Europe/Paris")
    return exported_tables.write_statement(table, scene.installation.engine, "csv", export_orders.STYLES)


async def _count_rows(scene: Scene) -> int:
    asked = _write_statement(scene)
    connection = await asyncpg.connect(scene.installation.url)
    try:
        text = f"SELECT count(*) FROM ({asked.text}) AS lines"  # noqa: S608  a statement of ours
        counted: int = await connection.fetchval(text, *asked.given)
        return counted
    finally:
        await connection.close()


async def _copy(scene: Scene) -> float:
    """Return the seconds of a COPY of the guarded lines to a client that throws them away."""

    async def drop(_piece: bytes) -> None:
        pass

    asked = _write_statement(scene)
    connection = await asyncpg.connect(scene.installation.url)
    try:
        begin = time.perf_counter()
        await connection.copy_from_query(asked.text, *asked.given, output=drop, format="csv")
        return time.perf_counter() - begin
    finally:
        await connection.close()


async def _take(scene: Scene, reader: Reader, name: str, filters: dict[str, str]) -> _Taken:
    """Take an export out, as a client does that keeps nothing of it."""
    most, size = 0.0, 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, _read_memory(scene.ours.pid))
            await asyncio.sleep(_OFTEN)

    watching = asyncio.create_task(watch())
    query = urlencode({**filters, "reason": "Measuring how long it takes"})
    address = f"http://127.0.0.1:{scene.ours.port}{API}/exports/{WHAT}.{name}?{query}"
    begin = time.perf_counter()
    headers = {"Authorization": f"Bearer {reader.token}"}
    async with (
        httpx2.AsyncClient(timeout=3600) as http,
        http.stream("GET", address, headers=headers) as answer,
    ):
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            size += len(piece)
    seconds = time.perf_counter() - begin
    watching.cancel()
    await asyncio.wait([watching])
    return _Taken(seconds, size, most)


def _read_memory(pid: int) -> float:
    """Return the resident memory of a process and of those that it started, in MiB."""
    total = processes.read_memory(pid)
    for child in processes.list_children(pid):
        try:
            total += processes.read_memory(child)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
    return total


async def _wait_beside(scene: Scene, reader: Reader, name: str) -> float:
    """Return how much longer the slowest hundredth of feeds takes while one export after the other goes out."""

    async def export() -> None:
        while True:
            await _take(scene, reader, name, {})

    alone = await _read_feed(scene)
    exporting = asyncio.create_task(export())
    meanwhile = await _read_feed(scene)
    exporting.cancel()
    await asyncio.wait([exporting])
    return meanwhile.percentile(0.99) / alone.percentile(0.99)


async def _read_feed(scene: Scene) -> load.Load:
    readers = scene.ground.readers[:READERS]
    streams = [load.repeat([routes.ask_feed(each)]) for each in readers]
    return await load.drive(scene.ours.port, streams, seconds=scene.seconds)
