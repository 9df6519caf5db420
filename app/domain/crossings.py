"""Crossings: ideas of one part of the company that another part answered, told from five authors on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.breakdowns import WHOLE, Tree
from app.domain.privacy import FLOOR

ELSEWHERE = "elsewhere"
"""Whoever answered outside the part of the company that is looked at."""


@dataclass(slots=True)
class Answered:
    """Ideas of one part that were answered by another one, and who wrote them."""

    ideas: int = 0
    authors: set[str] = field(default_factory=set)


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


def tell(answered: Mapping[tuple[str, str], Answered]) -> dict[str, Row]:
    """Return what is told, by the part that wrote; the sum of each row is taken as known.

    A cell is hidden that fewer than `FLOOR` authors stand behind; where it is the only one of its row, the smallest
    other one with it. Of a row with fewer authors nothing is told.
    """
    rows: defaultdict[str, dict[str, Answered]] = defaultdict(dict)
    for (origin, answering), cell in answered.items():
        rows[origin][answering] = cell
    return {origin: _tell_row(origin, cells) for origin, cells in rows.items()}


def _tell_row(origin: str, cells: Mapping[str, Answered]) -> Row:
    authors = set[str]().union(*(cell.authors for cell in cells.values()))
    if len(authors) < FLOOR:
        return Row(None, None, dict.fromkeys(cells))
    ideas = sum(cell.ideas for cell in cells.values())
    order = sorted(cells, key=lambda key: (len(cells[key].authors), cells[key].ideas, key))
    hidden = [key for key in order if len(cells[key].authors) < FLOOR]
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
