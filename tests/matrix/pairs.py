"""All-pairs covering: few combinations in which every two values of any two dimensions meet."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations, product
from random import Random
from typing import Any

Row = dict[str, Any]
_Pair = tuple[tuple[str, Hashable], tuple[str, Hashable]]
_TRIES = 6


def cover(dimensions: Mapping[str, Sequence[Any]], *, seed: int) -> list[Row]:
    """Return rows in which every pair of values of two dimensions is found at least once.

    1. List all pairs that are still to be met.
    2. Begin a row with one of them, and give the other dimensions, in a random order, the value that
       meets most pairs with what the row has; do so a few times and keep the best row.
    3. Strike out the pairs that it meets; repeat until none is left.
    """
    random = Random(seed)
    left: dict[_Pair, None] = {
        ((one, x), (other, y)): None
        for one, other in combinations(dimensions, 2)
        for x, y in product(dimensions[one], dimensions[other])
    }
    rows: list[Row] = []
    while left:
        first = next(iter(left))
        tries = [_fill(first, dimensions, left, random) for _ in range(_TRIES)]
        best = max(tries, key=lambda row: sum(pair in left for pair in list_pairs(row, dimensions)))
        for pair in list_pairs(best, dimensions):
            left.pop(pair, None)
        rows.append(best)
    return rows


def list_pairs(row: Row, dimensions: Mapping[str, Sequence[Any]]) -> list[_Pair]:
    """Return the pairs that a row meets, in the order of the dimensions."""
    return [((one, row[one]), (other, row[other])) for one, other in combinations(dimensions, 2)]


def _fill(
    first: _Pair, dimensions: Mapping[str, Sequence[Any]], left: Mapping[_Pair, None], random: Random
) -> Row:
    order = {name: place for place, name in enumerate(dimensions)}
    row: Row = dict(first)
    missing = [name for name in dimensions if name not in row]
    random.shuffle(missing)
    for name in missing:
        values = list(dimensions[name])
        random.shuffle(values)
        row[name] = max(values, key=lambda value, name=name: _count_new(row, name, value, left, order))  # type: ignore[misc]
    return row


def _count_new(row: Row, name: str, value: Any, left: Mapping[_Pair, None], order: Mapping[str, int]) -> int:
    here = (name, value)
    return sum(
        ((here, there) if order[name] < order[there[0]] else (there, here)) in left for there in row.items()
    )
