"""Cutting a text of any language into folded words, at a cost that grows with its length alone."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from app.core import stemming, stopwords

LENGTH = 40
"""Characters kept of a word; the longest usual one of French has 25."""

# What a text is cut into first. Bounded, because Unicode normalisation orders combining marks at a cost that
# is the square of their number in a row.
_RUN = re.compile(r"[^\s\x00-%(-,/:-@\[-`{-\x7f]{1,128}")
# What is remembered: 10 MB when full of usual words, 50 MB when somebody fills it on purpose. Of some other
# scripts each character becomes a word.
_REMEMBERED = re.compile("[!-\u024f\u2019]{1,32}")
# Characters kept of a piece after normalisation, twice its length: one sign of Arabic becomes 18 characters.
_UNFOLDED = 256
_CHAIN = re.compile(r"[^\s'&.-]+(?:['&.-][^\s'&.-]+)*")
_ACRONYM = re.compile(r"[a-z](?:[.&][a-z])+")
_SIGNS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4", "'")
    | dict.fromkeys("\u2010\u2011\u2212", "-")
    | dict.fromkeys("\u00ad\u200c\u200d\u2060\ufeff", "")
    | {"\u200b": " "}
)
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "\u0131": "i"}
)
# Numbers of parts with hyphens that may be one word as well.
_JOINED = (2, 3)
# Canonical combining classes of marks that are part of a letter: vowel signs, nukta, kana voicing, virama.
_KEPT_MARKS = frozenset({0, 7, 8, 9})
# Scripts written without spaces, and Hangul, whose words carry their particles.
_UNSPACED = re.compile(
    "([\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]+)"
)


class Word(NamedTuple):
    """A word without capitals and accents (up to 40 characters), and its stem (`[a-z0-9]{1,40}`).

    Of a word in another script than ours the text keeps the script and the stem is a hash of it.
    """

    text: str
    stem: str


class Compound(NamedTuple):
    """What was written in one, as "open-data": as one word if that makes sense, its parts, and all these."""

    joined: Word | None
    parts: tuple[Word, ...]
    words: tuple[Word, ...]


def list_runs(text: str) -> list[str]:
    """Cut a text at white space and signs into pieces of up to 128 characters, for `cut`."""
    return _RUN.findall(text)


def cut(run: str) -> tuple[Compound, ...]:
    """Cut a piece of a text into its words, without those that are too common.

    1. Unify apostrophes and hyphens, drop what is invisible, normalise (NFKC), blank all other signs.
    2. Acronyms with signs become one word: "S.N.C.F.", "R&D".
    3. Parts between hyphens and apostrophes are words of their own; what an apostrophe has cut off is not.
    4. Two or three parts with a hyphen are one word as well: "e-mail" and "email", "co-voiturage" and
       "covoiturage" must meet.
    5. Scripts without spaces become pairs of characters.
    """
    return _recall(run) if _REMEMBERED.fullmatch(run) else _cut(run)


def fold(text: str) -> str:
    """Return a text without capitals, accents and ligatures, its digits those of ASCII.

    For words, not for texts: the cost is the square of the number of combining marks in a row.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if unicodedata.combining(c) in _KEPT_MARKS)
    text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _cut(run: str) -> tuple[Compound, ...]:
    if not run.isascii():
        run = unicodedata.normalize("NFKC", run.translate(_SIGNS))[:_UNFOLDED]
        run = "".join(c if c in "'&.-" or _is_in_word(c) else " " for c in run)
    found = (_read(piece) for chain in _CHAIN.findall(run) for piece in _split_chain(chain))
    return tuple(compound for compound in found if compound.words)


_recall = lru_cache(maxsize=2**14)(_cut)


def _is_in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _split_chain(chain: str) -> Iterator[str]:
    pieces = chain.replace("&", ".").split(".")
    if len(pieces) > 1 and _ACRONYM.fullmatch(fold(chain)):
        yield "".join(pieces)
    else:
        yield from pieces


def _read(piece: str) -> Compound:
    parts = [list(_list_plain(part)) for part in piece.split("-")]
    words = [word for part in parts for word in part]
    whole = "".join(word.text for word in words)
    if len(parts) in _JOINED and all(len(part) == 1 for part in parts) and _may_join(whole):
        joined, apart = _recognise(whole), tuple(word for word in words if len(word.text) > 1)
        return Compound(joined, apart, (*apart, joined))
    return Compound(None, tuple(words), tuple(words))


def _may_join(whole: str) -> bool:
    return len(whole) <= LENGTH and not whole.isdecimal() and not _UNSPACED.search(whole)


def _list_plain(part: str) -> Iterator[Word]:
    pieces = part.split("'")
    if len(pieces) > 1 and pieces[-1].lower() == "t" and pieces[-2].lower() in stopwords.NEGATED:
        pieces = pieces[:-2]
    elif len(pieces) > 1 and pieces[-1].lower() in stopwords.CLITICS:
        pieces = pieces[:-1]
    for piece in pieces:
        if piece in stopwords.ACRONYMS or piece.casefold() not in stopwords.WORDS:
            yield from _list_scripts(fold(piece))


def _list_scripts(folded: str) -> Iterator[Word]:
    if folded.isascii():
        if folded:
            yield _recognise(folded)
        return
    for index, piece in enumerate(_UNSPACED.split(folded)):
        if index % 2 and len(piece) > 1:
            yield from (_recognise(a + b) for a, b in pairwise(piece))
        elif piece:
            yield _recognise(piece)


def _recognise(folded: str) -> Word:
    text = folded[:LENGTH]
    if not text.isascii():
        return Word(text, "x" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest())
    return Word(text, stemming.stem(text) if text.isalpha() else text)
