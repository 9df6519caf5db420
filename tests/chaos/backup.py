"""Trial: the backup of the manual, taken while people write, is restored elsewhere with all that was acknowledged."""

import asyncio
import copy
import os
import re
import shutil
import sys
import time
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import replace
from pathlib import Path

from tests.chaos import audits, people, records
from tests.chaos.installation import COMMAND, ROOT, Installation
from tests.chaos.journal import Fate, Journal, Write
from tests.chaos.kill import describe
from tests.chaos.trials import Outcome
from tests.chaos.writers import writing

_MANUAL = ROOT / "deploy" / "BACKUP.md"
_SECTION = re.compile(r"^## SQLite\n(.*?)^## ", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_BEFORE, _AFTER = 3.0, 1.0
_PAGE = 4096
_CHANGES = ("comments.edited", "comments.deleted", "ideas.edited")
_MAKING = ("comments.written", "ideas.submitted", "ideas.drafted")


async def run(installation: Installation, seed: int) -> Outcome:
    """Take the backup among the writes of twenty people, lose the machine, restore, and look for everything."""
    outcome, journal = Outcome(), Journal()
    taking, restoring = _read_manual()
    home = _move_to(installation, installation.directory / "home" / "var")
    async with home.serving() as server:
        world = await people.look_around(home, server.base_url)
        before = records.read(home)
        async with writing(world, journal, lambda: server.base_url, seed=seed):
            await asyncio.sleep(_BEFORE)
            sure = {id(write) for write in journal.writes if write.fate is not Fate.UNKNOWN}
            begin = time.monotonic()
            await _follow(taking, home.directory.parent)
            outcome.counts["s for the backup"] = round(time.monotonic() - begin, 2)
            await asyncio.sleep(_AFTER)
    outcome.counts["writes before it"] = len(sure)
    elsewhere = _restore_to(installation, home)
    begin = time.monotonic()
    await _follow(restoring, elsewhere.directory.parent, elsewhere)
    outcome.counts["s to restore"] = round(time.monotonic() - begin, 2)
    async with elsewhere.serving() as server:
        outcome.faults += await audits.audit(elsewhere, server.base_url, world, before, _cut(journal, sure))
    outcome.faults += await _see_damage(elsewhere)
    outcome.counts |= describe(journal)
    return outcome


def _read_manual() -> tuple[str, str]:
    """Return the two scripts of the manual for SQLite: how to take a backup, and how to restore it."""
    section = _SECTION.search(_MANUAL.read_text(encoding="utf-8"))
    assert section is not None
    taking, restoring = _SHELL.findall(section[1])
    return taking, restoring


def _move_to(installation: Installation, var: Path) -> Installation:
    """Copy an installation that does not run to where the manual has it."""
    var.mkdir(parents=True)
    for file in installation.directory.iterdir():
        if file.is_file():
            shutil.copy(file, var)
    return replace(installation, url=f"sqlite:///{var}/ideabox.db", directory=var)


def _restore_to(installation: Installation, home: Installation) -> Installation:
    """Prepare another machine: the backup and the program are there, and nothing else."""
    place = installation.directory / "elsewhere"
    place.mkdir()
    shutil.move(home.directory.parent / "backup", place)
    program = place / ".venv" / "bin" / "ideabox"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{COMMAND[2]}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return replace(installation, url=f"sqlite:///{place}/var/ideabox.db", directory=place / "var")


async def _follow(script: str, place: Path, installation: Installation | None = None) -> None:
    """Do what the manual says, line by line, in a place.

    Raises: AssertionError when a line fails.
    """
    environment = {**(installation.environment() if installation else os.environ), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *("sh", "-eu", "-c", script), cwd=place, env=environment, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise AssertionError(f"the manual fails: {output.decode()[-500:]}")


def _forget(write: Write) -> Write:
    """Return a write as if its answer had been lost."""
    forgotten = copy.copy(write)
    forgotten.status, forgotten.raw, forgotten.answer = None, b"", None
    return forgotten


def _cut(journal: Journal, sure: set[int]) -> Journal:
    """Return a journal in which only the writes whose answers were there already are certain.

    What came later may be in the backup or not, as if its answer had been lost; changes of what was made later are
    left out, because what they change may not be there.
    """
    later = {write.answer["id"] for write in journal.writes if id(write) not in sure and _made(write)}
    return Journal(
        [
            write if id(write) in sure else _forget(write)
            for write in journal.writes
            if id(write) in sure or write.what not in _CHANGES or write.subject not in later
        ]
    )


def _made(write: Write) -> bool:
    return write.fate is Fate.ACKNOWLEDGED and write.what in _MAKING


async def _see_damage(restored: Installation) -> list[str]:
    """Damage copies of the file; return those in which the doctor finds nothing."""
    file = restored.directory / "ideabox.db"
    whole = file.read_bytes()
    middle = len(whole) // _PAGE // 2 * _PAGE
    damaged = {
        "cut in the middle": whole[:middle],
        "with two pages of zeros": whole[:middle] + bytes(2 * _PAGE) + whole[middle + 2 * _PAGE :],
    }
    faults = []
    for name, content in damaged.items():
        file.write_bytes(content)
        status, _, _ = await restored.call("doctor", check=False)
        if status == 0:
            faults.append(f"the doctor is content with a backup {name}")
    return faults
