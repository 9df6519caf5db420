"""One stem for a word of which nobody knows whether it is French or English."""

import threading
import unicodedata

import Stemmer

_ROUNDS = 4
_SHORTEST = 4
_ACCENTED = (
    ("ees", "ées"),
    ("ee", "ée"),
    ("iqu", "ique"),
    ("eus", "euse"),
    ("trice", "teur"),
    ("tric", "teur"),
)
_ENDINGS = (("eux", "eu"), ("us", "u"), ("if", "iv"))

# A stemmer keeps a buffer and must not be called by two threads at once; its own cache is slower than ours.
_lock = threading.Lock()
_french = Stemmer.Stemmer("french", 0)
_english = Stemmer.Stemmer("english", 0)


def stem(word: str) -> str:
    """Return the stem of a lowercase word without accents, the same for its inflections in both languages.

    1. English Snowball takes off "-s", "-ing", "-ed".
    2. French Snowball follows, on the word with the endings given back that folding or step 1 took
       ("-ee" was "-ée"); then plurals that it leaves ("-eux", "-us") and "-if" beside "-ive".
    3. Both again until nothing changes, so that a word and its derivation end at the same place; a step
       that would leave fewer than 4 letters is not taken ("loisir" would end as "loi").

    Measured on 11,900 words of a French consultation and of English manuals, pairs of inflections that meet
    (nouns, adjectives, participles, English): 0.99, 0.99, 0.99, 0.92, with 960 pairs of strangers met.
    French Snowball alone: 0.95, 0.88, 0.36, 0.47; indexing both stems: 0.99, 0.89, 0.40, 0.93.
    """
    with _lock:
        found = _english.stemWord(word) or word
        for _ in range(_ROUNDS):
            before = found
            found = _keep_long(_stem_french(found), found)
            found = _keep_long(_english.stemWord(found), found)
            if found == before:
                break
    return found


def _stem_french(word: str) -> str:
    found = _french.stemWord(_replace_ending(word, _ACCENTED))
    return _replace_ending(_strip_accents(found), _ENDINGS)


def _replace_ending(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + other
    return word


def _strip_accents(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode("ascii")


def _keep_long(shorter: str, word: str) -> str:
    return shorter if len(shorter) >= _SHORTEST else word
