"""`python -m bench.instructions`: instructions per request on SQLite beside the floor, a gate without noise.

Ends with status 1 when the feed costs more than its target says, with 2 where it can't be measured.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench import ground, report
from bench.figures import Figures
from bench.installation import ROOT, Installation
from bench.valgrind import LONG, SHORT, SUBJECTS

GATE = 5.0
AIM = 3.0
NOT_MEASURED = 2
_TOTALS = re.compile(r"^totals: (\d+)$", re.MULTILINE)
_TRIGGER = re.compile(r"^desc: Trigger: dump (\S+)$", re.MULTILINE)


class NoValgrind(Exception):
    """valgrind (a package of Debian) is not installed."""


def measure() -> dict[str, dict[str, float]]:
    """Return the instructions of one request, `{"floor": {"feed": …}, "ideabox": {"feed": …}}`.

    On a small company in an SQLite file made for it: 200 people, 700 ideas.

    Raises: NoValgrind.
    """
    if shutil.which("valgrind") is None:
        raise NoValgrind
    with tempfile.TemporaryDirectory(prefix="ideabox-instructions-") as name:
        directory = Path(name)
        installation = Installation(f"sqlite:///{directory}/ideabox.db", directory)
        installation.call("migrate")
        installation.call("demo", "--employees", "200", "--ideas", "700", "--seed", "1")
        asked = directory / "ground.json"
        asked.write_bytes(msgspec.json.encode(asyncio.run(ground.survey(installation, readers=1))))
        command = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no"]
        command += [
            f"--callgrind-out-file={directory}/counted",
            sys.executable,
            "-m",
            "bench.valgrind",
            str(asked),
        ]
        # A fixed seed of hashes: the same sets in the same order each time.
        environment = installation.environment() | {"PYTHONHASHSEED": "0"}
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
        counted = dict(_read(directory))
    return {
        side: {
            subject: (counted[f"{side}.{subject}.{LONG}"] - counted[f"{side}.{subject}.{SHORT}"])
            / (LONG - SHORT)
            for subject in SUBJECTS
        }
        for side in ("floor", "ideabox")
    }


def _read(directory: Path) -> Iterator[tuple[str, int]]:
    for path in directory.glob("counted.*"):
        text = path.read_text(encoding="utf-8")
        trigger, totals = _TRIGGER.search(text), _TOTALS.search(text)
        if trigger and totals:
            yield trigger[1], int(totals[1])


def add(figures: Figures) -> None:
    """Add the ratios to the figures of a run."""
    try:
        counted = measure()
    except NoValgrind:
        figures.not_run["instructions.feed"] = "no valgrind"
        return
    for subject in SUBJECTS:
        ratio = counted["ideabox"][subject] / counted["floor"][subject]
        figures.note(f"instructions.{subject}", [ratio])
        figures.remarks.append(
            f"Instructions of {subject} on SQLite: {counted['ideabox'][subject]:,.0f}, "
            f"of the floor {counted['floor'][subject]:,.0f}, {ratio:.2f} ×."
        )


def main() -> int:
    """Print instructions per request and their ratio to the floor; return the exit status."""
    try:
        counted = measure()
    except NoValgrind:
        report.say("instructions: not run: no valgrind (a package of Debian of that name)")
        return NOT_MEASURED
    report.say("instructions per request on SQLite (valgrind), Ideabox beside the floor")
    for subject in SUBJECTS:
        floor, ours = counted["floor"][subject], counted["ideabox"][subject]
        report.say(f"  {subject:<9} {ours:>12,.0f} {floor:>12,.0f}   {ours / floor:.2f} ×")
    ratio = counted["ideabox"]["feed"] / counted["floor"]["feed"]
    verdict = "passed" if ratio <= GATE else "MISSED"
    report.say(f"instructions: {verdict}. Feed {ratio:.2f} × the floor; must be ≤ {GATE:g}, aim ≤ {AIM:g}")
    return 0 if ratio <= GATE else 1


if __name__ == "__main__":
    sys.exit(main())
