"""The page of the command line."""

from collections.abc import Iterator

import click
import typer.main

from app.cli import app
from docs.made.markdown import write_page, write_table

_TEXT = """
`ideabox` reads the settings from the environment (see `settings.md`). Results go to standard output, logs
to standard error. On SQLite a command that writes refuses to run beside a live server.
"""


def write() -> str:
    """Return each command with its options."""
    parts = []
    for path, command in list_commands(typer.main.get_command(app)):
        parts += [f"## `ideabox {' '.join(path)}`", " ".join((command.help or "").split())]
        rows = [
            (
                f"`{_write_names(parameter)}`",
                getattr(parameter, "help", None) or "",
                _write_default(parameter),
            )
            for parameter in command.params
        ]
        if rows:
            parts.append(write_table(("parameter", "meaning", "default"), rows))
    return write_page("The command line", _TEXT, *parts)


def list_commands(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Return every command below a group, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from list_commands(below, (*path, name))


def _write_names(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return (parameter.name or "").upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _write_default(parameter: click.Parameter) -> str:
    if parameter.required:
        return "required"
    return (
        "" if parameter.default in (None, False) or callable(parameter.default) else f"`{parameter.default}`"
    )
