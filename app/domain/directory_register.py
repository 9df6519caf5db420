"""Entities and functions that a directory file names: those there are, and those to be made."""

from collections.abc import Iterable

from app.domain import names


class Register:
    """Names by what their spellings have in common; a new one is kept in the spelling that came first."""

    def __init__(self, existing: Iterable[str]) -> None:
        self._spelled = set(existing)
        self._known: dict[str, str] = {}
        for name in existing:
            self._known.setdefault(_fold_path(name), name)
        self.new: list[str] = []

    def resolve(self, name: str) -> str:
        """Return the name as it is known; a name that is not known is taken in as new."""
        if name in self._spelled:
            return name
        known = self._known.setdefault(_fold_path(name), name)
        if known is name:
            self._spelled.add(name)
            self.new.append(name)
        return known

    def resolve_path(self, path: str) -> str:
        """Return a path as it is known, level by level; levels that are not known are new, parents first."""
        if path in self._spelled:
            return path
        here = ""
        for part in path.split("/"):
            here = self.resolve(f"{here}/{part}" if here else part)
        return here


def _fold_path(path: str) -> str:
    # Compatibility forms may fold to a slash: it must not look like one that parts two levels.
    return "/".join(names.fold(part).replace("/", "\0") for part in path.split("/"))
