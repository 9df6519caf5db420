"""`make fuzz`: campaigns against a real server on SQLite and on PostgreSQL, as several people of a small company.

CASES (2,000) are the least for each engine, BUDGET (240) what an engine's campaigns may take, SEED makes them
again. Ends with status 1 when anything was wrong.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.fuzz import campaign
from tests.support import postgres

ROLES = ("employee", "correspondent", "innovation_manager", "hr", "admin")
PHASES = ("coverage", "fuzzing", "stateful")
_COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
_PATIENCE = 60.0
_SHOWN = 20


def main() -> int:
    """Run the campaigns of both engines; return the exit status."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**32))
    least, seconds = int(os.environ.get("CASES") or 2_000), int(os.environ.get("BUDGET") or 240)
    _say(f"SEED={seed} CASES={least} BUDGET={seconds}, each engine as {', '.join(ROLES)}")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="ideabox-fuzz-") as directory:
        failures += explore("SQLite", f"sqlite:///{directory}/fuzz.db", Path(directory), seed, least, seconds)
        with postgres_database() as url:
            failures += explore("PostgreSQL", url, Path(directory), seed, least, seconds)
    _say(f"make fuzz: {f'{failures} failures' if failures else 'passed'}. SEED={seed}")
    return 1 if failures else 0


@contextmanager
def postgres_database() -> Iterator[str]:
    """Start a server with an empty database; gives its URL."""
    server = postgres.start()
    try:
        postgres.create_database(server.url("postgres"), "fuzz")
        yield server.url("fuzz")
    finally:
        server.stop()


def explore(engine: str, url: str, directory: Path, seed: int, least: int, seconds: int) -> int:
    """Run the campaigns on one engine; return the number of failures."""
    environment = {
        **os.environ,
        "IDEABOX_ENVIRONMENT": "development",
        "IDEABOX_DATABASE_URL": url,
        "IDEABOX_DATA_DIR": str(directory),
        "IDEABOX_LOG_LEVEL": "error",
        "IDEABOX_WRITES_PER_SECOND": "100000",
        "IDEABOX_SIGN_INS_PER_MINUTE": "100000",
    }
    _call(environment, "migrate")
    _call(environment, "demo", "--employees", "60", "--ideas", "40", "--seed", "1")
    tokens = [line.split()[1] for line in _call(environment, "dev", "token", "--all").splitlines()]
    failures = cases = 0
    end, rounds = time.monotonic() + seconds, 0
    with _served(environment, directory / f"{engine}.log") as base_url:
        document = httpx2.get(f"{base_url}/api/openapi.json").json()
        people = choose(base_url, tokens)
        while cases < least or rounds == 0:
            if rounds and time.monotonic() > end:
                _say(f"{engine}: only {cases} of {least} cases in {seconds} seconds")
                return failures + 1
            share = max(6, int((end - time.monotonic()) / len(people)))
            for place, (role, token) in enumerate(people.items()):
                outcome = fuzz_as(document, base_url, token, seed + place + 1000 * rounds, share)
                if httpx2.get(f"{base_url}/health/ready").status_code != 200:
                    outcome.failures.append("the server is not ready any more")
                _say(f"{engine}, {role}: {outcome.say()}; {len(outcome.failures)} failures")
                for failure in outcome.failures[:_SHOWN]:
                    _say("  " + failure.replace("\n", "\n  "))
                cases += outcome.cases
                failures += len(outcome.failures)
            rounds += 1
    _say(f"{engine}: {cases} cases, {failures} failures")
    return failures


def fuzz_as(document: dict[str, Any], base_url: str, token: str, seed: int, seconds: int) -> campaign.Outcome:
    """Run every phase as one person: what the schema names once, then what chance finds within the time."""
    whole = campaign.Outcome()
    for phase in PHASES:
        bound = None if phase == "coverage" else seconds // 3
        known = campaign.survey(base_url, token)
        whole.add(
            campaign.run(
                document,
                base_url=base_url,
                token=token,
                known=known,
                seed=seed,
                examples=3,
                phases=(phase,),
                seconds=bound,
            )
        )
    return whole


def choose(base_url: str, tokens: list[str]) -> dict[str, str]:
    """Return the token of somebody with each role: who has least besides it and, among those, most to do."""
    found: dict[str, tuple[tuple[int, int], str]] = {}
    with httpx2.Client(base_url=f"{base_url}/api/v1", timeout=30) as client:
        for token in tokens:
            client.headers["Authorization"] = f"Bearer {token}"
            roles = client.get("/me").json()["roles"]
            own = len(client.get("/ideas?mine=true&limit=100").json()["items"])
            queue = client.get("/reviews?limit=100")
            held = len(queue.json()["items"]) if queue.status_code == 200 else 0
            for role in roles:
                rank = (len(roles), -held or -own)
                if role not in found or rank < found[role][0]:
                    found[role] = rank, token
    return {role: found[role][1] for role in ROLES}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _call(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        (*_COMMAND, *arguments), env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"ideabox {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


@contextmanager
def _served(environment: dict[str, str], log: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}"
    with log.open("w") as lines:
        command = (*_COMMAND, "serve", "--port", str(port))
        server = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines)
        try:
            _wait(server, base_url, log)
            yield base_url
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(_PATIENCE)


def _wait(server: "subprocess.Popen[bytes]", base_url: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            httpx2.get(f"{base_url}/health/ready").raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"The server did not start:\n{log.read_text()}")


if __name__ == "__main__":
    sys.exit(main())
