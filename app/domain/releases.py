"""Releases: the ends of months at which figures of parts of the company are told, once and for good.

Whoever could ask for such a figure on any day would see by how little it grew, and so what one person did. So a
release tells how things stood at the end of a month, is never opened again, and moves a figure only where that tells
of enough people (`choose_moving`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain import breakdowns, privacy
from app.domain.breakdowns import WHOLE, Sums, Tree
from app.domain.privacy import FLOOR, Group

EVER = "ever"
"""The table of a release that counts everything until its day."""

MONTH = "month"
"""The table that counts what was done in the month that ends."""


@dataclass(frozen=True, slots=True)
class Told:
    """People who did something, of the headcount that was counted with them."""

    people: int
    headcount: int

    def is_close(self, other: "Told") -> bool:
        """Tell whether 1 to 4 people are the difference to another figure, among those who did it or the others."""
        did = abs(self.people - other.people)
        did_not = abs(self.headcount - self.people - other.headcount + other.people)
        return 0 < did < FLOOR or 0 < did_not < FLOOR

    def less(self, parts: Sequence["Told"]) -> "Told":
        """Return what is left without some parts."""
        total = add_up(parts)
        return Told(self.people - total.people, self.headcount - total.headcount)


def add_up(parts: Sequence[Told]) -> Told:
    """Return the sum of some figures."""
    return Told(sum(part.people for part in parts), sum(part.headcount for part in parts))


Figures = Mapping[str, Told]
"""A figure by entity, the whole company among them."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What follows from the figures of a release: sums over groups of entities that have no entity in common.

    `told` are the figures. A group is named by the entity that was told of it: those in it and below it, without those
    who are below another one that was told. `groups` are those of the entities in which somebody works directly,
    `above` is the group around each but the whole company, `sums` are the figures of groups.
    """

    told: Figures
    groups: Mapping[str, str]
    above: Mapping[str, str]
    sums: Figures


def know(told: Figures, tree: Tree, inhabited: Collection[str]) -> Knowledge:
    """Return what follows from figures of the whole company and of entities in it."""
    groups, above, sums = {WHOLE: WHOLE}, dict[str, str](), dict(told)
    for node in tree.ordered[1:]:
        around = groups[tree.parents[node] or WHOLE]
        groups[node] = node if node in told else around
        if node in told:
            above[node] = around
            sums[around] = sums[around].less([told[node]])
    return Knowledge(told, {node: groups[node] for node in inhabited if node in groups}, above, sums)


def last_release(day: date) -> date:
    """Return the last end of a month on or before a day; the first day of the calendar has none."""
    began = day.replace(day=1)
    return day if day in {_end_month(day), date.min} else max(began, date(1, 1, 2)) - timedelta(days=1)


def list_releases(first: date, last: date) -> Iterator[date]:
    """Yield the ends of months from that of the month of `first` on, up to `last`."""
    day = _end_month(first)
    while day <= last:
        yield day
        day = _end_month(day + timedelta(days=1))


def next_release(day: date) -> date:
    """Return the first end of a month after a day."""
    return _end_month(day + timedelta(days=1))


def begin_month(day: date) -> date:
    """Return the first day of the month that a release ends."""
    return day.replace(day=1)


def find_table(since: date | None, to: date, release: date, campaign: str | None) -> str | None:
    """Return which table of a release tells of some days and a campaign, None where none does.

    `since` and `to` are the first and the last day that were asked for. A campaign is told as a whole.
    """
    if since is None and to >= release:
        return campaign or EVER
    whole_month = since == begin_month(release) and to == release
    return MONTH if whole_month and campaign is None else None


def choose_moving(
    tree: Tree, now: Figures, hidden: Collection[str], inhabited: Collection[str], past: Sequence[Knowledge]
) -> frozenset[str]:
    """Return the entities of which a release tells anew; of the others it repeats what was told last.

    `now` is how one figure stands, `hidden` are the entities of which nothing may be told, `inhabited` those in which
    somebody works directly. Of the whole company, which is told every day, releases always tell, and of an entity that
    is all of it.

    Guarantees, for whoever knows all releases, how entities added up at the time and in which of them nobody worked:
    no figure of an entity differs from one that was told of it before by 1 to 4 people, among those who did something
    or among those who did not; nor does the sum over any entities that follows from one release and from another
    one, where that over fewer of them does not.

    What follows from a release are sums over groups (`Knowledge`). So what follows from two are the smallest
    groups that are made up of groups of both. Where such a one is close to what it was, one entity less is told,
    that of the fewest people that makes it larger; until none is.
    """
    everybody = {node for node in tree.ordered if now[node].headcount == now[WHOLE].headcount}
    moving = everybody | {
        node
        for node in tree.ordered
        if node not in hidden
        and not any(node in one.told and now[node].is_close(one.told[node]) for one in past)
    }
    while True:
        known = know({node: now[node] for node in tree.ordered if node in moving}, tree, inhabited)
        kept_back = {
            node
            for one in past
            for group in _list_close(known, one)
            if (node := _choose_kept_back(group, known, now, everybody)) is not None
        }
        if not kept_back:
            return frozenset(moving)
        moving -= kept_back


def _list_close(known: Knowledge, one: Knowledge) -> Iterator[set[str]]:
    """Yield the groups of one release that together differ by few people from the same ones of an earlier one."""
    for here, there in _join(known, one):
        now = add_up([known.sums[group] for group in here])
        if now.is_close(add_up([one.sums[group] for group in there])):
            yield here


def _join(known: Knowledge, one: Knowledge) -> list[tuple[set[str], set[str]]]:
    """Return the smallest groups made up of groups of both of two releases; none where it is everybody."""
    meeting: dict[tuple[bool, str], set[tuple[bool, str]]] = {}
    for node in known.groups.keys() | one.groups.keys():
        here = [(True, known.groups[node])] if node in known.groups else []
        there = [(False, one.groups[node])] if node in one.groups else []
        for place in here + there:
            meeting.setdefault(place, set()).update(here + there)
    joined = []
    while meeting:
        found, waiting = set[tuple[bool, str]](), [next(iter(meeting))]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting.extend(meeting.pop(place))
        joined.append(({name for own, name in found if own}, {name for own, name in found if not own}))
    return joined if len(joined) > 1 else []


def _choose_kept_back(
    group: Collection[str], known: Knowledge, now: Figures, everybody: Collection[str]
) -> str | None:
    """Return the entity of the fewest people without which a group is told together with others."""
    return min(
        (
            node
            for node, around in known.above.items()
            if (node in group) != (around in group) and node not in everybody
        ),
        key=lambda node: (now[node].people, node),
        default=None,
    )


def hide_part(
    tree: Tree, headcount: Mapping[str, int], part: Sums, entire: Sums, *, withheld: Collection[str]
) -> frozenset[str]:
    """Return the entities whose figure is hidden in a table that counts a part of what another one counts.

    `withheld` are hidden in any case. Those who are in the entire table only are protected like those in the part:
    no hidden cell of either follows from both.
    """
    hidden = frozenset(withheld)
    away = {node: entire.named[node] - part.named[node] for node in tree.ordered}
    groups = [Group(node, tree.parents[node], away[node], headcount[node]) for node in tree.ordered]
    while True:
        before = hidden
        hidden |= breakdowns.hide(tree, headcount, part, withheld=hidden, entire=entire)
        hidden |= privacy.suppress_tree(groups, withheld=hidden - {WHOLE}).groups
        if hidden == before:
            return hidden


def list_overlapping(
    tree: Tree, month: Sums, grown: Mapping[str, int], hidden: Collection[str]
) -> frozenset[str]:
    """Return the entities of which a month tells of 1 to 4 people who had done the same before.

    `grown` is by how many each figure of everything grew in the month, where both ends of it were told anew.
    """
    return frozenset(
        node
        for node in tree.ordered
        if node in grown and node not in hidden and 0 < abs(month.told[node] - grown[node]) < FLOOR
    )


def _end_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
