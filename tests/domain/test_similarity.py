"""The order of likely duplicates."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.similarity import FUSION, GRAM_WEIGHT, Candidate, Features, get_rarity, rank

STEM = st.sampled_from("velo electr parc cantin tri dechet meet room chauffag bureau reunion x1f2".split())
FEATURES = st.builds(Features, st.lists(STEM, max_size=6), st.lists(STEM, max_size=12))


def text(title: str, body: str = "") -> Features:
    return Features(title.split(), body.split())


def order(query: Features, base: dict[str, Features], **frequencies: int) -> list[str]:
    candidates = [Candidate(key, features) for key, features in base.items()]
    return [found.id for found in rank(query, candidates, frequencies=frequencies, documents=100)]


def test_the_same_title_comes_first() -> None:
    base = {"a": text("tri dechet cantin"), "b": text("velo electr"), "c": text("chauffag bureau")}
    assert order(text("", "velo electr parc"), base, velo=5, electr=9, parc=3)[0] == "b"


def test_a_title_says_more_than_a_body() -> None:
    base = {"body": text("parc bureau", "velo electr"), "title": text("velo electr", "parc bureau")}
    assert order(text("", "velo electr"), base, velo=5, electr=5)[0] == "title"


def test_a_title_counts_by_words_too() -> None:
    base = [Candidate("body", text("parc", "velo")), Candidate("title", text("velo", "parc"))]
    found = rank(text("", "velo"), base, frequencies={"velo": 5}, documents=100)
    second = (1 + GRAM_WEIGHT) / (FUSION + 2)
    assert [(entry.id, entry.score > second) for entry in found] == [("title", True), ("body", False)]


def test_equal_candidates_share_a_place_and_go_by_id() -> None:
    base = [Candidate(key, text("velo electr")) for key in ("c", "a", "b")]
    found = rank(text("", "velo"), base, frequencies={"velo": 5}, documents=100)
    assert [entry.id for entry in found] == ["a", "b", "c"]
    assert {entry.score for entry in found} == {1 / (FUSION + 1) + GRAM_WEIGHT / (FUSION + 1)}


def test_a_rare_word_says_more_than_a_common_one() -> None:
    base = {"common": text("bureau parc"), "rare": text("dechet parc")}
    assert order(text("", "bureau dechet"), base, bureau=90, dechet=2)[0] == "rare"


def test_a_misspelled_word_is_found_by_its_pieces() -> None:
    base = {"a": text("cantin du midi"), "b": text("velo pliant"), "c": text("chauffag central")}
    assert order(text("", "chaufag"), base)[0] == "c"


def test_both_rankings_together_beat_one_of_them() -> None:
    base = {"both": text("chauffag bureau"), "grams": text("chauffagist burea"), "none": text("cantin midi")}
    assert order(text("", "chauffag bureau"), base, chauffag=3, bureau=3) == ["both", "grams", "none"]


def test_nothing_in_common_is_still_an_answer() -> None:
    base = {"b": text("velo"), "a": text("cantin")}
    candidates = [Candidate(key, features) for key, features in base.items()]
    found = rank(text("", "qqq"), candidates, frequencies={}, documents=2)
    assert [(entry.id, entry.score) for entry in found] == [("a", 0.0), ("b", 0.0)]
    assert rank(text(""), [], frequencies={}, documents=0) == []


@given(FEATURES, st.lists(FEATURES, max_size=8), st.randoms(use_true_random=False))
def test_the_order_depends_on_what_is_compared_alone(
    query: Features, base: list[Features], chance: random.Random
) -> None:
    candidates = [Candidate(str(number), features) for number, features in enumerate(base)]
    shuffled = chance.sample(candidates, len(candidates))
    found = rank(query, candidates, frequencies={"velo": 3, "parc": 50}, documents=60)
    assert found == rank(query, shuffled, frequencies={"parc": 50, "velo": 3}, documents=60)
    assert sorted(entry.id for entry in found) == sorted(candidate.id for candidate in candidates)
    assert all(found[n].score >= found[n + 1].score >= 0 for n in range(len(found) - 1))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_rarity_is_positive_and_falls(occurrences: int, documents: int) -> None:
    assert get_rarity(occurrences, documents) > 0
    assert get_rarity(occurrences, documents) >= get_rarity(occurrences + 1, documents)


def rank_as_published(
    query: Features, base: list[Candidate], frequencies: dict[str, int], documents: int
) -> list[tuple[str, float]]:
    """Say the three steps once more, slowly: BM25 (k1 1.2, b 0.75), shared grams of 3 and 5, fusion of places."""

    def weigh(occurrences: int, among: int) -> float:
        return math.log(1 + (max(among, occurrences) - occurrences + 0.5) / (occurrences + 0.5))

    def cut(stems: Sequence[str]) -> set[str]:
        line = f" {' '.join(stems)} " if stems else ""
        return {line[n : n + size] for size in (3, 5) for n in range(len(line)) if n + size <= len(line)}

    def place(scores: dict[str, float]) -> dict[str, float]:
        return {
            key: 1 / (20 + 1 + sum(other > score for other in scores.values()))
            for key, score in scores.items()
            if score > 0
        }

    lengths = [3 * len(each.features.title) + len(each.features.body) for each in base]
    mean = max(1.0, sum(lengths) / len(base)) if base else 1.0
    words, grams = {}, {}
    asked = cut(query.title) | cut(query.body[:50])
    shared = {each.id: asked & (cut(each.features.title) | cut(each.features.body[:50])) for each in base}
    for each, length in zip(base, lengths, strict=True):
        title, body = each.features.title, each.features.body
        counts = {stem: 3 * title.count(stem) + body.count(stem) for stem in {*query.title, *query.body}}
        norm = 1.2 * (1 - 0.75 + 0.75 * length / mean)
        words[each.id] = math.fsum(
            weigh(frequencies.get(stem, 0), documents) * count / (count + norm)
            for stem, count in counts.items()
            if count
        )
        rare = {
            gram: weigh(sum(gram in other for other in shared.values()), len(base))
            for gram in shared[each.id]
        }
        found = [rare[gram] for gram in shared[each.id]] + [rare[gram] for gram in asked & cut(title)]
        characters = sum(map(len, title)) + sum(map(len, body[:50]))
        grams[each.id] = math.fsum(found) / math.sqrt(characters + 20)
    by_words, by_grams = place(words), place(grams)
    fused = {each.id: by_words.get(each.id, 0.0) + 2 * by_grams.get(each.id, 0.0) for each in base}
    return sorted(fused.items(), key=lambda entry: (-entry[1], entry[0]))


@settings(deadline=None)
@given(
    FEATURES, st.lists(FEATURES, max_size=6), st.dictionaries(STEM, st.integers(0, 90)), st.integers(0, 100)
)
def test_the_order_is_the_published_one(
    query: Features, base: list[Features], frequencies: dict[str, int], documents: int
) -> None:
    candidates = [Candidate(str(number), features) for number, features in enumerate(base)]
    found = rank(query, candidates, frequencies=frequencies, documents=documents)
    expected = rank_as_published(query, candidates, frequencies, documents)
    assert [entry.id for entry in found] == [key for key, _ in expected]
    assert [entry.score for entry in found] == pytest.approx([score for _, score in expected])


def test_only_the_beginning_of_a_long_body_is_compared_by_its_pieces() -> None:
    filler = [f"{number}{number}" for number in range(100, 149)]
    base = [
        Candidate("at the end", Features([], [*filler, "midi", "velo"])),
        Candidate("within", Features([], [*filler, "velo", "midi"])),
    ]
    query = Features([], ["velos"])
    found = rank(query, base, frequencies={}, documents=10)
    assert [(entry.id, entry.score > 0) for entry in found] == [("within", True), ("at the end", False)]
    expected = rank_as_published(query, base, {}, 10)
    assert [entry.score for entry in found] == pytest.approx([score for _, score in expected])
