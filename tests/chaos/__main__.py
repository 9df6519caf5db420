"""`make chaos`: every trial on both engines, with what was counted; ends with status 1 when anything was wrong.

SEED makes the same trials again, ONLY (a part of names, several with commas) runs some, ENGINE one engine.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.catalogue import TRIALS
from tests.chaos.installation import Installation
from tests.chaos.trials import Outcome, Trial
from tests.support import postgres


async def main() -> int:
    """Run the trials; return the exit status."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**32))
    only = [part for part in os.environ.get("ONLY", "").split(",") if part]
    engines = [name for name in ("sqlite", "postgresql") if os.environ.get("ENGINE") in (None, "", name)]
    _say(f"make chaos: SEED={seed}")
    bad = 0
    for trial in TRIALS:
        if only and not any(part in trial.name for part in only):
            continue
        for engine in engines:
            if engine not in trial.engines:
                continue
            begin = time.monotonic()
            outcome = await attempt(trial, engine, seed)
            bad += len(outcome.faults)
            _say(f"{trial.name} · {engine}: {outcome.say()} ({time.monotonic() - begin:.0f} s)")
            for fault in outcome.faults[:20]:
                _say(f"    {fault}")
    _say(f"make chaos: {f'{bad} faults' if bad else 'passed'}. SEED={seed}")
    return 1 if bad else 0


async def attempt(trial: Trial, engine: str, seed: int) -> Outcome:
    """Run a trial on an installation of its own; an error of the trial itself is a fault."""
    with tempfile.TemporaryDirectory(prefix="ideabox-chaos-") as name:
        directory = Path(name)
        server = postgres.start() if engine == "postgresql" else None
        try:
            url = f"sqlite:///{directory}/ideabox.db"
            if server is not None:
                postgres.create_database(server.url("postgres"), "chaos")
                url = server.url("chaos")
            installation = Installation(engine, url, directory)
            await installation.furnish()
            return await trial.run(installation, seed)
        except Exception as error:  # noqa: BLE001  one trial that breaks must not hide the others
            return Outcome(faults=[f"the trial broke: {error!r}"])
        finally:
            if server is not None:
                server.stop()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
