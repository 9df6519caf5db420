"""Names: how they are stored, compared and looked for, and what may not stand in one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import names
from app.domain.names import Flaw


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Alice", "Alice"),
        ("  Alice \t Martin\n", "Alice Martin"),
        ("Ame\u0301lie", "Amélie"),
        ("ﬁn", "ﬁn"),
        ("\u00a0Alice", "Alice"),
    ],
)
def test_a_name_is_stored_composed_with_single_blanks(text: str, stored: str) -> None:
    assert names.tidy(text) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Finance", "FINANCE"),
        ("Finance  IT", " finance it"),
        ("Amélie", "AME\u0301LIE"),
        ("ﬁnance", "finance"),
        ("Straße", "STRASSE"),
        ("\uff26inance", "finance"),
    ],
)
def test_two_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


@pytest.mark.parametrize(("one", "other"), [("Amélie", "Amelie"), ("Finance", "Finances"), ("a b", "ab")])
def test_two_names_are_two(one: str, other: str) -> None:
    assert names.fold(one) != names.fold(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Amélie Lefèvre", " amelie lefevre"),
        ("Jean-Paul O'Neil", " jean paul o neil"),
        ("Œuvre ŒUVRE", " oeuvre oeuvre"),
        ("Łódź Ærø", " lodz aero"),
        ("a_b", " a b"),
        ("\uff322", " r2"),
        ("--", ""),
        ("x" * 500, " " + "x" * 399),
    ],
)
def test_people_are_looked_for_by_words_without_case_or_accents(text: str, words: str) -> None:
    assert names.fold_words(text) == words


@pytest.mark.parametrize("text", [" Alice@Example.COM ", "ALICE@example.com", "\uff41lice@example.com"])
def test_an_address_is_compared_in_lower_case(text: str) -> None:
    assert names.fold_email(text) == "alice@example.com"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("Alice", None),
        (" Alice ", None),
        ("Amélie", None),
        ("Nguyễn", None),
        ("李小龍", None),
        ("Иван", None),
        ("Σωκράτης Παπαδόπουλος", None),
        ("Иван Smith", None),
        ("日本 ABC", None),
        ("\U00017000a", None),  # a letter that Unicode gives no name of its own
        ("", Flaw.EMPTY),
        ("  ", Flaw.EMPTY),
        ("--", Flaw.EMPTY),
        ("\u200b", Flaw.HIDDEN),
        ("-\u200b-", Flaw.HIDDEN),
        ("Ali\u202ece", Flaw.HIDDEN),
        ("Ali\nce", Flaw.HIDDEN),
        ("Ali\x00ce", Flaw.HIDDEN),
        ("Alice\u3164", Flaw.HIDDEN),
        ("Alice\ufe0f", Flaw.HIDDEN),
        ("Alice\ue000", Flaw.HIDDEN),
        ("e" + "\u0301" * 4, None),
        ("e" + "\u0301" * 5, Flaw.STACKED),
        ("a" + "\u20dd" * 5, Flaw.STACKED),
        ("\u0301" * 4 + "e", None),
        ("\u0301" * 5 + "e", Flaw.STACKED),
        ("a\u0301\u0301\u0301b\u0301\u0301\u0301", None),
        ("x e" + "\u0301" * 5 + "x", Flaw.STACKED),
        ("p\u0430ypal", Flaw.MIXED),  # a Cyrillic letter among Latin ones
        ("Alice p\u03b1ypal", Flaw.MIXED),  # a Greek one
        ("ab1\u0430", Flaw.MIXED),
        ("и2", None),
    ],
)
def test_what_deceives_a_reader_is_a_flaw(text: str, flaw: Flaw | None) -> None:
    assert names.find_flaw(text) is flaw


@pytest.mark.parametrize(("length", "flaw"), [(200, None), (201, Flaw.TOO_LONG)])
def test_a_name_has_two_hundred_characters(length: int, flaw: Flaw | None) -> None:
    assert names.find_flaw("é" * length) is flaw
    assert names.find_flaw("e" * length) is flaw
    assert names.find_flaw("e" * length + "  ") is flaw


def test_other_names_may_be_longer_or_shorter() -> None:
    assert names.find_flaw("e" * 300, longest=300) is None
    assert names.find_flaw("abc", longest=2) is Flaw.TOO_LONG


@given(st.text(max_size=30))
def test_a_name_that_was_tidied_stays_so(text: str) -> None:
    assert names.tidy(names.tidy(text)) == names.tidy(text)
    assert names.tidy(text) == unicodedata.normalize("NFC", names.tidy(text))
