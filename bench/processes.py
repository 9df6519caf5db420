"""Processes that are measured: started, asked for their processor time and memory, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.ground import Reader
from bench.installation import COMMAND, ROOT, Installation

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PATIENCE = 60.0
_OWN_AND_OF_DEAD_CHILDREN = slice(11, 15)
"""Times in /proc/<pid>/stat, counted from the state: user and system, own and of children waited for (proc(5))."""


class DidNotStart(Exception):
    """A process ended, or did not listen in time."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens on a port of the loopback."""

    pid: int
    port: int


def read_cpu(pid: int) -> float:
    """Return the seconds of processor time of a process and everything below it, living or dead."""
    try:
        own = sum(int(ticks) for ticks in _read_stat(pid)[_OWN_AND_OF_DEAD_CHILDREN])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has just ended, and counts among the dead children of its parent
    return own / _TICKS + sum(read_cpu(child) for child in list_children(pid))


def read_memory(pid: int) -> float:
    """Return the resident memory of a process, in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20


def list_children(pid: int) -> list[int]:
    """Return the processes that a process started and that still live."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


def _read_stat(pid: int) -> list[str]:
    # What follows the name in parentheses, which may itself have blanks in it.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@contextmanager
def serving_ideabox(
    installation: Installation, *, command: Sequence[str] = COMMAND, log: Path | None = None
) -> Iterator[Server]:
    """Have `ideabox serve` as users start it, with its log in a file."""
    port = _find_port()
    started = [*command, "serve", "--port", str(port)]
    log = log or installation.directory / "serve.log"
    with _running(started, installation.environment(), log) as pid:
        _wait(pid, port)
        yield Server(pid, port)


@contextmanager
def serving_floor(installation: Installation, readers: list[Reader]) -> Iterator[Server]:
    """Have the floor on the same server and settings of it."""
    port = _find_port()
    people = installation.directory / "people"
    people.write_text("".join(f"{reader.id} {reader.token}\n" for reader in readers))
    command = [sys.executable, "-m", "bench.serve", str(port), str(people)]
    with _running(command, installation.environment(), installation.directory / "floor.log") as pid:
        _wait(pid, port)
        yield Server(pid, port)


@contextmanager
def working(installation: Installation) -> Iterator[int]:
    """Have a worker (PostgreSQL); gives its process."""
    command = [*COMMAND, "worker"]
    with _running(command, installation.environment(), installation.directory / "worker.log") as pid:
        yield pid


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    with log.open("a") as lines:
        process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=lines, stderr=lines)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(pid: int, port: int) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < _PATIENCE and Path(f"/proc/{pid}/statm").read_text()[0] != "0":
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DidNotStart(f"process {pid} does not listen on {port}")


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
