"""Text analysis for search and similar ideas, in French and English at once, the same for both engines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from app.core import words as cutting
from app.core.words import Word

MAX_LENGTH = 2000
"""Characters read of a query."""

MAX_TERMS = 24
"""Different terms kept of a query; what follows them is not searched."""

MIN_PREFIX = 2
"""Letters from which the last word of a query may be the beginning of another one."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a matching text must have: all the stems of at least one of the alternatives.

    `text` is the word as the vocabulary spells it. `prefix` tells that somebody may still be typing it.
    """

    text: str
    alternatives: tuple[tuple[str, ...], ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Terms in the order in which they were typed; all must match, and without terms nothing matches."""

    terms: tuple[Term, ...]


def words(text: str) -> list[Word]:
    """Return the words of a text in their order, for the index and its vocabulary.

    Common words are left out, numbers kept. A word with hyphens comes in parts and, after them, as one
    ("e-mail": "mail", "email"). Linear in the length of the text, whatever is in it.
    """
    return [word for run in cutting.list_runs(text) for piece in cutting.cut(run) for word in piece.words]


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text in their order, each `[a-z0-9]{1,40}`, safe in any query."""
    return [word.stem for word in words(text)]


def query(text: str) -> Query:
    """Read what somebody typed into a search field.

    Nothing in it is an operator. A word that was typed twice counts once.
    """
    text = text[:MAX_LENGTH]
    terms: dict[tuple[tuple[str, ...], ...], Term] = {}
    last: Term | None = None
    for run in cutting.list_runs(text):
        last = None
        for term in _list_terms(run):
            last = terms.setdefault(term.alternatives, term)
    found = list(terms.values())[:MAX_TERMS]
    if last and last is found[-1] and text[-1].isalnum() and len(last.text) >= MIN_PREFIX:
        found[-1] = replace(last, prefix=True)
    return Query(tuple(found))


def widen(term: Term, others: Iterable[str]) -> Term:
    """Return a term that other stems match too: those of completions or corrections from the vocabulary."""
    more = tuple((stem,) for stem in others)
    return replace(term, alternatives=tuple(dict.fromkeys(term.alternatives + more)))


def _list_terms(run: str) -> Iterator[Term]:
    for joined, parts, _ in cutting.cut(run):
        if joined:
            apart = tuple(part.stem for part in parts)
            yield Term(joined.text, ((joined.stem,), apart) if len(apart) > 1 else ((joined.stem,),))
        else:
            yield from (Term(part.text, ((part.stem,),)) for part in parts)
