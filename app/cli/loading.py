"""Commands are loaded when they are called: what one of them needs, the others don't wait for."""

import gc
import importlib
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any

import typer
import typer.core
import typer.main

MODULES = {
    "migrate": "schema",
    "openapi": "schema",
    "serve": "running",
    "worker": "running",
    "jobs": "jobs",
    "retention": "keeping",
    "figures": "figures",
    "create-admin": "people",
    "invite": "people",
    "demo": "data",
    "doctor": "data",
    "directory": "people",
    "ideas": "data",
    "dev": "development",
}
"""The first word of each command, in the order of `ideabox --help`, and the module that has it."""


@contextmanager
def keeping() -> Iterator[None]:
    """Build what stays for good: the collector of garbage does not look through it, now or later.

    Imports alone make some 300,000 objects; looking through them again and again took a fifth of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load(module: str) -> Any:
    """Import a module by its name, in the process that needs it."""
    with keeping():
        return importlib.import_module(module)


class Line(typer.core.TyperGroup):
    """The command line, whose commands come from `MODULES`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": _Shelf()})


class _Shelf(MutableMapping[str, Any]):
    """The commands by name, each loaded when it is taken."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in MODULES:
            raise KeyError(name)
        if name not in self._loaded:
            self._loaded |= _build(MODULES[name])
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


def _build(module: str) -> Mapping[str, Any]:
    line = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    load(f"app.cli.{module}").install(line)
    group = typer.main.get_group(line)
    return group.commands
