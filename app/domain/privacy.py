"""The privacy of figures: what tells of fewer than five people is not shown, nor given back by a sum."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.suppression import Cells, Reader, hide

FLOOR = 5
"""People below whom a figure is hidden, and values that a hidden one keeps possible.

Nobody can lower it: it is no setting and no parameter.
"""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people in a tree; the one without parent is the whole company.

    `people` did something, of the `base` people in the group and everything below it. Where the figure is
    the headcount itself there is no base.
    """

    id: str
    parent: str | None
    people: int
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What must not be shown of a tree.

    `groups` are those whose figure is hidden; `remainders` those of which the people directly in them, and
    in no group below, must not be shown apart.
    """

    groups: frozenset[str]
    remainders: frozenset[str]


def publish(people: int, base: int | None = None, *, whole: bool = False) -> int | None:
    """Return a number of people as it may be shown by itself, None when it is hidden.

    `base` is the headcount of the group, which is shown beside it. Hidden are: everything of a group below
    the floor; numbers below the floor, 0 like any other; and those that leave fewer than the floor out, as
    these few are the difference to the base. That everybody did something is shown. Figures of the `whole`
    company are shown to the unit, unless it is itself below the floor. In a table of groups that add up use
    `suppress_tree`, which hides more.
    """
    size = people if base is None else base
    hidden = size < FLOOR if whole else _is_small(people, size)
    return None if hidden else people


def release_date(as_of: date) -> date:
    """Return the day whose state of things a figure below the whole company may show: the first of the month.

    What anonymous people do enters such figures only there, many at once, so that no two figures of
    neighbouring days tell whose act it was.
    """
    return as_of.replace(day=1)


def suppress_tree(groups: Iterable[Group], *, withheld: Collection[str] = ()) -> Suppressed:
    """Choose what to hide in a tree of groups, of one figure at one date.

    The people of a group are those of the groups below it and the remainder: the people directly in it. A
    remainder is protected like any group. The whole company, and a group that is all of it, is shown to the
    unit, unless it is below the floor: then everything is hidden. `withheld` are groups to hide in any case:
    those whose headcount is hidden, since a rate would give it back.

    Guarantees: every cell is hidden that `publish` would hide. No hidden cell, group or remainder, is
    determined by sums and differences of what is shown: each keeps at least `FLOOR` possible values for a
    reader who knows the headcounts that may be shown, and a small one does, as far as its headcount allows,
    for a reader who knows all headcounts. The only limit is what hiding everything below the whole company
    could achieve: where three people of the whole company did something, each part has four values.

    The same groups in the same order give the same answer. An entity without people is a small cell like
    any other, and protecting it costs a neighbour: leave out those that have ended.

    Raises: ValueError when the groups are no tree with one top, or don't add up.
    """
    ordered = _order(groups)
    counts, sizes, parents = _add_remainders(ordered)
    everything = frozenset(range(len(counts)))
    if sizes[0] < FLOOR:
        hidden = everything
    else:
        small = frozenset(place for place in everything if _is_small(counts[place], sizes[place]))
        also = frozenset(place for place, group in enumerate(ordered) if group.id in withheld)
        cells = Cells(
            counts,
            parents,
            free=everything - frozenset(range(len(ordered))),
            fixed=frozenset(place for place in everything if sizes[place] == sizes[0]),
        )
        readers = [Reader([counts[0]] * len(counts), everything)]
        if ordered[0].base is not None:
            sizes_shown = [max(size, FLOOR - 1) for size in sizes]
            readers += [
                Reader([min(size, counts[0]) for size in sizes_shown], everything),
                Reader([min(size, counts[0]) for size in sizes], small),
            ]
        hidden = hide(cells, small | also, readers[::-1], room=FLOOR - 1)
    remainders = everything - frozenset(range(len(ordered)))
    return Suppressed(
        frozenset(ordered[place].id for place in hidden - remainders),
        frozenset(ordered[parents[place]].id for place in hidden & remainders),
    )


def _is_small(people: int, size: int) -> bool:
    return min(people, size) < FLOOR or 0 < size - people < FLOOR


def _order(groups: Iterable[Group]) -> list[Group]:
    """Return the groups from the top downwards.

    Raises: ValueError when they are no tree with one top.
    """
    below: dict[str | None, list[Group]] = {}
    for group in groups:
        below.setdefault(group.parent, []).append(group)
    ordered = list(below.get(None, ()))
    if len(ordered) != 1:
        raise ValueError("one group, and only one, has no parent: the whole company")
    seen: set[str] = set()
    for group in ordered:
        if group.id in seen:
            raise ValueError(f"the group {group.id!r} stands twice")
        seen.add(group.id)
        ordered.extend(below.get(group.id, ()))
    if len(ordered) != sum(map(len, below.values())):
        raise ValueError("a group has a parent that is not there, or one below itself")
    return ordered


def _add_remainders(ordered: Sequence[Group]) -> tuple[list[int], list[int], list[int]]:
    """Return counts, sizes and places of parents: of the groups, then of the remainders with anybody in them.

    Raises: ValueError when parts are more than their sum, or people more than there are.
    """
    places = {group.id: place for place, group in enumerate(ordered)}
    if len({group.base is None for group in ordered}) > 1:
        raise ValueError("either all groups have a base, or none has")
    counts = [group.people for group in ordered]
    sizes = [group.people if group.base is None else group.base for group in ordered]
    parents = [-1 if group.parent is None else places[group.parent] for group in ordered]
    rest, rest_sizes = list(counts), list(sizes)
    for place in range(1, len(ordered)):
        rest[parents[place]] -= counts[place]
        rest_sizes[parents[place]] -= sizes[place]
    for place, (people, size) in enumerate(zip(rest, rest_sizes, strict=True)):
        if not 0 <= people <= size:
            raise ValueError(f"the group {ordered[place].id!r} does not add up")
    inner = sorted(set(parents[1:]))
    for place in inner:
        if rest_sizes[place]:
            counts.append(rest[place])
            sizes.append(rest_sizes[place])
            parents.append(place)
    return counts, sizes, parents
