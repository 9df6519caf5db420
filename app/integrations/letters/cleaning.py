"""Facts made fit for a letter: no characters that command a screen, no text longer than one reads."""

import re
from collections.abc import Mapping

from app.integrations.letters.shapes import Fact

QUOTED = ("text", "question")
"""Facts that are shown apart, in the lines in which they were written."""

MAX_QUOTE, MAX_NAME = 800, 140
"""Characters of a quoted text, and of any other; the rest stands on the page that the letter leads to."""

# Control characters, marks that turn the direction of writing around, line separators, halves of characters.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\xa0]+")
_LINE_BLANKS = re.compile(r"[ \t\r\n]+")
_GAPS = re.compile(r" ?\n(?:[ \n]*\n)?")


def clean(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the facts that say something, with texts as they may be shown; empty ones are left out."""
    cleaned: dict[str, Fact] = {}
    for name, fact in facts.items():
        if not isinstance(fact, str):
            cleaned[name] = fact
        elif text := clean_quote(fact) if name in QUOTED else clean_line(fact):
            cleaned[name] = text
    return cleaned


def clean_line(text: str, longest: int = MAX_NAME) -> str:
    """Return a text on one line; spaces that don't break stay what they are."""
    return _cut(_LINE_BLANKS.sub(" ", _UNFIT.sub(" ", text)).strip(), longest)


def clean_quote(text: str) -> str:
    """Return a text with its lines, and no more than one empty line between them."""
    plain = _UNFIT.sub(" ", text.replace("\r\n", "\n"))
    lines = _GAPS.sub(lambda gap: "\n\n" if gap.group().count("\n") > 1 else "\n", _BLANKS.sub(" ", plain))
    return _cut(lines.strip(), MAX_QUOTE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
