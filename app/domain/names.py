"""Names of people, entities and functions: what may stand in one, and when two are the same."""

import re
import unicodedata
from enum import StrEnum

MAX_NAME = 200
"""Characters of a name, a function, an external id, one part of an entity's path."""

MAX_FOLDED = 400
"""Characters kept of a name as it is looked for: compatibility forms may unfold to many."""

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_STACKED = 4
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\ufe0e\ufe0f\uffa0\ufffd")
_DECEPTIVE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})


class Flaw(StrEnum):
    """What is wrong with a name."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    HIDDEN = "hidden-characters"
    STACKED = "stacked-marks"
    MIXED = "mixed-scripts"


FLAWS = {
    Flaw.EMPTY: "is empty: it needs at least one letter or digit",
    Flaw.TOO_LONG: "is too long",
    Flaw.HIDDEN: "has characters that can't be seen or that turn the direction of writing",
    Flaw.STACKED: "has more marks on one letter than any language writes",
    Flaw.MIXED: "has a word written with letters of several alphabets that look alike",
}
"""What to tell a person; the name of the column stands before it."""


def tidy(text: str) -> str:
    """Return a name as it is stored: composed characters (NFC), single blanks, none around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return what two spellings of the same name have in common: NFKC without case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_words(text: str) -> str:
    """Return the words of a name as people look for them: letters and digits without case or accents.

    A blank stands before each word, so that ` mar` in it is the beginning of one; cut at `MAX_FOLDED`.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return "".join(f" {word}" for word in _WORD.findall(bare))[:MAX_FOLDED]


def fold_email(text: str) -> str:
    """Return an e-mail address as it is stored and compared: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def find_flaw(text: str, *, longest: int = MAX_NAME) -> Flaw | None:
    """Return what could deceive the reader of a name, or keep it from being stored; None if nothing does.

    Looks for control, format, private and unassigned characters (which include those that turn the
    direction of writing), for floods of combining marks, and for words that mix Latin, Cyrillic and Greek.
    """
    text = text.strip()
    if not any(character.isalnum() for character in text):
        return Flaw.EMPTY if not text or text.isprintable() else Flaw.HIDDEN
    if len(text) > longest:
        return Flaw.TOO_LONG
    if text.isascii() and text.isprintable():
        return None
    if any(character in _UNSEEN or unicodedata.category(character) in _DECEPTIVE for character in text):
        return Flaw.HIDDEN
    if _has_stacked_marks(text):
        return Flaw.STACKED
    return Flaw.MIXED if any(_mixes_scripts(word) for word in text.split()) else None


def _has_stacked_marks(text: str) -> bool:
    run = 0
    for character in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run > _STACKED:
            return True
    return False


def _mixes_scripts(word: str) -> bool:
    scripts = {unicodedata.name(character, "").partition(" ")[0] for character in word if character.isalpha()}
    return len(scripts & _ALIKE) > 1
