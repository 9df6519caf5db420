"""The tables of a release: which figures are told, so that no table gives back what another one hides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain import breakdowns, releases
from app.domain.breakdowns import WHOLE, Counts, Sums, Tree
from app.domain.measures import FIGURES
from app.domain.releases import Figures, Knowledge, Told

HEADCOUNT = "headcount"
MEASURES = (HEADCOUNT, *FIGURES)
"""The measures of people that releases tell."""

Cells = Mapping[str, Told | None]
"""A measure by entity: None is hidden from now on; of an entity that is missing what was told last is told again."""

Tables = Mapping[str, Cells]
"""Cells by measure."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was counted as of a day, added up over the tree of the entities in which somebody worked.

    `inhabited` are those in which somebody works directly, `withheld` those whose headcount must not be told, and so
    nothing of them.
    """

    tree: Tree
    inhabited: frozenset[str]
    headcount: Mapping[str, int]
    withheld: frozenset[str]
    sums: Mapping[str, Sums]

    def get(self, measure: str) -> Figures:
        """Return a measure as it stands, hidden or not."""
        told = self.headcount if measure == HEADCOUNT else self.sums[measure].told
        return {node: Told(told[node], self.headcount[node]) for node in self.tree.ordered}


def weigh(tree: Tree, direct: Mapping[str, int], figures: Mapping[str, Counts]) -> Weighed:
    """Add up what was counted by the entity that people are directly in."""
    headcount = tree.add_up(direct)
    withheld = breakdowns.hide_headcounts(tree, headcount)
    sums = {name: breakdowns.sum_up(tree, headcount, counts) for name, counts in figures.items()}
    inhabited = frozenset(node for node, people in direct.items() if people)
    return Weighed(tree, inhabited, headcount, withheld, sums)


def tell_ever(weighed: Weighed, past: Mapping[str, Sequence[Knowledge]]) -> dict[str, dict[str, Told | None]]:
    """Return what a release tells of everything until its day; `past` is what earlier ones told anew, by measure.

    Who works where is in the directory for everybody: a headcount is hidden where it is small, and not kept back.
    """
    hidden = hide_ever(weighed)
    told: dict[str, dict[str, Told | None]] = {}
    for measure in MEASURES:
        now = weighed.get(measure)
        moving: Collection[str] = weighed.tree.ordered
        if measure != HEADCOUNT:
            moving = releases.choose_moving(
                weighed.tree, now, hidden[measure], weighed.inhabited, past.get(measure, ())
            )
        told[measure] = {
            node: None if node in hidden[measure] else now[node]
            for node in weighed.tree.ordered
            if node in hidden[measure] or node in moving
        }
    return told


def hide_ever(weighed: Weighed) -> dict[str, frozenset[str]]:
    """Return by measure the entities that are hidden in the table of everything."""
    hidden = {
        name: breakdowns.hide(weighed.tree, weighed.headcount, sums, withheld=weighed.withheld)
        for name, sums in weighed.sums.items()
    }
    return {HEADCOUNT: weighed.withheld, **hidden}


def tell_part(
    weighed: Weighed,
    entire: Weighed,
    *,
    ever: Tables | None = None,
    before: Mapping[str, Figures] | None = None,
) -> dict[str, dict[str, Told | None]]:
    """Return what a release tells of a month or a campaign; `entire` is everything until its day.

    Of a month, `ever` is what the same release tells of everything and `before` what the last one told anew of it:
    where both tell, the difference are those who did something for the first time.
    """
    hidden = hide_ever(entire)
    told: dict[str, dict[str, Told | None]] = {}
    for measure in FIGURES:
        part, whole = weighed.sums[measure], entire.sums[measure]
        withheld = set(hidden[measure] | weighed.withheld) - {WHOLE}
        if ever is not None and before is not None:
            withheld |= releases.list_overlapping(
                weighed.tree, part, _find_growth(ever[measure], before.get(measure, {})), withheld
            )
        away = releases.hide_part(weighed.tree, weighed.headcount, part, whole, withheld=withheld)
        now = weighed.get(measure)
        told[measure] = {node: None if node in away else now[node] for node in weighed.tree.ordered}
    return told


def _find_growth(ever: Cells, before: Figures) -> dict[str, int]:
    return {
        node: told.people - before[node].people
        for node, told in ever.items()
        if told is not None and node in before
    }
