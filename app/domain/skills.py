"""Skills: the words by which people say what they can help with."""

from collections.abc import Iterable

MOST = 20
LONGEST = 40
"""Words of a person, and characters of one."""

MOST_HELPS = 3
"""Open requests for help that somebody takes at a time, unless they said otherwise."""


def fold(words: Iterable[str]) -> list[str]:
    """Return words as they are compared: small letters, single blanks, each once, in the order given.

    Raises: ValueError for a word that is longer than `LONGEST` in small letters.
    """
    folded = list(dict.fromkeys(" ".join(word.casefold().split()) for word in words))
    if any(len(word) > LONGEST for word in folded):
        message = f"must have words of at most {LONGEST} characters in small letters"
        raise ValueError(message)
    return folded
