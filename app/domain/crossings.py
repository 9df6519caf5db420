"""Crossings: ideas of one part of the company that another part answered, told from five authors on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.breakdowns import WHOLE, Tree
from app.domain.privacy import FLOOR

ELSEWHERE = "elsewhere"
"""Whoever answered outside the part of the company that is looked at."""


class Answered(NamedTuple):
    """How many ideas of one part another one answered, and how many wrote them."""

    ideas: int
    authors: int


class Spot(NamedTuple):
    """Where an answer crossed what is below an entity, or below the whole company: from which part of it to which."""

    top: str
    origin: str
    answering: str


@dataclass(frozen=True, slots=True)
class Row:
    """The ideas of one part, and where they were answered; None is hidden."""

    ideas: int | None
    outside: int | None
    cells: Mapping[str, int | None]


def place(tree: Tree, top: str) -> dict[str, str]:
    """Return for the top and everything below it the part it belongs to: one of those directly below, or the top.

    A company under its own name is looked at like the company.
    """
    parts = [node for node in tree.ordered if tree.parents[node] == top]
    if top == WHOLE and len(parts) == 1:
        return place(tree, parts[0])
    places = {top: top} if top != WHOLE else {}
    for node in tree.ordered:
        above = tree.parents[node]
        if above == top:
            places[node] = node
        elif above in places and node not in places:
            places[node] = places[above]
    return places


class Places:
    """The parts of the company that its entities belong to, whichever entity is looked at."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._places: dict[str, Mapping[str, str]] = {}
        self._spots: dict[tuple[str, str], list[Spot]] = {}

    def list_spots(self, origin: str, answering: str) -> list[Spot]:
        """Return what an idea of one entity crosses that was answered in another: below each above it, and in all."""
        found = self._spots.get((origin, answering))
        if found is None:
            found = self._spots[origin, answering] = self._find_spots(origin, answering)
        return found

    def _find_spots(self, origin: str, answering: str) -> list[Spot]:
        found = []
        for top in (WHOLE, *self._tree.list_upwards(origin)):
            places = self._places.get(top)
            if places is None:
                places = self._places[top] = place(self._tree, top)
            if origin in places:
                found.append(Spot(top, places[origin], places.get(answering, ELSEWHERE)))
        return found


def tell(answered: Mapping[tuple[str, str], Answered], authors: Mapping[str, int]) -> dict[str, Row]:
    """Return what is told, by the part that wrote; the sum of each row is taken as known.

    `authors` are those of each part. A cell is hidden that fewer than `FLOOR` of them stand behind; where it is the
    only one of its row, the smallest other one with it. Of a row with fewer authors nothing is told.
    """
    rows: defaultdict[str, dict[str, Answered]] = defaultdict(dict)
    for (origin, answering), cell in answered.items():
        rows[origin][answering] = cell
    return {origin: _tell_row(origin, cells, authors[origin]) for origin, cells in rows.items()}


def _tell_row(origin: str, cells: Mapping[str, Answered], authors: int) -> Row:
    if authors < FLOOR:
        return Row(None, None, dict.fromkeys(cells))
    ideas = sum(cell.ideas for cell in cells.values())
    order = sorted(cells, key=lambda key: (cells[key].authors, cells[key].ideas, key))
    hidden = [key for key in order if cells[key].authors < FLOOR]
    if len(hidden) == 1:
        hidden = order[:2]
    told = {key: None if key in hidden else cells[key].ideas for key in cells}
    own = told.get(origin)
    return Row(ideas, None if own is None else ideas - own, told)


def share_outside(rows: Mapping[str, Row]) -> float | None:
    """Return the share of ideas that were answered outside the part that wrote them, over the rows that tell theirs."""
    told = [row for row in rows.values() if row.ideas is not None and row.outside is not None]
    ideas = sum(row.ideas or 0 for row in told)
    return sum(row.outside or 0 for row in told) / ideas if ideas else None
