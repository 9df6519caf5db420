"""Routing rules: what a row of the rule table may say."""

import re
import unicodedata
from collections.abc import Sequence

from app.domain.errors import Conflict, Invalid, NotFound

_WORD = re.compile(r"[^\W_]\w*")


class NoSuchRule(NotFound):
    """There is no such routing rule."""

    code = "routing-rules.not-found"


class PositionTaken(Conflict):
    """Another rule stands at this position."""

    code = "routing-rules.position-taken"


class ConditionMissing(Invalid):
    """A rule needs a theme, an entity or words: without any it would take every idea."""

    code = "routing-rules.no-condition"


class NotAWord(Invalid):
    """A rule looks for single words: letters and digits without blanks or hyphens."""

    code = "routing-rules.not-a-word"


def check_conditions(*, theme: str | None, entity: str | None, words: Sequence[str]) -> None:
    """Let pass a rule that does not match everything; what matches nothing else goes to the fallback.

    Raises: ConditionMissing.
    """
    if theme is None and entity is None and not words:
        raise ConditionMissing


def join_words(words: Sequence[str]) -> str:
    """Return the words as a rule keeps them: without case, each once, separated by spaces.

    Raises: NotAWord, naming the place.
    """
    folded = [unicodedata.normalize("NFC", word).casefold() for word in words]
    for place, word in enumerate(folded):
        if not _WORD.fullmatch(word):
            raise NotAWord.at(f"/words/{place}")
    return " ".join(dict.fromkeys(folded))
