"""Similar ideas: which candidates say most nearly the same as a text, by two rankings fused into one."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TITLE_WEIGHT = 3
"""Times that a word of a title counts; a word of a body counts once."""

LEAD = 50
"""Words of a body whose grams are compared: the beginning says what it is about, and costs less than all."""

GRAM_SIZES = (3, 5)
"""Lengths of the character grams; those of 4 in between found nothing more and cost half as much again."""

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
    2. Place them by the character grams that they share with the text, the rarer among the candidates the
       weightier: finds what is misspelled, derived or joined in another way.
    3. Add 1 / (20 + place) of both, grams twice (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion
       outperforms Condorcet and individual Rank Learning Methods, SIGIR 2009). Equal candidates share a
       place.
    """
    by_words = _weigh_places(_score_words(query, candidates, frequencies, documents))
    by_grams = _weigh_places(_score_grams(query, candidates))
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
        counts = Counter(stem for stem in candidate.features.body if stem in weights)
        for stem in candidate.features.title:
            if stem in weights:
                counts[stem] += TITLE_WEIGHT
        norm = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / mean)
        scores[candidate.id] = math.fsum(
            weights[stem] * count / (count + norm) for stem, count in counts.items()
        )
    return scores


def _score_grams(query: Features, candidates: Sequence[Candidate]) -> dict[str, float]:
    wanted = _list_grams(query.title) | _list_grams(query.body[:LEAD])
    titles = [wanted & _list_grams(c.features.title) for c in candidates]
    bodies = [wanted & _list_grams(c.features.body[:LEAD]) for c in candidates]
    wholes = [title | body for title, body in zip(titles, bodies, strict=True)]
    occurrences = Counter(gram for whole in wholes for gram in whole)
    weights = {gram: get_rarity(count, len(candidates)) for gram, count in occurrences.items()}
    scores = {}
    for candidate, title, whole in zip(candidates, titles, wholes, strict=True):
        length = sum(map(len, candidate.features.title)) + sum(map(len, candidate.features.body[:LEAD]))
        shared = math.fsum(weights[gram] for grams in (title, whole) for gram in grams)
        scores[candidate.id] = shared / math.sqrt(length + 20)
    return scores


def _list_grams(stems: Sequence[str]) -> set[str]:
    text = f" {' '.join(stems)} " if stems else ""
    return {text[start : start + size] for size in GRAM_SIZES for start in range(len(text) - size + 1)}


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
