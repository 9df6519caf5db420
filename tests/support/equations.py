"""Systems of equations of published sums, solved exactly: what follows from them for the parts of a tree."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Row = list[Fraction]


class Solution:
    """What follows from sums over sets of parts whose values are known."""

    def __init__(self, parts: Sequence[str], sums: Mapping[frozenset[str], int]) -> None:
        """`sums` are the values that were published, by the parts that they are the sum of."""
        self.parts = list(parts)
        self._rows: list[tuple[int, Row]] = []
        for members, value in sums.items():
            row = self._reduce([Fraction(part in members) for part in self.parts] + [Fraction(value)])
            pivot = next((place for place, number in enumerate(row[:-1]) if number), None)
            if pivot is None:
                assert not row[-1], "what was published contradicts itself"
                continue
            row = [number / row[pivot] for number in row]
            self._rows = [
                (place, [a - other[pivot] * b for a, b in zip(other, row, strict=True)])
                for place, other in self._rows
            ]
            self._rows.append((pivot, row))

    def find(self, members: Iterable[str]) -> int | None:
        """Return the sum over some parts, None where it does not follow."""
        wanted = set(members)
        rest = self._reduce([Fraction(part in wanted) for part in self.parts] + [Fraction(0)])
        return None if any(rest[:-1]) else int(-rest[-1])

    def _reduce(self, row: Row) -> Row:
        for pivot, known in self._rows:
            if row[pivot]:
                row = [a - row[pivot] * b for a, b in zip(row, known, strict=True)]
        return row


def list_smallest_known(*solutions: Solution) -> list[frozenset[str]]:
    """Return the smallest sets of parts whose sum follows in each of some systems."""
    parts = solutions[0].parts
    found: list[frozenset[str]] = []
    for size in range(1, len(parts) + 1):
        for chosen in combinations(parts, size):
            members = frozenset(chosen)
            if any(known <= members for known in found):
                continue
            if all(solution.find(members) is not None for solution in solutions):
                found.append(members)
    return found
