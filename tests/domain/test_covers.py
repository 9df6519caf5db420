"""An author stays unknown among four others at least."""

import pytest

from app.domain import covers


@pytest.mark.parametrize(("people", "authors"), [(5, 1), (6, 2), (100, 3)])
def test_four_others_are_enough(people: int, authors: int) -> None:
    assert covers.is_enough(people, authors)


@pytest.mark.parametrize(("people", "authors"), [(4, 1), (5, 2), (0, 1), (1, 1)])
def test_fewer_are_not(people: int, authors: int) -> None:
    assert not covers.is_enough(people, authors)
