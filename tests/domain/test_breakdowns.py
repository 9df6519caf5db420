"""Figures by entity: added up, people without a name only by fives, small cells hidden."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import breakdowns
from app.domain.breakdowns import WHOLE, Counts, Sums, Tree
from app.domain.crossings import Places
from app.domain.privacy import FLOOR


@st.composite
def forests(draw: st.DrawFn) -> Tree:
    parents: dict[str, str | None] = {}
    for number in range(draw(st.integers(1, 9))):
        parents[f"e{number}"] = draw(st.sampled_from([None, *parents]))
    return breakdowns.grow(parents)


crowds = st.dictionaries(st.sampled_from([f"e{number}" for number in range(9)]), st.integers(0, 7))


def list_children(tree: Tree, node: str) -> list[str]:
    return [child for child in tree.ordered if tree.parents[child] == node]


@given(forests(), crowds)
def test_sums_are_of_everything_below(tree: Tree, direct: dict[str, int]) -> None:
    direct = {node: people for node, people in direct.items() if node in tree.parents}
    sums = tree.add_up(direct)
    assert sums[WHOLE] == sum(direct.values())
    for node in tree.ordered:
        assert sums[node] == sum(direct.get(other, 0) for other in tree.list_below(node))


@given(forests(), crowds)
def test_no_difference_tells_of_fewer_than_five_without_a_name(tree: Tree, crowd: dict[str, int]) -> None:
    crowd = {node: people for node, people in crowd.items() if node in tree.parents}
    placed = breakdowns.place_unnamed(tree, crowd)
    told = tree.add_up(breakdowns.move(crowd, placed))
    for node in tree.ordered[1:]:
        rest = told[node] - sum(told[child] for child in list_children(tree, node))
        assert rest == 0 or rest >= FLOOR
        below = sum(crowd.get(other, 0) for other in tree.list_below(node))
        waiting = below - told[node]
        assert 0 <= waiting < FLOOR
    for origin, node in placed.items():
        assert origin in tree.list_below(node)


def test_people_without_a_name_begin_to_count_where_they_are_five() -> None:
    tree = breakdowns.grow({"top": None, "a": "top", "b": "top", "c": "top", "far": None})
    placed = breakdowns.place_unnamed(tree, {"a": 3, "b": 2, "c": 5, "far": 4})
    assert placed == {"a": "top", "b": "top", "c": "c"}


@given(forests(), st.sets(st.sampled_from([f"e{number}" for number in range(9)])))
def test_a_tree_keeps_what_is_above(tree: Tree, nodes: set[str]) -> None:
    kept = tree.keep(nodes)
    assert set(kept.ordered) == {WHOLE} | {node for node in tree.ordered if tree.list_below(node) & nodes}
    for place, node in enumerate(kept.ordered[1:], 1):
        assert kept.parents[node] in kept.ordered[:place]


def test_the_company_is_a_single_top() -> None:
    tree = breakdowns.grow({"company": None, "a": "company"})
    assert tree.is_whole("company")
    assert not tree.is_whole("a")
    assert not breakdowns.grow({"a": None, "b": None}).is_whole("a")


HEADCOUNT = {"a": 60, "b": 60, "c": 60}
TREE = breakdowns.grow(dict.fromkeys(HEADCOUNT))


def find_hidden(people: dict[str, int], entire: dict[str, int] | None = None) -> set[str]:
    def sum_up(direct: dict[str, int]) -> Sums:
        return breakdowns.sum_up(TREE, headcount, Counts(direct, direct, {}))

    headcount = TREE.add_up(HEADCOUNT)
    others = None if entire is None else sum_up(entire)
    return set(breakdowns.hide(TREE, headcount, sum_up(people), withheld=(), entire=others))


@pytest.mark.parametrize(
    ("people", "entire", "hidden"),
    [
        ({"a": 20, "b": 20, "c": 20}, None, set()),
        ({"a": 0, "b": 20, "c": 30}, None, {"a", "b"}),
        ({"a": 4, "b": 20, "c": 30}, None, {"a", "b"}),
        ({"a": 5, "b": 20, "c": 30}, None, set()),
        ({"a": 1, "b": 1, "c": 1}, None, {"a", "b", "c"}),
        ({"a": 60, "b": 60, "c": 58}, None, {"c"}),
        ({"a": 57, "b": 20, "c": 30}, None, {"a", "b"}),
        ({"a": 20, "b": 20, "c": 20}, {"a": 20, "b": 25, "c": 30}, set()),
        # Two people did it outside of the window only: the difference would tell.
        ({"a": 20, "b": 20, "c": 30}, {"a": 22, "b": 30, "c": 40}, {"a", "b"}),
        ({"a": 20, "b": 20, "c": 20}, {"a": 21, "b": 21, "c": 21}, {WHOLE, "a", "b", "c"}),
        ({"a": 1, "b": 1, "c": 1}, {"a": 30, "b": 30, "c": 30}, {WHOLE, "a", "b", "c"}),
    ],
)
def test_small_cells_and_small_differences_are_hidden(
    people: dict[str, int], entire: dict[str, int] | None, hidden: set[str]
) -> None:
    found = find_hidden(people, entire)
    assert found >= hidden
    assert bool(found) == bool(hidden)
    if WHOLE not in hidden:
        assert WHOLE not in found
    assert len(found) != 1


@pytest.mark.parametrize(("small", "hidden"), [(0, True), (4, True), (5, False), (60, False)], ids=str)
def test_a_small_headcount_is_hidden_with_another_that_would_give_it_back(small: int, hidden: bool) -> None:
    tree = breakdowns.grow({"top": None, "a": "top", "b": "top", "c": "top", "far": None})
    headcount = tree.add_up({"a": small, "b": 60, "c": 70, "far": 80})
    found = breakdowns.hide_headcounts(tree, headcount)
    assert found == ({"a", "b"} if hidden else set())


@pytest.mark.parametrize(
    ("named", "unnamed", "told", "hidden"), [(20, 5, 25, False), (20, 0, 20, False), (50, 7, 57, True)]
)
def test_people_without_a_name_are_told_with_the_others_unless_that_leaves_few_out(
    named: int, unnamed: int, told: int, hidden: bool
) -> None:
    headcount = TREE.add_up(HEADCOUNT)
    direct = {"a": named, "b": 20, "c": 20}
    everybody = direct | {"a": named + unnamed}
    sums = breakdowns.sum_up(TREE, headcount, Counts(everybody, direct, {"a": unnamed}))
    assert (sums.told["a"], sums.named["a"]) == (told, named)
    assert sums.told[WHOLE] == told + 40
    assert ("a" in breakdowns.hide(TREE, headcount, sums, withheld=())) is hidden


def test_what_has_its_headcount_hidden_shows_no_figure() -> None:
    headcount = TREE.add_up(HEADCOUNT)
    sums = breakdowns.sum_up(
        TREE, headcount, Counts({"a": 20, "b": 20, "c": 20}, {"a": 20, "b": 20, "c": 20}, {})
    )
    assert breakdowns.hide(TREE, headcount, sums, withheld=()) == set()
    assert breakdowns.hide(TREE, headcount, sums, withheld=("a", "b")) == {"a", "b"}


def test_an_entity_with_everybody_is_told_like_the_company() -> None:
    tree = breakdowns.grow({"company": None, "a": "company"})
    headcount = tree.add_up({"a": 50, "company": 10})
    sums = breakdowns.sum_up(
        tree, headcount, Counts({"a": 9, "company": 3}, {"a": 6, "company": 3}, {"a": 3})
    )
    assert sums.told == {WHOLE: 12, "company": 12, "a": 6}
    assert "company" not in breakdowns.hide(tree, headcount, sums, withheld=())


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(forests(), crowds, crowds)
def test_nothing_small_is_ever_told(tree: Tree, named: dict[str, int], unnamed: dict[str, int]) -> None:
    named = {node: people for node, people in named.items() if node in tree.parents}
    unnamed = {node: people for node, people in unnamed.items() if node in tree.parents}
    both = {node: named.get(node, 0) + unnamed.get(node, 0) for node in tree.parents}
    headcount = tree.add_up({node: people + 6 for node, people in both.items()})
    sums = breakdowns.sum_up(tree, headcount, Counts(both, named, unnamed))
    hidden = breakdowns.hide(tree, headcount, sums, withheld=())
    for node in tree.ordered[1:]:
        if headcount[node] < headcount[WHOLE] and node not in hidden:
            assert sums.told[node] >= FLOOR
            assert not 0 < headcount[node] - sums.told[node] < FLOOR


@given(forests(), forests())
def test_whoever_has_not_moved_crosses_what_they_crossed(former: Tree, tree: Tree) -> None:
    stayed = former.parents.keys() & tree.parents.keys() - {WHOLE} - breakdowns.list_moved(former, tree)
    for origin in stayed:
        for answering in stayed:
            spots = [Places(each).list_spots(origin, answering) for each in (former, tree)]
            assert spots[0] == spots[1]
