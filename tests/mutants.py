"""`make mutants`: plants a change in the rules, one at a time, and counts how many of them the tests notice.

mutmut changes each function of `app/domain` wherever it can, and runs the tests of `tests/domain` that pass through
the function. What stands outside functions (tables, constants) and decorated functions are not changed.

A change of the wording of a sentence is counted apart: tests hold what a refusal is about, not how it is said.
BUDGET are the seconds that it may take. The changes stay in `mutants/` until the next run: `.venv/bin/mutmut results`
lists those that nobody noticed, `.venv/bin/mutmut show NAME` shows one.
"""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from mutmut.mutation.data import MutantLineSpans
from mutmut.mutation.diff_apply import generated_function_names
from mutmut.stats import status_by_exit_code

LEAST = 85.0
"""Changes that must be noticed, in percent."""

BUDGET = 1800
"""Seconds after which a run is stopped and counts as failed."""

RULES = Path("app/domain")
PLANTED = Path("mutants")
LOG = PLANTED / "run.log"

NOTICED = frozenset({"killed", "timeout", "segfault"})
"""A test failed, or the change made a function run on until it was stopped."""

_SENTENCE = re.compile(r"\w[^\w\s]? \w")
_EXCUSED = re.compile(r"# pragma: no mutate")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted change; `wording` says that it is one of a sentence only."""

    name: str
    status: str
    wording: bool

    @property
    def noticed(self) -> bool:
        """Whether the tests told of it."""
        return self.status in NOTICED


def main() -> int:
    """Plant the changes and print the score of each module and of all; return the exit status."""
    shutil.rmtree(PLANTED, ignore_errors=True)
    PLANTED.mkdir()
    finished = _run(int(os.environ.get("BUDGET") or BUDGET))
    mutants = {path.stem: list(_read(path)) for path in sorted(RULES.glob("*.py"))}
    everything = [mutant for found in mutants.values() for mutant in found]
    for module, found in mutants.items():
        if found:
            _say(_score(module, found))
    score = _score("all", everything)
    _say(score)
    words = [mutant for mutant in everything if mutant.wording]
    excused = sum(len(_EXCUSED.findall(path.read_text(encoding="utf-8"))) for path in RULES.glob("*.py"))
    _say(f"apart: {len(words)} changes of wording, {sum(word.noticed for word in words)} of them noticed")
    _say(f"left out: {excused} lines, each with its reason beside it")
    untried = sum(mutant.status in {"not checked", "check was interrupted by user"} for mutant in everything)
    if not finished or untried or not everything:
        _say(f"make mutants: not finished, {untried} changes were not tried; {LOG} has the rest")
        return 1
    passed = get_percent(everything) >= LEAST
    _say(f"make mutants: {'passed' if passed else 'failed'}. At least {LEAST} in 100 must be noticed.")
    return 0 if passed else 1


def get_percent(mutants: Iterable[Mutant]) -> float:
    """Return how many in a hundred were noticed, wording left aside."""
    counted = [mutant.noticed for mutant in mutants if not mutant.wording]
    return 100 * sum(counted) / len(counted) if counted else 100.0


def _run(budget: int) -> bool:
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", "2"]
    environment = os.environ | {
        "TZ": "Asia/Kathmandu",  # where a server stands changes no rule
        "PYTHONHASHSEED": "0",  # the same order of sets in each run, and so the same score
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # a third of the time of a test is loading them
        "PYTEST_PLUGINS": "anyio.pytest_plugin,_hypothesis_pytestplugin",
    }
    with LOG.open("w") as log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:
        try:
            return process.wait(budget) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            return False


def _read(path: Path) -> Iterator[Mutant]:
    meta = PLANTED / f"{path}.meta"
    if not meta.exists():
        return
    statuses = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    spans = MutantLineSpans.load(path)
    for name, code in statuses.items():
        wording = spans is not None and _is_wording(
            *spans.read_function_sources(generated_function_names(name))
        )
        yield Mutant(name, status_by_exit_code[code], wording)


def _is_wording(before: str, after: str) -> bool:
    """Tell whether two versions of a function differ in their sentences only."""
    return _blank_out(before) == _blank_out(after)


def _blank_out(source: str) -> str:
    tree = ast.parse(dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
            node.name = ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SENTENCE.search(node.value):
            node.value = ""
    return ast.dump(tree)


def _score(title: str, mutants: list[Mutant]) -> str:
    counted = [mutant for mutant in mutants if not mutant.wording]
    noticed = sum(mutant.noticed for mutant in counted)
    return f"{title:20} {get_percent(mutants):5.1f} %  {noticed:4} of {len(counted):4}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
