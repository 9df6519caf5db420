"""Similar ideas: which candidates say most nearly the same as a text, by two rankings fused into one."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

TITLE_WEIGHT = 3
"""Times that a word of a title counts; a word of a body counts once."""

LEAD = 50
"""Words of a body whose grams are compared: the beginning says what it is about, and costs less than all."""

GRAM_SIZES = (3, 5)
"""Lengths of the character grams; those of 4 in between found nothing more and cost half as much again."""

CLOSEST = 80
"""Candidates whose grams are compared: those that are nearest by their words. Grams cost most of the time."""

FUSION = 20
"""The constant of reciprocal rank fusion: 60 in the paper, for a thousand candidates."""

GRAM_WEIGHT = 2
"""Times that a place by grams counts; a place by words counts once."""

_SATURATION = 1.2
_LENGTH_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Features:
    """A text as the stems of its words, in their order; what has no title is all body."""

    title: Sequence[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea that may be similar."""

    id: str
    features: Features


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate and how likely it is a duplicate; scores of different calls can't be compared."""

    id: str
    score: float


def rank(
    query: Features, candidates: Sequence[Candidate], *, frequencies: Mapping[str, int], documents: int
) -> list[Scored]:
    """Order candidates, the likeliest duplicate first; all come back, those that share nothing last.

    `frequencies` tells in how many of the `documents` ideas each stem of the query occurs. The order depends
    on the arguments alone, and not on the order of the candidates: equal ones are ordered by id.

    1. Place them by BM25 over stems (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009).
    2. Place the 80 nearest by words by the character grams that they share with the text, the rarer among them
       the weightier: finds what is misspelled, derived or joined in another way.
    3. Add 1 / (20 + place) of both, grams twice (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion
       outperforms Condorcet and individual Rank Learning Methods, SIGIR 2009). Equal candidates share a
       place.
    """
    word_scores = _score_words(query, candidates, frequencies, documents)
    nearest = {key for key, _ in _sort(word_scores)[:CLOSEST]}
    by_words = _weigh_places(word_scores)
    by_grams = _weigh_places(_score_grams(query, [c for c in candidates if c.id in nearest]))
    fused = {c.id: by_words.get(c.id, 0.0) + GRAM_WEIGHT * by_grams.get(c.id, 0.0) for c in candidates}
    return [Scored(key, score) for key, score in _sort(fused)]


def _score_words(
    query: Features, candidates: Sequence[Candidate], frequencies: Mapping[str, int], documents: int
) -> dict[str, float]:
    weights = {stem: get_rarity(frequencies.get(stem, 0), documents) for stem in {*query.title, *query.body}}
    lengths = [TITLE_WEIGHT * len(c.features.title) + len(c.features.body) for c in candidates]
    mean = max(1.0, sum(lengths) / max(1, len(lengths)))
    scores = {}
    for candidate, length in zip(candidates, lengths, strict=True):
        counts = Counter([stem for stem in candidate.features.body if stem in weights])
        for stem in candidate.features.title:
            if stem in weights:
                counts[stem] += TITLE_WEIGHT
        norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / mean)
        scores[candidate.id] = math.fsum(
            [weights[stem] * count / (count + norm) for stem, count in counts.items()]
        )
    return scores


Gram = tuple[str, ...]
"""Characters in a row; tuples, because these are cut and compared without a step of Python for each."""


def _score_grams(query: Features, candidates: Sequence[Candidate]) -> dict[str, float]:
    wanted = [_cut(_join(query.title), size) | _cut(_join(query.body[:LEAD]), size) for size in GRAM_SIZES]
    titles = [_list_shared(wanted, c.features.title) for c in candidates]
    bodies = [_list_shared(wanted, c.features.body[:LEAD]) for c in candidates]
    wholes = [title | body for title, body in zip(titles, bodies, strict=True)]
    occurrences = Counter([gram for whole in wholes for gram in whole])
    weights = {gram: get_rarity(count, len(candidates)) for gram, count in occurrences.items()}
    scores = {}
    for candidate, title, whole in zip(candidates, titles, wholes, strict=True):
        length = sum(map(len, candidate.features.title)) + sum(map(len, candidate.features.body[:LEAD]))
        shared = math.fsum([weights[gram] for grams in (title, whole) for gram in grams])
        scores[candidate.id] = shared / math.sqrt(length + 20)
    return scores


def _list_shared(wanted: Sequence[set[Gram]], stems: Sequence[str]) -> set[Gram]:
    """Return those of the wanted grams, a set for each size, that a text has."""
    text = _join(stems)
    found = (some.intersection(_slide(text, size)) for some, size in zip(wanted, GRAM_SIZES, strict=True))
    return set().union(*found)


def _cut(text: str, size: int) -> set[Gram]:
    return set(_slide(text, size))


def _slide(text: str, size: int) -> Iterator[Gram]:
    return zip(*(text[start:] for start in range(size)), strict=False)


def _join(stems: Sequence[str]) -> str:
    return f" {' '.join(stems)} " if stems else ""


def get_rarity(occurrences: int, documents: int) -> float:
    """Return what a stem weighs that occurs in so many of the documents: the one of BM25, always above 0."""
    return math.log(1 + (max(documents, occurrences) - occurrences + 0.5) / (occurrences + 0.5))


def _weigh_places(scores: Mapping[str, float]) -> dict[str, float]:
    places: dict[float, int] = {}
    for place, (_, score) in enumerate(_sort(scores), 1):
        places.setdefault(score, place)
    return {key: 1 / (FUSION + places[score]) for key, score in scores.items() if score > 0}


def _sort(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
