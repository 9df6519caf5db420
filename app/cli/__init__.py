"""The command line: serve, work, migrate, import, look after."""

import sys

import typer

from app.cli import data, development, people, running, schema
from app.core.config import UnusableSettings
from app.core.db import DatabaseAway
from app.core.single import AnotherProcess

app = typer.Typer(
    name="ideabox",
    help="The idea box of a whole company.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
schema.install(app)
running.install(app)
people.install(app)
data.install(app)
development.install(app)


def main() -> None:
    """Run the command line; what a person can mend is said in a line, without a traceback."""
    try:
        app()
    except (UnusableSettings, AnotherProcess) as error:
        sys.exit(f"ideabox: {error}")
    except DatabaseAway as error:
        sys.exit(f"ideabox: the database is away: {error}")
