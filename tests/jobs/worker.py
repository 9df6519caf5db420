"""A worker in a process of its own, which tells on standard output, a line of JSON each, what happens in it.

Usage: python -m tests.jobs.worker URL [stuck]. `stuck` never comes back from a drain.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from threading import Lock

import structlog
from pydantic import SecretStr

from app.core.config import Settings
from app.jobs import engine, pump, watch

pump.LINGER = 0.1
watch.INTERVAL = 0.3
_line = Lock()


def tell(**facts: object) -> None:
    with _line:
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()


async def drain() -> int:
    tell(drain=os.getpid())
    if "stuck" in sys.argv:
        await asyncio.Event().wait()
    return 0


async def tick(due_at: datetime) -> None:
    tell(tick=due_at.isoformat())


async def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = Settings(environment="test", database_url=sys.argv[1], secret_key=SecretStr("s" * 32))
    asked_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked_to_stop.set)
    clockwork = await engine.start(
        settings, engine.Work({"events.drain": drain}, [engine.Periodic("test.tick", "* * * * * *", tick)])
    )
    tell(started=os.getpid())
    await asked_to_stop.wait()
    tell(stopped=await clockwork.stop())


if __name__ == "__main__":
    asyncio.run(main())
