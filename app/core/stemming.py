"""One stem for a word of which nobody knows whether it is French or English."""

import threading
import unicodedata

import Stemmer

_ROUNDS = 4
_SHORTEST = 4

# What folding or the English stemmer took from an ending that the French one looks for.
_RESTORED = (
    ("ees", "ées"),
    ("ee", "ée"),
    ("iqu", "ique"),
    ("eus", "euse"),
    ("trice", "teur"),
    ("tric", "teur"),
)
# What the French stemmer leaves different, or would make too short: plurals, feminines.
_LEVELLED = (("ees", "e"), ("ee", "e"), ("es", "e"), ("os", "o"), ("eux", "eu"), ("us", "u"), ("if", "iv"))

# A stemmer keeps a buffer: no two threads at once. No cache of its own (0): the caller remembers words.
_lock = threading.Lock()
_french = Stemmer.Stemmer("french", 0)
_english = Stemmer.Stemmer("english", 0)


def stem(word: str) -> str:
    """Return the stem of a lowercase word without accents, the same for its inflections in both languages.

    1. English Snowball takes off "-s", "-ing", "-ed".
    2. French Snowball follows, then English again, until nothing changes: a word and its inflections end at
       one place, whatever the first step made of them.
    3. A stem of fewer than 4 letters is not taken unless it only lacks the final "-e": "loisir" (leisure)
       would end as "loi" (law). Plain plurals and feminines are taken off all the same.

    Tried on 8,000 pairs of inflections among 11,900 words of a French consultation and English manuals. Share
    of pairs that meet, French nouns, adjectives, participles, English: 1.00, 0.99, 1.00, 0.92. French
    Snowball alone 0.95, 0.88, 0.36, 0.47; both stems side by side 0.99, 0.89, 0.40, 0.93, with a third more
    to store.
    """
    with _lock:
        found: str = _english.stemWord(word)
        for _ in range(_ROUNDS):
            before = found
            found = _stem_french(found)
            found = _keep_long(_english.stemWord(found), found)
            if found == before:
                break
    return found


def _stem_french(word: str) -> str:
    found: str = _french.stemWord(_replace_ending(word, _RESTORED))
    if not found.isascii():
        found = unicodedata.normalize("NFD", found).encode("ascii", "ignore").decode("ascii")
    return _replace_ending(_keep_long(found, word), _LEVELLED)


def _keep_long(shorter: str, word: str) -> str:
    return shorter if len(shorter) >= _SHORTEST or shorter + "e" == word else word


def _replace_ending(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + other
    return word
