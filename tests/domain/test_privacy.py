"""Small figures are hidden, and neither algebra nor knowledge of the headcounts gives them back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import privacy
from app.domain.privacy import FLOOR, Group, Suppressed

REMAINDER = "directly in "


# One figure


@pytest.mark.parametrize(
    ("people", "base", "shown"),
    [
        (0, 20, False),
        (1, 20, False),
        (4, 20, False),
        (5, 20, True),
        (6, 20, True),
        (15, 20, True),
        (16, 20, False),
        (19, 20, False),
        (20, 20, True),
        (5, 5, True),
        (5, 6, False),
        (6, 6, True),
        (4, 4, False),
        (0, 0, False),
        (0, 4, False),
        (0, None, False),
        (4, None, False),
        (5, None, True),
    ],
)
def test_a_figure_of_a_part_is_shown_from_the_floor(people: int, base: int | None, shown: bool) -> None:
    assert privacy.publish(people, base) == (people if shown else None)


@pytest.mark.parametrize(
    ("people", "base", "shown"),
    [
        (0, 5, True),
        (1, 4573, True),
        (4572, 4573, True),
        (4, 4, False),
        (0, 4, False),
        (4, None, False),
        (5, None, True),
    ],
)
def test_the_whole_company_is_shown_to_the_unit(people: int, base: int | None, shown: bool) -> None:
    assert privacy.publish(people, base, whole=True) == (people if shown else None)


@given(st.integers(0, 60), st.integers(0, 60))
def test_nothing_that_is_shown_tells_of_fewer_than_five(people: int, more: int) -> None:
    base = people + more
    if privacy.publish(people, base) is not None:
        assert people >= FLOOR
        assert base - people == 0 or base - people >= FLOOR


@pytest.mark.parametrize(
    ("as_of", "released"),
    [
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 11, 30), date(2026, 11, 1)),
        (date(2024, 2, 29), date(2024, 2, 1)),
        (date(1, 1, 1), date(1, 1, 1)),
        (date.max, date(9999, 12, 1)),
    ],
)
def test_the_release_date_is_the_first_of_the_month(as_of: date, released: date) -> None:
    assert privacy.release_date(as_of) == released


# Readers who try to work out what is hidden


@dataclass(frozen=True)
class Cell:
    """A cell as a reader sees it: what adds up to it, how large it can be, and its count."""

    parts: tuple[str, ...]
    count: int
    size: int


def lay_out(groups: Iterable[Group]) -> dict[str, Cell]:
    """Return all cells, with the remainders that have people in them."""
    known = {group.id: group for group in groups}
    sizes = {group.id: group.people if group.base is None else group.base for group in known.values()}
    cells = {}
    for group in known.values():
        below = [other for other in known.values() if other.parent == group.id]
        parts = [other.id for other in below]
        rest = group.people - sum(other.people for other in below)
        rest_size = sizes[group.id] - sum(sizes[part] for part in parts)
        if below and rest_size:
            parts.append(REMAINDER + group.id)
            cells[REMAINDER + group.id] = Cell((), rest, rest_size)
        cells[group.id] = Cell(tuple(parts), group.people, sizes[group.id])
    return cells


def list_hidden(suppressed: Suppressed) -> set[str]:
    return set(suppressed.groups) | {REMAINDER + group for group in suppressed.remainders}


def find_determined(cells: Mapping[str, Cell], hidden: set[str]) -> set[str]:
    """Solve the equations of the tree for the hidden cells, exactly; return those with one solution."""
    unknown = sorted(hidden)
    rows = []
    for name, cell in cells.items():
        if cell.parts:
            signs = {name: 1, **dict.fromkeys(cell.parts, -1)}
            right = -sum(sign * cells[part].count for part, sign in signs.items() if part not in hidden)
            rows.append([Fraction(signs.get(one, 0)) for one in unknown] + [Fraction(right)])
    pivots: list[int] = []
    for column in range(len(unknown)):
        pivot = next((row for row in rows[len(pivots) :] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [[left - row[column] * right for left, right in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(len(pivots), pivot)
        pivots.append(column)
    return {
        unknown[column]
        for row, column in zip(rows, pivots, strict=False)
        if sum(1 for value in row[:-1] if value) == 1
    }


def list_possible(
    cells: Mapping[str, Cell], hidden: set[str], caps: Mapping[str, int], asked: str
) -> set[int]:
    """Try every value of one hidden cell: return those for which the tree can add up."""
    below_first = sorted(cells, key=lambda name: -count_above(cells, name))
    possible: dict[str, set[int]] = {}

    def work_out(name: str, allowed: set[int]) -> bool:
        sums = {0}
        for part in cells[name].parts:
            sums = {left + right for left in sums for right in possible[part] if left + right <= caps[name]}
        possible[name] = allowed & sums if cells[name].parts else allowed
        return bool(possible[name])

    def can_add_up(value: int) -> bool:
        return all(
            work_out(
                name,
                {value}
                if name == asked
                else set(range(caps[name] + 1))
                if name in hidden
                else {cells[name].count},
            )
            for name in below_first
        )

    return {value for value in range(caps[asked] + 1) if can_add_up(value)}


def count_above(cells: Mapping[str, Cell], name: str) -> int:
    above = next((parent for parent, cell in cells.items() if name in cell.parts), None)
    return 0 if above is None else 1 + count_above(cells, above)


def check_protected(groups: list[Group], suppressed: Suppressed) -> None:
    """Check all that `suppress_tree` guarantees, without its means."""
    cells, hidden = lay_out(groups), list_hidden(suppressed)
    top = next(group for group in groups if group.parent is None)
    whole = {name for name, cell in cells.items() if cell.size == cells[top.id].size}
    headcount = top.base is None
    small = {
        name
        for name, cell in cells.items()
        if privacy.publish(cell.count, None if headcount else cell.size) is None
    }
    assert hidden <= set(cells)
    assert not hidden & whole
    assert small - whole <= hidden
    everything = set(cells) - whole
    assert find_determined(cells, hidden) <= find_determined(cells, everything)
    most = cells[top.id].count
    true = {name: most if headcount else min(cell.size, most) for name, cell in cells.items()}
    presumed = {name: max(cap, min(FLOOR - 1, most)) for name, cap in true.items()}
    algebra = dict.fromkeys(cells, most)
    for caps, protected in ((true, hidden & small), (presumed, hidden), (algebra, hidden)):
        for name in protected:
            possible = list_possible(cells, hidden, caps, name)
            if len(possible) < FLOOR:
                assert possible == list_possible(cells, everything, caps, name)


@st.composite
def trees(draw: st.DrawFn, *, headcount: bool, most: int) -> list[Group]:
    number = draw(st.integers(1, most))
    parents = [draw(st.integers(0, place - 1)) for place in range(1, number)]
    bases = [draw(st.one_of(st.integers(0, 12), st.sampled_from([0, 1, 5, 20]))) for _ in range(number)]
    people = [draw(st.one_of(st.integers(0, base), st.sampled_from([0, base]))) for base in bases]
    for place in range(number - 1, 0, -1):
        bases[parents[place - 1]] += bases[place]
        people[parents[place - 1]] += people[place]
    return [
        Group(
            f"g{place}",
            f"g{parents[place - 1]}" if place else None,
            bases[place] if headcount else people[place],
            None if headcount else bases[place],
        )
        for place in range(number)
    ]


@settings(max_examples=settings().max_examples * 3 // 2, deadline=None)
@given(trees(headcount=False, most=8))
def test_no_figure_can_be_worked_out(groups: list[Group]) -> None:
    if groups[0].base is not None and groups[0].base >= FLOOR:
        check_protected(groups, privacy.suppress_tree(groups))


@settings(deadline=None)
@given(trees(headcount=True, most=7))
def test_no_headcount_can_be_worked_out(groups: list[Group]) -> None:
    if groups[0].people >= FLOOR:
        check_protected(groups, privacy.suppress_tree(groups))


@settings(deadline=None)
@given(trees(headcount=False, most=30))
def test_no_cell_of_a_larger_tree_is_determined(groups: list[Group]) -> None:
    suppressed = privacy.suppress_tree(groups)
    cells = lay_out(groups)
    whole = {name for name, cell in cells.items() if cell.size == cells["g0"].size}
    everything = set(cells) - whole
    if cells["g0"].size >= FLOOR:
        hidden = list_hidden(suppressed)
        assert find_determined(cells, hidden) <= find_determined(cells, everything)
        assert privacy.suppress_tree(groups) == suppressed


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@given(trees(headcount=False, most=8), st.data())
def test_figures_of_hidden_headcounts_are_protected_too(groups: list[Group], data: st.DataObject) -> None:
    withheld = data.draw(st.sets(st.sampled_from([group.id for group in groups])))
    suppressed = privacy.suppress_tree(groups, withheld=withheld)
    if groups[0].base is not None and groups[0].base >= FLOOR:
        check_protected(groups, suppressed)
        assert all(
            group.id in suppressed.groups
            for group in groups
            if group.id in withheld and group.base != groups[0].base
        )


def company(*parts: tuple[str, str, int, int]) -> list[Group]:
    return [Group("all", None, 100, 300), *(Group(*part) for part in parts)]


def test_the_checks_see_a_cell_that_is_given_back() -> None:
    groups = company(("a", "all", 3, 100), ("b", "all", 40, 100), ("c", "all", 57, 100))
    cells = lay_out(groups)
    assert find_determined(cells, {"a"}) == {"a"}
    assert find_determined(cells, {"a", "b"}) == set()
    for careless in ({"a"}, {"b", "c"}):
        with pytest.raises(AssertionError):
            check_protected(groups, Suppressed(frozenset(careless), frozenset()))
    check_protected(groups, Suppressed(frozenset({"a", "b"}), frozenset()))


def test_the_checks_see_a_cell_that_is_bounded() -> None:
    # 4 and 3 of whom all but a few are known: a reader who knows the headcounts has too few values left.
    groups = company(("a", "all", 4, 100), ("b", "all", 1, 1), ("c", "all", 95, 199))
    cells = lay_out(groups)
    assert find_determined(cells, {"a", "b"}) == set()
    assert list_possible(cells, {"a", "b"}, {name: cell.size for name, cell in cells.items()}, "a") == {4, 5}
    with pytest.raises(AssertionError):
        check_protected(groups, Suppressed(frozenset({"a", "b"}), frozenset()))
    assert privacy.suppress_tree(groups).groups == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("parts", "hidden", "remainders"),
    [
        ([("a", "all", 40, 150), ("b", "all", 60, 150)], set(), set()),
        ([("a", "all", 3, 100), ("b", "all", 40, 100), ("c", "all", 57, 100)], {"a", "b"}, set()),
        ([("a", "all", 97, 100), ("b", "all", 3, 200)], {"a", "b"}, set()),
        # The people directly in the company are enough to cover the small group, and are never shown anyway.
        ([("a", "all", 3, 100), ("b", "all", 40, 100)], {"a"}, {"all"}),
        # One person directly in the company: told by the difference unless another group is hidden.
        ([("a", "all", 30, 149), ("b", "all", 69, 150)], {"a"}, {"all"}),
        # What is hidden above is hidden below, and what has one part is hidden with it.
        (
            [
                ("a", "all", 3, 100),
                ("b", "all", 40, 100),
                ("c", "all", 57, 100),
                ("b1", "b", 15, 40),
                ("b2", "b", 25, 60),
            ],
            {"a", "b", "b1"},
            set(),
        ),
        (
            [
                ("a", "all", 40, 150),
                ("b", "all", 60, 150),
                ("b1", "b", 60, 150),
                ("b2", "b1", 2, 50),
                ("b3", "b1", 58, 100),
            ],
            {"b2", "b3"},
            set(),
        ),
        # Of two cells of one count the part is hidden rather than the sum.
        (
            [("a", "all", 40, 100), ("b", "all", 60, 200), ("a1", "a", 40, 60), ("a2", "a", 0, 40)],
            {"a1", "a2"},
            set(),
        ),
        # A group that all take part in can't be larger: it covers none that can only be smaller.
        ([("a", "all", 60, 62), ("b", "all", 10, 10), ("c", "all", 30, 228)], {"a", "c"}, set()),
    ],
)
def test_as_little_as_needed_is_hidden(
    parts: list[tuple[str, str, int, int]], hidden: set[str], remainders: set[str]
) -> None:
    groups = company(*parts)
    suppressed = privacy.suppress_tree(groups)
    check_protected(groups, suppressed)
    assert suppressed.groups == hidden
    assert suppressed.remainders == remainders


def test_a_company_below_the_floor_shows_nothing() -> None:
    groups = [Group("all", None, 4), Group("a", "all", 3)]
    assert privacy.suppress_tree(groups) == Suppressed(frozenset({"all", "a"}), frozenset({"all"}))


def test_a_group_that_is_the_whole_company_is_shown_like_it() -> None:
    groups = [Group("all", None, 2, 60), Group("company", "all", 2, 60), Group("a", "company", 2, 30)]
    suppressed = privacy.suppress_tree(groups)
    assert suppressed.groups == {"a"}
    assert suppressed.remainders == {"company"}


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [Group("a", None, 5), Group("b", None, 5)],
        [Group("a", None, 5), Group("b", "c", 5)],
        [Group("a", None, 5), Group("b", "a", 5), Group("b", "a", 0)],
        [Group("a", None, 5), Group("b", "c", 0), Group("c", "b", 0)],
        [Group("a", None, 5), Group("b", "a", 6)],
        [Group("a", None, 5, 10), Group("b", "a", 5, 11)],
        [Group("a", None, 11, 10)],
        [Group("a", None, 5, 10), Group("b", "a", 1)],
    ],
)
def test_what_is_no_tree_or_does_not_add_up_is_refused(groups: list[Group]) -> None:
    with pytest.raises(ValueError, match=r"group|base"):
        privacy.suppress_tree(groups)


def test_a_large_company_is_done_at_once() -> None:
    groups = [Group("all", None, 0, 0)]
    for region in range(20):
        groups.append(Group(f"r{region}", "all", 0, 0))
        for site in range(20):
            groups.append(Group(f"r{region}-{site}", f"r{region}", 0, 0))
            for team in range(10):
                base = 3 + (7 * region + 3 * site + team) % 29
                groups.append(
                    Group(f"r{region}-{site}-{team}", f"r{region}-{site}", base * (team % 5) // 4, base)
                )
    people = {group.id: [group.people, group.base or 0, group.parent] for group in groups}
    for group in reversed(groups):
        if group.parent is not None:
            for what in (0, 1):
                people[group.parent][what] += people[group.id][what]  # type: ignore[operator]
    groups = [Group(group.id, group.parent, people[group.id][0], people[group.id][1]) for group in groups]  # type: ignore[arg-type]
    suppressed = privacy.suppress_tree(groups)
    cells, hidden = lay_out(groups), list_hidden(suppressed)
    for name, cell in cells.items():
        assert not cell.parts or len(hidden & {name, *cell.parts}) != 1
