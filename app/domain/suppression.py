"""Cells that add up in a tree: which to hide besides the small ones, so that none can be worked out again."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts in a tree, by place; a parent stands before its parts and is their sum.

    `parents` is -1 for the first; `parts` are its inverse. `free` are the places that cost nothing to hide,
    `fixed` those that are always shown, among them the first.
    """

    counts: Sequence[int]
    parents: Sequence[int]
    free: frozenset[int]
    fixed: frozenset[int]
    parts: tuple[list[int], ...] = field(init=False)

    def __post_init__(self) -> None:
        parts: tuple[list[int], ...] = tuple([] for _ in self.counts)
        for place, parent in enumerate(self.parents[1:], 1):
            parts[parent].append(place)
        object.__setattr__(self, "parts", parts)

    def equations_of(self, place: int) -> list[int]:
        """Return the sums that a cell stands in, by the places of their totals: its own, its parent's."""
        return [total for total in (place, self.parents[place]) if total >= 0 and self.parts[total]]

    def members_of(self, equation: int) -> list[int]:
        """Return the cells of a sum, the total first."""
        return [equation, *self.parts[equation]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who knows the most that each count can be, and for whom `protected` places keep room."""

    caps: Sequence[int]
    protected: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Room:
    """How far each count could be wrong, by what is known of its parts and by what is known of the others."""

    within: list[tuple[int, int]]
    around: list[tuple[int, int]]

    def total(self, place: int) -> int:
        (down, up), (down_around, up_around) = self.within[place], self.around[place]
        return min(down, down_around) + min(up, up_around)

    def lacks_within(self, place: int) -> bool:
        return sum(self.within[place]) <= sum(self.around[place])


def hide(cells: Cells, start: frozenset[int], readers: Sequence[Reader], *, room: int) -> frozenset[int]:
    """Return the places to hide: those to start with, and others to protect them.

    Guarantees: for each reader, who also knows that the tree adds up and all shown counts, each hidden place
    that is protected has at least `room` possible values besides the true one, or as many as if all places
    that aren't fixed were hidden.

    1. Work out for each reader the interval of possible values of every cell. In a tree of sums one pass
       upwards and one downwards give them exactly, and every whole number in them is possible.
    2. For a protected cell that lacks room, hide one more in the nearest sum with something to hide: what
       costs nothing, then the smallest part, then the total. Where the new one is the only hidden cell of
       another sum, hide a second there too, and so on.
    3. Repeat until none lacks room.

    A pass takes time in proportion to the tree; there are few, as each adds to every sum that needs it.
    """
    everything = frozenset(range(len(cells.counts))) - cells.fixed
    goals = []
    for reader in readers:
        most = _measure(cells, everything, reader.caps)
        goals.append({place: min(room, most.total(place)) for place in sorted(reader.protected & everything)})
    hidden = set(start & everything)
    search = _Search(cells, hidden, room)
    while True:
        before = len(hidden)
        for reader, goal in zip(readers, goals, strict=True):
            now = _measure(cells, hidden, reader.caps)
            lacking = [place for place in goal if place in hidden and now.total(place) < goal[place]]
            search.busy.clear()
            for place in lacking:
                search.hide_near(place, reader.caps, around_first=not now.lacks_within(place))
        if len(hidden) == before:
            return frozenset(hidden)


def _measure(cells: Cells, hidden: frozenset[int] | set[int], caps: Sequence[int]) -> _Room:
    counts, parts = cells.counts, cells.parts
    low, high = list(counts), list(counts)
    low_parts, high_parts = [0] * len(counts), [0] * len(counts)
    for place in reversed(range(len(counts))):
        if parts[place]:
            low_parts[place] = sum(low[part] for part in parts[place])
            high_parts[place] = sum(high[part] for part in parts[place])
        if place in hidden:
            low[place] = low_parts[place]
            high[place] = min(caps[place], high_parts[place]) if parts[place] else caps[place]
    within = [(count - least, most - count) for count, least, most in zip(counts, low, high, strict=True)]
    low_around, high_around = list(counts), list(counts)
    for place in sorted(hidden):
        parent = cells.parents[place]
        low_around[place] = max(0, low_around[parent] - (high_parts[parent] - high[place]))
        high_around[place] = min(caps[place], high_around[parent] - (low_parts[parent] - low[place]))
    around = zip(counts, low_around, high_around, strict=True)
    return _Room(within, [(count - least, most - count) for count, least, most in around])


@dataclass(slots=True)
class _Search:
    """Finds what to hide next; `busy` are the sums that gained something since the last measure."""

    cells: Cells
    hidden: set[int]
    room: int
    busy: set[int] = field(default_factory=set)

    def pair(self, place: int, caps: Sequence[int]) -> None:
        """Hide another in every sum where this hidden cell is the only one, and so on from that."""
        waiting = [place]
        while waiting:
            place = waiting.pop()
            for equation in self.cells.equations_of(place):
                members = self.cells.members_of(equation)
                if not any(cell in self.hidden and cell != place for cell in members):
                    chosen = self._choose(equation, place, caps)
                    if chosen is not None:
                        self.hidden.add(chosen)
                        waiting.append(chosen)

    def hide_near(self, place: int, caps: Sequence[int], *, around_first: bool) -> None:
        """Hide one more cell to give room to this one, unless something near it was hidden just now."""
        sides = self.cells.equations_of(place)
        for side in reversed(sides) if around_first else sides:
            for equation in self._walk(side, place):
                if equation in self.busy:
                    return
                chosen = self._choose(equation, place, caps)
                if chosen is not None:
                    self.hidden.add(chosen)
                    self.pair(chosen, caps)
                    self.busy.update((equation, *self.cells.equations_of(place)))
                    return

    def _choose(self, equation: int, place: int, caps: Sequence[int]) -> int | None:
        counts, cells = self.cells.counts, self.cells
        # A count that can only be smaller than it is needs another that can be larger.
        needed = self.room if caps[place] - counts[place] < self.room else 0
        return min(
            (
                cell
                for cell in cells.members_of(equation)
                if cell not in self.hidden and cell not in cells.fixed
            ),
            key=lambda cell: (
                caps[cell] - counts[cell] < needed,
                cell == equation,
                cell not in cells.free,
                counts[cell],
                cell,
            ),
            default=None,
        )

    def _walk(self, start: int, origin: int) -> Iterator[int]:
        """Go from one sum to those that share a hidden cell with it, nearest first, not through `origin`."""
        seen = {start}
        waiting = deque([start])
        while waiting:
            equation = waiting.popleft()
            yield equation
            for cell in self.cells.members_of(equation):
                if cell in self.hidden and cell != origin:
                    others = [other for other in self.cells.equations_of(cell) if other not in seen]
                    seen.update(others)
                    waiting.extend(others)
