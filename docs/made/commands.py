"""The page of the command line."""

from collections.abc import Iterator

import typer.core
import typer.main

from app.cli import app
from docs.made.markdown import write_page, write_table

Command = typer.core.TyperCommand | typer.core.TyperGroup
Parameter = typer.core.TyperOption | typer.core.TyperArgument

_TEXT = """
`ideabox` reads the settings from the environment (see [settings](settings.md)). Results go to standard
output, logs to standard error. On SQLite a command that writes refuses to run beside a live server.
"""
_HEAD = ("parameter", "meaning", "default")


def write() -> str:
    """Return each command with its parameters."""
    parts = []
    for path, command in list_commands(app):
        parts += [f"## `ideabox {path}`", " ".join((command.help or "").split())]
        rows = [
            (f"`{_write_names(each)}`", each.help or "", _write_default(each))
            for each in list_parameters(command)
        ]
        if rows:
            parts.append(write_table(_HEAD, rows))
    return write_page("The command line", _TEXT, *parts)


def list_commands(line: typer.Typer) -> Iterator[tuple[str, Command]]:
    """Return every command of a command line, with the words that call it."""
    yield from _list_below(typer.main.get_command(line), ())


def list_parameters(command: Command) -> list[Parameter]:
    """Return what a command takes, `--help` left out."""
    return [each for each in command.params if isinstance(each, Parameter)]


def _list_below(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    if isinstance(command, typer.core.TyperGroup):
        for name, below in command.commands.items():
            yield from _list_below(below, (*path, name))
    elif isinstance(command, typer.core.TyperCommand):
        yield " ".join(path), command


def _write_names(parameter: Parameter) -> str:
    if isinstance(parameter, typer.core.TyperArgument):
        return (parameter.name or "").upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _write_default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    plain = parameter.default not in (None, False) and not callable(parameter.default)
    return f"`{parameter.default}`" if plain else ""
