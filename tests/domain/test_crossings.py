"""Crossings: what is told of who answers whom."""

import pytest

from app.domain import breakdowns, crossings
from app.domain.breakdowns import WHOLE
from app.domain.crossings import ELSEWHERE, Answered, Places

TREE = breakdowns.grow(
    {"company": None, "sales": "company", "lyon": "sales", "paris": "sales", "it": "company"}
)


@pytest.mark.parametrize(
    ("top", "places"),
    [
        (WHOLE, {"company": "company", "sales": "sales", "lyon": "sales", "paris": "sales", "it": "it"}),
        ("sales", {"sales": "sales", "lyon": "lyon", "paris": "paris"}),
        ("it", {"it": "it"}),
    ],
)
def test_parts_are_directly_below_what_is_looked_at(top: str, places: dict[str, str]) -> None:
    assert crossings.place(TREE, top) == places


def answer(people: int, ideas: int) -> Answered:
    return Answered(ideas, people)


def test_a_cell_with_few_authors_is_hidden_with_another_one() -> None:
    told = crossings.tell(
        {("a", "a"): answer(9, 20), ("a", "b"): answer(4, 30), ("a", ELSEWHERE): answer(6, 6)}, {"a": 9}
    )["a"]
    assert told.cells == {"a": 20, "b": None, ELSEWHERE: None}
    assert (told.ideas, told.outside) == (56, 36)


def test_two_hidden_cells_hide_each_other() -> None:
    cells = {("a", "a"): answer(4, 4), ("a", "b"): answer(3, 3), ("a", "c"): answer(8, 9)}
    told = crossings.tell(cells, {"a": 8})["a"]
    assert told.cells == {"a": None, "b": None, "c": 9}
    assert told.outside is None, "it would tell the hidden one"


def test_a_row_with_few_authors_tells_nothing() -> None:
    cells = {("a", "a"): answer(4, 40), ("b", "b"): answer(5, 5), ("b", "a"): answer(5, 15)}
    told = crossings.tell(cells, {"a": 4, "b": 5})
    assert (told["a"].ideas, told["a"].cells) == (None, {"a": None})
    assert crossings.share_outside(told) == 15 / 20
    assert crossings.share_outside({}) is None


@pytest.mark.parametrize(
    ("origin", "answering", "spots"),
    [
        (
            "lyon",
            "paris",
            [
                (WHOLE, "sales", "sales"),
                ("lyon", "lyon", ELSEWHERE),
                ("sales", "lyon", "paris"),
                ("company", "sales", "sales"),
            ],
        ),
        ("it", "lyon", [(WHOLE, "it", "sales"), ("it", "it", ELSEWHERE), ("company", "it", "sales")]),
        ("company", "gone", [(WHOLE, "company", ELSEWHERE), ("company", "company", ELSEWHERE)]),
    ],
)
def test_an_idea_crosses_what_is_above_it(
    origin: str, answering: str, spots: list[tuple[str, str, str]]
) -> None:
    assert sorted(Places(TREE).list_spots(origin, answering)) == sorted(spots)
