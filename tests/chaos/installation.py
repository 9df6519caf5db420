"""An installation of its own for a trial: a migrated database with a small company, and its processes."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
_BETWEEN_LOOKS = 0.02


class DidNotStart(Exception):
    """A process ended, or did not get ready in time."""


@dataclass
class Process:
    """A running `ideabox serve` or `ideabox worker`; `base_url` is where a server listens."""

    process: asyncio.subprocess.Process
    log: Path
    base_url: str = ""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    async def kill(self) -> None:
        """End it with SIGKILL, at once."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self, within: float = PATIENCE) -> int:
        """End it politely; return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), within)

    async def get_ready(self, within: float = PATIENCE) -> float:
        """Wait until the server is ready; return the seconds that it took from now.

        Raises: DidNotStart.
        """
        begin = time.monotonic()
        async with httpx2.AsyncClient(base_url=self.base_url, timeout=5) as client:
            while time.monotonic() - begin < within and self.process.returncode is None:
                try:
                    answer = await client.get("/health/ready")
                except httpx2.HTTPError:
                    answer = None
                if answer is not None and answer.status_code == 200:
                    return time.monotonic() - begin
                await asyncio.sleep(_BETWEEN_LOOKS)
        raise DidNotStart(self.log.read_text(encoding="utf-8")[-3000:])


@dataclass
class Installation:
    """An installation: `engine` is sqlite or postgresql, `url` its database, `directory` its files and logs.

    `tokens` are access tokens of everybody in the company by e-mail, valid twelve hours.
    """

    engine: str
    url: str
    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    _started: int = 0

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IDEABOX_")}
        return {
            **kept,
            "IDEABOX_ENVIRONMENT": "development",
            "IDEABOX_DATABASE_URL": self.url,
            "IDEABOX_DATA_DIR": str(self.directory),
            "IDEABOX_LOG_LEVEL": "warning",
            "IDEABOX_WRITES_PER_SECOND": "100000",
            "IDEABOX_SIGN_INS_PER_MINUTE": "100000",
            **self.settings,
            **(extra or {}),
        }

    async def call(self, *arguments: str, check: bool = True) -> tuple[int, str, str]:
        """Run a command of `ideabox` to its end; return its status, output and errors.

        Raises: DidNotStart when it ends badly and `check` is set.
        """
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *arguments,
            env=self.environment(),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        status = process.returncode or 0
        if check and status:
            raise DidNotStart(f"ideabox {' '.join(arguments)}: {status}\n{errors.decode()}")
        return status, output.decode(), errors.decode()

    async def furnish(self, *, employees: int = 60, ideas: int = 40, seed: int = 1) -> None:
        """Migrate, make up a company, and get tokens of everybody."""
        await self.call("migrate")
        await self.call("demo", "--employees", str(employees), "--ideas", str(ideas), "--seed", str(seed))
        _, lines, _ = await self.call("dev", "token", "--all")
        self.tokens = dict(line.split() for line in lines.splitlines())

    async def start(self, *arguments: str, extra: Mapping[str, str] | None = None) -> Process:
        """Start a command of `ideabox` and return at once; `prefix` (a tracer, say) stands before it."""
        self._started += 1
        log = self.directory / f"{arguments[0]}-{self._started}.log"
        with log.open("w") as lines:
            process = await asyncio.create_subprocess_exec(
                *self.prefix,
                *COMMAND,
                *arguments,
                env=self.environment(extra),
                cwd=ROOT,
                stdout=lines,
                stderr=lines,
            )
        return Process(process, log)

    @asynccontextmanager
    async def serving(
        self, *, port: int | None = None, extra: Mapping[str, str] | None = None
    ) -> AsyncIterator[Process]:
        """Have a server, ready; killed at the latest in the end."""
        port = port or free_port()
        server = await self.start("serve", "--port", str(port), extra=extra)
        server.base_url = f"http://127.0.0.1:{port}"
        try:
            await server.get_ready()
            yield server
        finally:
            await server.kill()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Process]:
        """Have a worker (PostgreSQL only); killed at the latest in the end."""
        worker = await self.start("worker")
        try:
            yield worker
        finally:
            await worker.kill()

    async def examine(self) -> list[str]:
        """Return what `ideabox doctor` finds contradictory, as lines; nothing when it is content."""
        status, output, errors = await self.call("doctor", check=False)
        return [] if status == 0 else [f"doctor: {line}" for line in (output + errors).splitlines()]


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
