"""The conflict rule over tables of cases and random organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conflicts import OUTSIDE, Conflicts, Line, Link, find_conflicts, trace_line


def test_the_whole_chain_upwards_counts() -> None:
    links = {"alice": Link("bob"), "bob": Link("carol"), "carol": Link(None)}
    line = trace_line("alice", links)
    assert line.above == {"bob", "carol"}
    assert not line.broken_in


def test_a_certain_top_has_no_line() -> None:
    assert trace_line("carol", {"carol": Link(None)}) == trace_line("anybody", {"anybody": OUTSIDE})


def test_an_unknown_manager_breaks_the_line_where_the_person_works() -> None:
    line = trace_line("alice", {"alice": Link("bob"), "bob": Link(None, certain=False, entity_id="lyon")})
    assert line.above == {"bob"}
    assert line.broken_in == {"lyon"}


def test_a_manager_who_left_breaks_the_line_but_those_above_still_count() -> None:
    links = {
        "alice": Link("bob", manager_active=False, entity_id="lyon"),
        "bob": Link("carol"),
        "carol": Link(None),
    }
    line = trace_line("alice", links)
    assert line.above == {"bob", "carol"}
    assert line.broken_in == {"lyon"}


def test_a_cycle_ends_and_is_a_doubt() -> None:
    links = {"a": Link("b", entity_id="x"), "b": Link("c", entity_id="y"), "c": Link("b", entity_id="z")}
    line = trace_line("a", links)
    assert line.above == {"b", "c"}
    assert line.broken_in == {"z"}


def test_being_ones_own_manager_is_a_doubt() -> None:
    assert trace_line("a", {"a": Link("a", entity_id="x")}).broken_in == {"x"}


def test_direct_reports_and_those_who_stood_back_are_barred_and_peers_are_not() -> None:
    conflicts = find_conflicts(
        ["alice"],
        {"alice": Link("bob"), "bob": Link(None)},
        reports=["rita"],
        declared=["dan"],
    )
    barred = [name for name in ("alice", "bob", "rita", "dan", "pete") if conflicts.bars(name, "somewhere")]
    assert barred == ["alice", "bob", "rita", "dan"]


def test_doubt_bars_the_entity_where_the_line_breaks() -> None:
    conflicts = find_conflicts(["alice"], {"alice": Link(None, certain=False, entity_id="lyon")}, [], [])
    assert conflicts.bars("somebody", "lyon")
    assert not conflicts.bars("somebody", "paris")


@pytest.mark.parametrize("entity", [None, "lyon"])
@pytest.mark.parametrize(
    "links",
    [
        {"alice": Link("bob", manager_active=False)},
        {"alice": Link("alice")},
        {"alice": Link(None, certain=False)},
    ],
)
def test_a_line_that_breaks_where_nobody_is_placed_bars_those_who_are_placed_nowhere(
    links: dict[str, Link], entity: str | None
) -> None:
    conflicts = find_conflicts(["alice"], {**links, "bob": Link(None)}, [], [])
    assert conflicts.bars("somebody", entity) is (entity is None)


def test_nobody_is_barred_for_having_no_entity_while_there_is_no_doubt() -> None:
    conflicts = find_conflicts(["alice"], {"alice": Link("bob"), "bob": Link(None)}, [], [])
    assert not conflicts.bars("somebody", None)


def test_somebody_of_whom_nothing_is_recorded_breaks_the_line() -> None:
    assert trace_line("alice", {}) == Line(frozenset(), frozenset({""}))
    assert trace_line("alice", {"alice": Link("bob")}) == Line(frozenset({"bob"}), frozenset({""}))


def test_each_reason_is_kept_apart_and_an_author_is_no_line_of_another() -> None:
    links = {"alice": Link("bob"), "bob": Link("carol"), "carol": Link(None, certain=False, entity_id="lyon")}
    assert find_conflicts(["alice", "bob"], links, ["rita", "alice"], ["dan"]) == Conflicts(
        authors=frozenset({"alice", "bob"}),
        line=frozenset({"carol", "rita"}),
        declared=frozenset({"dan"}),
        doubtful_entities=frozenset({"lyon"}),
    )


@given(
    managers=st.lists(st.integers(-1, 29), min_size=30, max_size=30),
    authors=st.sets(st.integers(0, 29), min_size=1, max_size=3),
)
def test_nobody_reachable_upwards_is_ever_let_through(managers: list[int], authors: set[int]) -> None:
    """An independent walk, with cycles and self-management, finds nobody whom the rule lets pass."""
    links = {
        str(person): Link(str(manager) if manager >= 0 else None, entity_id=str(person % 4))
        for person, manager in enumerate(managers)
    }
    reports = [str(person) for person, manager in enumerate(managers) if manager in authors]
    conflicts = find_conflicts([str(author) for author in authors], links, reports, [])
    for author in authors:
        above, here = set(), managers[author]
        while here >= 0 and here not in above:
            above.add(here)
            here = managers[here]
        for person in above | set(authors):
            assert conflicts.bars(str(person), "nowhere")
    assert all(conflicts.bars(report, "nowhere") for report in reports)
