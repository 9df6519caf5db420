"""Skills are compared folded, each once."""

import pytest

from app.domain import skills


def test_words_are_folded_and_each_is_there_once() -> None:
    assert skills.fold([" Excel", "EXCEL  ", "Gestion  de projet"]) == ["excel", "gestion de projet"]


def test_a_word_that_grows_too_long_in_small_letters_is_refused() -> None:
    skills.fold(["x" * skills.LONGEST])
    with pytest.raises(ValueError, match="at most 40"):
        skills.fold(["ŉ" * skills.LONGEST])
