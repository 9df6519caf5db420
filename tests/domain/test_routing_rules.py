"""What a row of the rule table may say."""

import pytest

from app.domain import routing_rules
from app.domain.routing_rules import ConditionMissing, NotAWord


@pytest.mark.parametrize(
    ("theme", "entity", "words"),
    [
        ("quality", None, ()),
        (None, "sales", ()),
        (None, None, ("parking",)),
        ("quality", "sales", ("parking",)),
    ],
)
def test_a_rule_asks_for_something(theme: str | None, entity: str | None, words: tuple[str, ...]) -> None:
    routing_rules.check_conditions(theme=theme, entity=entity, words=words)


def test_a_rule_that_asks_for_nothing_is_refused() -> None:
    with pytest.raises(ConditionMissing):
        routing_rules.check_conditions(theme=None, entity=None, words=[])


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ((), ""),
        (("parking",), "parking"),
        (("Parking", "VÉLO"), "parking vélo"),
        (("b", "a", "B"), "b a"),
        (("straße", "STRASSE"), "strasse"),
        (("ve\u0301lo", "vélo"), "vélo"),
        (("2fa", "word_2"), "2fa word_2"),
    ],
)
def test_words_are_kept_once_without_case_in_their_order(words: tuple[str, ...], kept: str) -> None:
    assert routing_rules.join_words(words) == kept


@pytest.mark.parametrize("word", ["", " ", "car park", "e-mail", "l'idée", "_secret", "parking."])
def test_what_is_no_single_word_is_named_by_its_place(word: str) -> None:
    with pytest.raises(NotAWord) as refused:
        routing_rules.join_words(["parking", word])
    assert [problem.pointer for problem in refused.value.errors] == ["/words/1"]
