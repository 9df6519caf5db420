"""From the start of a process to its first answer, in processor time, beside importing the same libraries."""

import asyncio
import re
import resource
import subprocess
import sys

from bench import client, processes, routes
from bench.figures import Figures
from bench.installation import COMMAND, ROOT
from bench.scene import Scene

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)
_OURS = {"app", "bench", "__main__", "sitecustomize", "usercustomize"}
_IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""


async def measure_start(scene: Scene, figures: Figures) -> None:
    """Start servers and ask each for a page; import the same modules of others in the same order, nothing else."""
    names = await _list_modules(scene)
    ratios = []
    for _ in range(scene.rounds):
        with processes.serving_ideabox(scene.installation) as server:
            await client.fetch(server.port, routes.ask_feed(scene.ground.readers[0]))
            started = processes.read_cpu(server.pid)
        imported = await asyncio.to_thread(_import, names)
        ratios.append(started / imported)
        figures.remarks.append(
            f"Start to first answer {started:.1f} s of processor time, importing its {len(names)} modules "
            f"of others {imported:.1f} s."
        )
    figures.note("start", ratios)


def _import(names: list[str]) -> float:
    """Import modules in a process of their own and return its seconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _IMPORT, *names], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


async def _list_modules(scene: Scene) -> list[str]:
    """Return the modules of others that a server has imported by its first answer, in the order it did so."""
    log = scene.installation.directory / "imports.log"
    command = [COMMAND[0], "-X", "importtime", *COMMAND[1:]]
    with processes.serving_ideabox(scene.installation, command=command, log=log) as server:
        await client.fetch(server.port, routes.ask_feed(scene.ground.readers[0]))
    found = _IMPORTED.findall(await asyncio.to_thread(log.read_text))
    ours = _OURS | sys.stdlib_module_names
    return [name for name in found if name.partition(".")[0] not in ours]
