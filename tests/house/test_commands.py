"""The command line: its names are fixed, and every command and parameter says what it does."""

import subprocess
import sys
from typing import Annotated

import pytest
import typer
from pydantic import SecretStr

from app.cli import app, loading
from app.cli.data import check_settings
from app.core.config import Settings
from docs.made.commands import list_commands, list_parameters

FIXED = {
    "migrate",
    "create-admin",
    "directory import",
    "ideas import",
    "demo",
    "serve",
    "worker",
    "jobs",
    "doctor",
    "openapi",
    "dev token",
}
"""What scripts of operators call; more may come, none of these goes."""


def find_unsaid(line: typer.Typer) -> list[str]:
    found = []
    for path, command in list_commands(line):
        if not command.help:
            found.append(f"`{path}`: give the function a docstring")
        found += [
            f"`{path}`: {parameter.name} has no help"
            for parameter in list_parameters(command)
            if not parameter.help
        ]
    return found


def test_every_command_and_parameter_says_what_it_does() -> None:
    found = find_unsaid(app)
    assert not found, "\n".join(found)


def test_the_names_that_scripts_call_are_there() -> None:
    known = {path for path, _ in list_commands(app)}
    # `jobs` has commands of its own below it.
    gone = {name for name in FIXED if not any(f"{path} ".startswith(f"{name} ") for path in known)}
    assert not gone


def test_every_module_has_the_commands_that_it_is_loaded_for() -> None:
    for module in set(loading.MODULES.values()):
        line = typer.Typer()
        loading.load(f"app.cli.{module}").install(line)
        named = {name for name, place in loading.MODULES.items() if place == module}
        assert set(typer.main.get_group(line).commands) == named


def test_a_server_loads_nothing_that_it_does_not_need() -> None:
    heavy = ("alembic", "app.demo", "app.services.imports", "dbos", "holidays", "psycopg", "mako")
    said = (
        "import sys; from app.cli import loading; loading.load('app.cli.running');"
        f"print([name for name in sys.modules if name.startswith({heavy!r})])"
    )
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(("region", "warned"), [("FR", 0), ("DE-BY", 0), ("", 0), ("QQ", 1), ("FR-99", 1)])
def test_doctor_warns_of_a_region_without_known_holidays(region: str, warned: int) -> None:
    settings = Settings(environment="production", secret_key=SecretStr("s" * 32), company_region=region)
    found = check_settings(settings)
    assert [finding.level for finding in found] == ["warning"] * warned
    assert all(region in finding.what for finding in found)


def test_the_rules_see_planted_faults() -> None:
    line = typer.Typer()

    def silent(count: int = 3) -> None: ...
    def said(count: Annotated[int, typer.Option(help="How many.")] = 3) -> None:
        """Count."""

    line.command()(silent)
    line.command()(said)
    assert len(find_unsaid(line)) == 2
