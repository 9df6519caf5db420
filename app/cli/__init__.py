"""The command line: serve, work, migrate, import, look after."""

import sys

import typer

from app.cli import loading
from app.core import memory
from app.core.config import UnusableSettings
from app.core.db import DatabaseAway
from app.core.single import AnotherProcess

app = typer.Typer(
    name="ideabox",
    cls=loading.Line,
    help="The idea box of a whole company.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _ideabox() -> None:
    """Have a command line without commands of its own: they are loaded by name."""


def main() -> None:
    """Run the command line; what a person can mend is said in a line, without a traceback."""
    memory.settle()
    try:
        app()
    except (UnusableSettings, AnotherProcess) as error:
        sys.exit(f"ideabox: {error}")
    except DatabaseAway as error:
        sys.exit(f"ideabox: the database is away: {error}")
