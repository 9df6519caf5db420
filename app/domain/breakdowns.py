"""Breakdowns: a figure entity by entity, added up over the tree, with what must not be shown of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain import privacy
from app.domain.privacy import FLOOR, Group

WHOLE = ""
"""The whole company: what all entities without a parent belong to."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The entities and the whole company, by identifier; `ordered` has each after the one above it."""

    parents: Mapping[str, str | None]
    ordered: tuple[str, ...]

    def is_whole(self, node: str) -> bool:
        """Tell whether everything belongs to an entity: the company itself, under its name."""
        return [other for other in self.ordered if self.parents[other] == WHOLE] == [node]

    def list_below(self, top: str) -> frozenset[str]:
        """Return an entity and everything below it."""
        found = {top}
        for node in self.ordered:
            if self.parents[node] in found:
                found.add(node)
        return frozenset(found)

    def list_upwards(self, node: str) -> list[str]:
        """Return an entity and everything above it, without the whole company."""
        found = []
        above: str | None = node
        while above:
            found.append(above)
            above = self.parents.get(above)
        return found

    def add_up(self, direct: Mapping[str, int]) -> dict[str, int]:
        """Return for each entity the sum over itself and everything below it."""
        sums = {node: direct.get(node, 0) for node in self.ordered}
        for node in reversed(self.ordered):
            parent = self.parents[node]
            if parent is not None:
                sums[parent] += sums[node]
        return sums

    def keep(self, nodes: Collection[str]) -> "Tree":
        """Return the tree of these entities, of what is above them, and the whole company."""
        kept = {WHOLE}
        for node in reversed(self.ordered):
            if node in nodes or node in kept:
                kept |= {node, self.parents[node] or WHOLE}
        ordered = tuple(node for node in self.ordered if node in kept)
        return Tree({node: self.parents[node] for node in ordered}, ordered)


def list_moved(former: Tree, tree: Tree) -> frozenset[str]:
    """Return the entities that have come, gone, or have something else above them in another tree.

    All of them where the company has, or had, an entity that is all of it: what is below that is below the company.
    """
    every = (former.parents.keys() | tree.parents.keys()) - {WHOLE}
    alone = [[node for node in each.ordered if each.is_whole(node)] for each in (former, tree)]
    if alone[0] != alone[1]:
        return frozenset(every)
    return frozenset(node for node in every if former.list_upwards(node) != tree.list_upwards(node))


def grow(parents: Mapping[str, str | None]) -> Tree:
    """Return the tree of entities that are given with the one above each."""
    below: dict[str, list[str]] = {}
    for node in sorted(parents):
        below.setdefault(parents[node] or WHOLE, []).append(node)
    ordered = [WHOLE]
    for node in ordered:
        ordered.extend(below.get(node, ()))
    return Tree({node: None if node == WHOLE else parents[node] or WHOLE for node in ordered}, tuple(ordered))


@dataclass(frozen=True, slots=True)
class Counts:
    """People who did something, by the entity they are in, those of entities below it not among them.

    `everybody` is who did it at all, `named` who did it under their name, `unnamed` who did it only without
    it, long enough ago to be told of.
    """

    everybody: Mapping[str, int]
    named: Mapping[str, int]
    unnamed: Mapping[str, int]


def place_unnamed(tree: Tree, crowds: Mapping[str, int]) -> dict[str, str]:
    """Return where people who did something without a name begin to count: at which entity above their own.

    `crowds` are their numbers by their own entity. Going upwards they wait until there are `FLOOR` of them,
    so that no difference between an entity and its parts tells of fewer. Those who are nowhere enough count
    for the whole company only, and are left out of the answer.
    """
    waiting = {node: [node] if crowds.get(node) else [] for node in tree.ordered}
    placed: dict[str, str] = {}
    for node in reversed(tree.ordered[1:]):
        if sum(crowds[origin] for origin in waiting[node]) >= FLOOR:
            placed |= dict.fromkeys(waiting[node], node)
        else:
            waiting[tree.parents[node] or WHOLE] += waiting[node]
    return placed


def move(direct: Mapping[str, int], placed: Mapping[str, str]) -> dict[str, int]:
    """Return counts where they begin to count; those that count nowhere are left out."""
    moved: dict[str, int] = {}
    for origin, node in placed.items():
        moved[node] = moved.get(node, 0) + direct.get(origin, 0)
    return moved


@dataclass(frozen=True, slots=True)
class Sums:
    """A figure by entity with everything below it.

    `told` is what each shows unless it is hidden; `named` adds up exactly, and is what hiding is chosen by.
    """

    told: Mapping[str, int]
    named: Mapping[str, int]


def sum_up(tree: Tree, headcount: Mapping[str, int], counts: Counts) -> Sums:
    """Add a figure up; an entity that has all the people of the company is told like the whole of it."""
    named = tree.add_up(counts.named)
    unnamed = tree.add_up(move(counts.unnamed, place_unnamed(tree, counts.unnamed)))
    everybody = sum(counts.everybody.values())
    told = {
        node: everybody if headcount[node] == headcount[WHOLE] else named[node] + unnamed[node]
        for node in tree.ordered
    }
    return Sums(told, named)


def hide_headcounts(tree: Tree, headcount: Mapping[str, int]) -> frozenset[str]:
    """Return the entities whose headcount is hidden."""
    groups = [Group(node, tree.parents[node], headcount[node]) for node in tree.ordered]
    return privacy.suppress_tree(groups).groups


def hide(
    tree: Tree,
    headcount: Mapping[str, int],
    sums: Sums,
    *,
    withheld: Collection[str],
    entire: Sums | None = None,
) -> frozenset[str]:
    """Return the entities whose figure is hidden, of one figure at one date.

    `withheld` are those whose headcount is. A figure of a campaign or of some days only is given with the
    `entire` one: it is hidden for the company too where it is small, and wherever fewer than `FLOOR` people
    are the difference to the entire one.

    Hiding is chosen among the named, who add up: what comes on top of them is none or at least `FLOOR`
    people, which leaves a hidden count as many values as it has without.
    """
    close = set[str]()
    for node in tree.ordered:
        size = headcount[node]
        whole = size == headcount[WHOLE] and entire is None
        away = abs(entire.told[node] - sums.told[node]) if entire is not None else 0
        if privacy.publish(sums.told[node], size, whole=whole) is None or 0 < away < FLOOR:
            close.add(node)
    groups = [Group(node, tree.parents[node], sums.named[node], headcount[node]) for node in tree.ordered]
    return privacy.suppress_tree(groups, withheld={*withheld, *close}).groups | close
