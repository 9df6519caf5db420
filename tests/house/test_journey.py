"""Pages with calls are run: each as one script in bash, against a server with a small made-up company."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.core.config import Settings
from tests.house.sources import ROOT

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_RECIPE = re.compile(r"^run: export (IDEABOX_\w+) = (.*)$", re.MULTILINE)
_COMMAND = "from app.cli import main; main()"
_COMPANY = ("--employees", "60", "--ideas", "40")
_LIMIT_SECONDS = 120


def read_calls(path: str) -> str:
    """Return the shell blocks of a page, from the first that names the port on, as one script."""
    text = "\n".join(_BLOCK.findall((ROOT / path).read_text(encoding="utf-8")))
    return text[text.index("PORT=8000") :]


def write_script(path: str, put_in: dict[str, str]) -> str:
    """Return the script of a page with values of this machine; each one must have its place on the page."""
    script = read_calls(path)
    for place, value in put_in.items():
        if place in script:
            script = script.replace(place, value)
    return f"set -euo pipefail\n{script}"


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The environment of `make run`, but on a database and a port of the test's own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IDEABOX_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
        "IDEABOX_ENVIRONMENT": "development",
        "IDEABOX_DATABASE_URL": settings.database_url,
        "IDEABOX_DATA_DIR": str(settings.data_dir),
        "IDEABOX_BASE_URL": f"http://127.0.0.1:{port}",
    }


@pytest.fixture
def company(settings: Settings, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """A small made-up company that is served, with its environment."""
    command = [sys.executable, "-c", _COMMAND]
    subprocess.run([*command, "demo", *_COMPANY], cwd=ROOT, env=environment, check=True, capture_output=True)
    with ExitStack() as running:
        running.enter_context(_start([*command, "serve", "--port", environment["PORT"]], environment))
        if not settings.on_sqlite:
            running.enter_context(_start([*command, "worker"], environment))
        yield environment


@contextmanager
def _start(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        yield
        process.terminate()


def run(path: str, environment: dict[str, str], directory: Path) -> list[str]:
    """Run a page and return the lines that it prints."""
    command = directory / "ideabox"
    command.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -c "{_COMMAND}" "$@"\n')
    command.chmod(0o755)
    put_in = {
        "PORT=8000": f"PORT={environment['PORT']}",
        "sqlite:///var/ideabox.db": environment["IDEABOX_DATABASE_URL"],
        "DATA_DIR=var": f"DATA_DIR={environment['IDEABOX_DATA_DIR']}",
        ".venv/bin/ideabox": str(command),
    }
    done = subprocess.run(
        ["bash", "-c", write_script(path, put_in)],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_SECONDS,
    )
    assert not done.returncode, f"{path} ends with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout.splitlines()


def test_the_calls_of_the_pages_work_in_their_order(company: dict[str, str], tmp_path: Path) -> None:
    told = run("docs/journey.md", company, tmp_path)
    refused = [line.split()[1].rstrip(":") for line in told if re.match(r"4\d\d ", line)]
    assert refused == [
        "decisions.conflicted",
        "votes.own-idea",
        "precondition.failed",
        "pipeline.scorecard-missing",
    ]
    assert "- Line managers never hold ideas of their people." in told
    assert told[-8:-7] == ["valid: True, rows: 11"]
    assert sorted(told[-7:]) == sorted(
        [
            "submitted 10",
            "comment 1",
            "recommended 20",
            "selected 100",
            "project 200",
            "pilot 300",
            "deployed 500",
        ]
    )
    assert run("README.md", company, tmp_path)[-1].startswith("403 votes.own-idea: ")


def test_the_journey_has_the_settings_of_make_run() -> None:
    settings = dict(_RECIPE.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    page = read_calls("docs/journey.md")
    assert settings
    for name, value in settings.items():
        assert f"export {name}={value.replace('$(PORT)', '$PORT')}\n" in page
