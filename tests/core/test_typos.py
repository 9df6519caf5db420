"""Typing errors: nobody within reach is missed, nobody out of reach is taken."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.core import analysis, typos

LETTERS = "abcdeé"
WORDS = st.text(LETTERS, min_size=3, max_size=16)


@st.composite
def misspellings(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(st.text(LETTERS, min_size=4, max_size=16))
    term = word
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(term) - 2))
        letter = draw(st.sampled_from(LETTERS))
        term = draw(
            st.sampled_from(
                [
                    term[:at] + term[at + 1 :],
                    term[:at] + letter + term[at:],
                    term[:at] + letter + term[at + 1 :],
                    term[:at] + term[at + 1] + term[at] + term[at + 2 :],
                ]
            )
        )
    return word, term


@given(misspellings())
@example(("abcdefgh", "abcdegfh"))
@example(("abcdefgh", "abcedfgh"))
@example(("abcdefgh", "bcdefg"))
@example(("abcdef", "xabcdefy"))
@example(("abcdefgh", "abcdefg"))
def test_every_word_within_reach_is_found_by_a_key(pair: tuple[str, str]) -> None:
    word, term = pair
    assume(len(term) >= typos.SHORTEST)
    distance = OSA.distance(word, term)
    assume(0 < distance <= (2 if len(term) >= typos.LONG else 1))
    assert set(typos.keys(word)) & set(typos.probes(term))
    assert typos.corrections(term, {word: 1}) == [word]


@given(WORDS, st.dictionaries(WORDS, st.integers(0, 9), max_size=30))
def test_corrections_are_near_and_do_not_depend_on_order(term: str, candidates: dict[str, int]) -> None:
    found = typos.corrections(term, candidates)
    assert len(found) <= typos.MAX_CORRECTIONS
    assert len({OSA.distance(term, word) for word in found}) <= 1
    assert all(0 < OSA.distance(term, word) <= (1 if len(term) < typos.LONG else 2) for word in found)
    assert found == typos.corrections(term, dict(reversed(candidates.items())))


@given(st.text(max_size=60))
def test_keys_are_few(word: str) -> None:
    assert len(typos.keys(word)) <= 2 * len(word) + 3
    assert len(typos.probes(word)) <= 5 * (len(word) + 4)


@pytest.mark.parametrize(
    ("term", "candidates", "expected"),
    [
        ("canitne", {"cantine": 1, "canine": 9}, ["canine", "cantine"]),
        ("elecrtiqeu", {"electrique": 3, "electricite": 9}, ["electrique"]),
        ("opitque", {"optique": 1}, ["optique"]),
        ("vleo", {"velo": 1, "vlan": 1}, ["velo"]),
        ("velo", {"velo": 1}, []),
        ("bus", {"but": 1}, []),
        ("iso9001", {"iso9002": 1}, []),
        ("abcdefg", {"abcdxyg": 1}, []),
        ("reunionn", {"reunion": 5, "reunions": 7, "union": 9}, ["reunions", "reunion"]),
        ("ενεργια", {"ενεργεια": 1}, ["ενεργεια"]),
        ("mots", {f"mot{letter}": 1 for letter in "abcdefgh"}, ["mota", "motb", "motc", "motd", "mote"]),
    ],
)
def test_corrections(term: str, candidates: dict[str, int], expected: list[str]) -> None:
    assert typos.corrections(term, candidates) == expected


def test_a_typo_that_changes_the_stem_still_leads_to_the_word() -> None:
    [term] = analysis.query("développemnet ").terms
    vocabulary = {word.text: word.stem for word in analysis.words("Le développement des compétences")}
    candidates = {word: 1 for word in vocabulary if set(typos.keys(word)) & set(typos.probes(term.text))}
    found = typos.corrections(term.text, candidates)
    assert term.alternatives[0][0] not in vocabulary.values()
    assert [vocabulary[word] for word in found] == analysis.stems("développement")
