"""The classes of the product, as the house rules look at them."""

import importlib
import pkgutil
from functools import cache
from typing import TypeVar

import app

T = TypeVar("T")


@cache
def load_everything() -> None:
    """Import every module but the command line and the demo, so that their classes are known."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.startswith(("app.cli", "app.demo")):
            importlib.import_module(module.name)


def list_subclasses(parent: type[T]) -> list[type[T]]:
    """Return the classes of the product below a class; what tests plant is no part of it."""
    load_everything()
    found: list[type[T]] = []
    for child in parent.__subclasses__():
        found += [child, *list_subclasses(child)]
    return [each for each in dict.fromkeys(found) if each.__module__.startswith("app.")]
