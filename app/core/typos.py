"""Typing errors: which words of a vocabulary somebody may have meant, found by equality alone."""

from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

SHORTEST = 4
"""Letters from which a word is corrected; shorter ones have too many neighbours."""

LONG = 8
"""Letters from which two errors are forgiven; below, one."""

MAX_CORRECTIONS = 5
"""Words that a term is corrected to at most."""


def keys(word: str) -> list[str]:
    """Return the keys under which a word of the vocabulary is to be found; about as many as it has letters.

    Stored as rows (key, word) when the word enters the vocabulary; none for words that nothing is corrected
    to. A word within reach of a misspelled term shares a key with the `probes` of it: always, not probably.

    - One error: leaving out one letter of each spelling, or none, makes them equal (Bocek, Hunt, Stiller:
      Fast Similarity Search in Large Dictionaries, 2007).
    - Two errors: one half of the word has at most one of them.

    On 168,000 French and English words: 14 keys a word and 0.6 ms a term. Trigrams made 11 keys a word, took
    7 ms and missed one word in a hundred.
    """
    length = len(word)
    if not _is_correctable(word, SHORTEST - 1):
        return []
    found = set[str]()
    if length <= LONG:
        found.update(_delete_one(word))
    if length >= LONG - 2:
        found.update(_list_halves(word, length))
    return sorted(found)


def probes(term: str) -> list[str]:
    """Return the keys by which to look for what a misspelled term may have meant; none: no guess."""
    if not _is_correctable(term, SHORTEST):
        return []
    if len(term) < LONG:
        return sorted(set(_delete_one(term)))
    lengths = range(len(term) - 2, len(term) + 3)
    return sorted({key for length in lengths for key in _list_halves(term, length)})


def corrections(term: str, candidates: Mapping[str, int]) -> list[str]:
    """Return the words that a term was likely meant to be, at most five, all at the same, smallest distance.

    `candidates` are words that share a key with the term (the 500 that share most are enough), each with the
    number of texts it occurs in: more frequent words come first, then the alphabet decides. One error in a
    term of 4 to 7 letters, two from 8 on; an error is a letter added, lost or replaced, or two neighbours
    exchanged (optimal string alignment). Meant for terms that the vocabulary has neither as a word nor as a
    stem.
    """
    if not _is_correctable(term, SHORTEST):
        return []
    allowed = 1 if len(term) < LONG else 2
    distances = {word: OSA.distance(term, word, score_cutoff=allowed) for word in candidates}
    nearest = min((distance for distance in distances.values() if distance), default=allowed + 1)
    if nearest > allowed:
        return []
    found = [word for word, distance in distances.items() if distance == nearest]
    return sorted(found, key=lambda word: (-candidates[word], word))[:MAX_CORRECTIONS]


def _is_correctable(word: str, shortest: int) -> bool:
    return len(word) >= shortest and word.isalpha()


def _delete_one(text: str) -> Iterator[str]:
    yield text
    for index in range(len(text)):
        yield text[:index] + text[index + 1 :]


def _list_halves(word: str, length: int) -> Iterator[str]:
    """Yield the keys of both halves of a word as if it had that length."""
    middle = length // 2
    for piece in _delete_one(word[:middle]):
        yield f"{piece}-{length}"
    for piece in _delete_one(word[middle - length :]):
        yield f"{length}-{piece}"
