"""Rules on the passwords that people choose: long, not predictable, and otherwise free."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from app.domain.errors import Invalid

MIN_LENGTH = 15
"""Code points, as NIST SP 800-63B-4 (3.1.1.2) asks of a password that is the only factor."""

MAX_LENGTH = 1000
"""Code points; a longer text is refused before any work is spent on it."""

MIN_WORTH = 8
"""What a password must be worth once its predictable pieces are counted (see `_worth`)."""

PRODUCT = "ideabox"

_SHORTEST_PIECE = 3
_SHORTEST_WORD = 4
_LONGEST_WORD = 32
_WORD_WORTH = 3
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NOT_A_WORD = re.compile(r"[\W\d_]+")
_DISGUISES = str.maketrans("0134578@$!|+i", "oleastbaslltl")
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "aqwzsxedcrfvtgbyhnujikolpm",
)
_PATHS = "\0".join(_ROWS + tuple(row[::-1] for row in _ROWS))


class PasswordTooWeak(Invalid):
    """The password would be too easy to guess."""

    code = "passwords.too-weak"


class PasswordUnusable(Invalid):
    """The password can't be used: it is too long, or holds characters that are no text."""

    code = "passwords.unusable"


def check_password(
    password: str, *, common: frozenset[str], context_words: Iterable[str] = (), pointer: str = "/password"
) -> None:
    """Check a password that a person chooses, as NIST SP 800-63B-4 (3.1.1.2) asks.

    Counted in code points of normal form C, the form in which it is hashed. There is no rule on kinds of
    characters. A password is refused for being predictable only as a whole: common passwords, the words in
    `context_words` (the person's names and e-mail address, the company's name), the product's name,
    sequences, keyboard rows, years and repetitions don't count for much; whatever else is in it does.

    `common` holds common passwords as `folded` gives them; `pointer` names the field in a refusal.

    Raises: PasswordUnusable, PasswordTooWeak.
    """
    if len(password) > MAX_LENGTH:
        raise PasswordUnusable.at(pointer, f"A password has at most {MAX_LENGTH:,} characters.")
    if "\0" in password or any("\ud800" <= character <= "\udfff" for character in password):
        raise PasswordUnusable.at(pointer, "A password can't hold NUL or half a surrogate pair.")
    length = len(unicodedata.normalize("NFC", password))
    if length > MAX_LENGTH:
        raise PasswordUnusable.at(pointer, f"A password has at most {MAX_LENGTH:,} characters.")
    if length < MIN_LENGTH:
        raise PasswordTooWeak.at(
            pointer, f"A password has at least {MIN_LENGTH} characters: take a few words."
        )
    if _worth(folded(password), common, _words((PRODUCT, *context_words))) < MIN_WORTH:
        raise PasswordTooWeak.at(
            pointer,
            "This password is easy to guess: little is left of it without common passwords, names of people, "
            "company or product, sequences, years and repetitions. Add words that nobody expects.",
        )


def folded(text: str) -> str:
    """Return a text without case, accents and compatibility forms, as predictable pieces are compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))


def _words(texts: Iterable[str]) -> frozenset[str]:
    parts = (part for text in texts for part in _NOT_A_WORD.split(folded(text)))
    return frozenset(part.translate(_DISGUISES) for part in parts if len(part) >= _SHORTEST_PIECE)


@lru_cache(maxsize=1)
def _undisguised(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word.translate(_DISGUISES) for word in words)


def _worth(text: str, common: frozenset[str], context: frozenset[str]) -> int:
    """Count what a password is worth, up to `MIN_WORTH`.

    From left to right, the longest predictable piece is taken off: a common password is worth 3, any other
    piece 1, a character of no piece 1, a space nothing. So four words, or fifteen random characters, are
    worth more than enough, and a common password with a year and a row of digits is not.
    """
    bare = text.translate(_DISGUISES)
    bare_common = _undisguised(common)
    total = position = 0
    while position < len(text) and total < MIN_WORTH:
        plain = max(
            _steady_run(text, position),
            _keyboard_run(text, position),
            _repetition(text, position),
            _known_word(bare, position, context),
            len(year[0]) if (year := _YEAR.match(text, position)) else 0,
        )
        word = _known_word(bare, position, bare_common)
        if word > plain:
            total += _WORD_WORTH
            position += word
        else:
            total += text[position] != " "
            position += max(plain, 1)
    return total


def _steady_run(text: str, start: int) -> int:
    """Return the length of `aaa`, `abc` or `321` at a place, 0 when there is none."""
    if start + 1 >= len(text):
        return 0
    step = ord(text[start + 1]) - ord(text[start])
    if abs(step) > 1:
        return 0
    end = start + 1
    while end < len(text) and ord(text[end]) - ord(text[end - 1]) == step:
        end += 1
    return end - start if end - start >= _SHORTEST_PIECE else 0


def _keyboard_run(text: str, start: int) -> int:
    length = _SHORTEST_WORD
    while start + length <= len(text) and text[start : start + length] in _PATHS:
        length += 1
    return length - 1 if length > _SHORTEST_WORD else 0


def _repetition(text: str, start: int) -> int:
    """Return the length of the longest piece at a place that stands further left already, 0 below 3."""
    low, high = 0, len(text) - start
    while low < high:
        middle = (low + high + 1) // 2
        if text.find(text[start : start + middle], 0, start + middle - 1) >= 0:
            low = middle
        else:
            high = middle - 1
    return low if low >= _SHORTEST_PIECE else 0


def _known_word(bare: str, start: int, words: frozenset[str]) -> int:
    for length in range(min(_LONGEST_WORD, len(bare) - start), _SHORTEST_PIECE - 1, -1):
        if bare[start : start + length] in words:
            return length
    return 0
