"""Where imported replies stand: one level below the comment that began their thread."""

from datetime import UTC, datetime

import pytest

from app.domain.import_records import CommentRow, KnownComment, Writer
from app.domain.import_threads import Place, Threads

HERE = {"old": "old-idea"}
"""Ideas that are here, by their ids of elsewhere."""

KNOWN = {
    "root": KnownComment("root-id", "old-idea", None, "", deleted=False),
    "reply": KnownComment("reply-id", "old-idea", "root-id", "", deleted=False),
}


def row(source_id: str, reply_to: str = "", idea: str = "old") -> CommentRow:
    return CommentRow(
        2,
        source_id,
        Writer("Ana"),
        idea,
        "Oui",
        None,
        reply_to,
        datetime(2026, 1, 5, tzinfo=UTC),
        withdrawn=False,
    )


def find_places(*rows: CommentRow, backwards: bool = False) -> dict[str, Place]:
    threads = Threads({row.source_id: row for row in rows}, KNOWN, HERE)
    ordered = reversed(rows) if backwards else rows
    return {row.source_id: threads.find_place(row) for row in ordered}


@pytest.mark.parametrize("backwards", [False, True])
def test_a_reply_to_a_reply_joins_the_thread(backwards: bool) -> None:
    places = find_places(
        row("a"), row("b", "a"), row("c", "b"), row("d", "c"), row("e"), row("f", "b"), backwards=backwards
    )
    assert places["a"] == places["e"] == Place()
    assert {places[name] for name in "bcdf"} == {Place(parent="a")}


@pytest.mark.parametrize("backwards", [False, True])
def test_a_thread_may_have_begun_here_before(backwards: bool) -> None:
    places = find_places(
        row("a", "root"), row("b", "reply"), row("c", "a"), row("d", "b"), backwards=backwards
    )
    assert set(places.values()) == {Place(parent_id="root-id")}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    "rows",
    [
        (row("a", "nowhere"), row("b", "a"), row("c", "b")),
        (row("a", "a"), row("b", "a")),
        (row("a", "b"), row("b", "a")),
        (row("a", "c"), row("b", "a"), row("c", "b"), row("d", "b")),
        (row("a", "root", idea="new"), row("b", "a", idea="new")),
        (row("a", "reply", idea="new"),),
    ],
)
def test_a_reply_that_stands_nowhere_is_a_problem_and_so_are_those_below_it(
    rows: tuple[CommentRow, ...], backwards: bool
) -> None:
    places = find_places(*rows, backwards=backwards)
    assert all(place.problem for place in places.values())
    assert {(place.parent, place.parent_id) for place in places.values()} == {(None, None)}


def test_a_reply_stands_under_the_same_idea() -> None:
    places = find_places(row("a", idea="new"), row("b", "a", idea="old"), row("c", "a", idea="new"))
    assert places["b"].problem
    assert places["c"] == Place(parent="a")


def test_problems_are_told_apart() -> None:
    circle = find_places(row("a", "b"), row("b", "a"))["a"]
    unknown = find_places(row("a", "nowhere"))["a"]
    elsewhere = find_places(row("a", "root", idea="new"))["a"]
    assert len({circle.problem, unknown.problem, elsewhere.problem}) == 3
    assert find_places(row("a", "a"))["a"] == circle
    assert find_places(row("a"), row("b", "a", idea="new"))["b"] == elsewhere
