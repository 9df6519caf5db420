"""Searching ideas: every word must match, by its stem, its beginning, or what was meant by a typing error."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import String, TextClause, bindparam, func, literal, null, select, text, union_all
from sqlmodel import col

from app.core import analysis, fulltext, typos
from app.core.analysis import Query, Term
from app.core.db import ReadSession
from app.models.search import SearchDocument, SearchKey, SearchTerm

_COMPLETIONS = 30
_CANDIDATES = 500
_MENDED = 4
"""Words of a query that are mended at most: each costs a statement."""

_AFTER_LETTERS = "\U0010ffff"
"""The last character there is: the end of the range of words with a common beginning."""

_PAGE = 21
_TRY = {"postgresql": 1, "sqlite": 10}
"""What it costs to try whether one idea matches, in units of what a match costs that the index gives."""

_COUNTS: Any = union_all(
    select(col(SearchTerm.stem), func.sum(col(SearchTerm.ideas)))
    .where(col(SearchTerm.stem).in_(bindparam("stems", expanding=True)))
    .group_by(col(SearchTerm.stem)),
    select(null(), func.coalesce(func.max(col(SearchDocument.number)), literal(0))),
)
_COMPLETE = (
    select(col(SearchTerm.stem), col(SearchTerm.ideas))
    .where(col(SearchTerm.word) >= bindparam("beginning"), col(SearchTerm.word) < bindparam("end"))
    .order_by(col(SearchTerm.ideas).desc(), col(SearchTerm.word))
    .limit(_COMPLETIONS)
)
_NEAR = (
    select(col(SearchKey.word), func.count().label("shared"))
    .where(col(SearchKey.key).in_(bindparam("probes", expanding=True)))
    .group_by(col(SearchKey.word))
    .order_by(func.count().desc(), col(SearchKey.word))
    .limit(_CANDIDATES)
    .subquery("near")
)
_MEND = select(col(SearchTerm.word), col(SearchTerm.stem), col(SearchTerm.ideas)).join(
    _NEAR, _NEAR.c.word == col(SearchTerm.word)
)
"""The few that share most keys are chosen first: thousands may share one, and each would be looked up."""

_INDEXED = {
    "postgresql": """{0} = ANY (ARRAY(SELECT found.idea_id FROM search_documents AS found
        WHERE found.document @@ CAST(:search AS tsquery)))""",
    "sqlite": """{0} IN (SELECT found.idea_id FROM search_documents AS found
        WHERE found.number IN (SELECT rowid FROM search_index WHERE search_index MATCH :search))""",
}
# A subquery that gives a value stays where it is: the engine tries idea after idea in the order of the page.
_TRIED = {
    "postgresql": """(SELECT tried.document @@ CAST(:search AS tsquery) FROM search_documents AS tried
        WHERE tried.idea_id = {0})""",
    "sqlite": """EXISTS (SELECT 1 FROM search_documents AS tried CROSS JOIN search_index
        WHERE tried.idea_id = {0} AND search_index.rowid = tried.number AND search_index MATCH :search)""",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """The ideas that a search stands for, in the language of an engine.

    `wide` tells that so many are expected that a page is found sooner by trying one idea after the other in the
    order of the page than by taking all matches from the index and sorting them.
    """

    question: str
    wide: bool


def match(identifier: str, engine: str, *, wide: bool) -> TextClause:
    """Return the condition that the ideas of a column, `table.column`, match a question bound as `search`."""
    written = (_TRIED if wide else _INDEXED)[engine].format(identifier)
    return text(written).bindparams(bindparam("search", type_=String()))


async def find_matching(session: ReadSession, q: str) -> Matching | None:
    """Return the ideas that a search stands for, None when nothing can match.

    Words are looked up in the vocabulary, the same on both engines: one statement for what is known, one for
    completions of the last word, one for each of at most four words that must be mended.
    """
    query = analysis.query(q)
    if not query.terms:
        return None
    stems = {stem for term in query.terms for choice in term.alternatives for stem in choice}
    counts, documents = await count_stems(session, stems)
    query = await _widen(session, query, counts)
    engine = session.get_bind().dialect.name
    clauses = [term.alternatives for term in query.terms]
    question = fulltext.tsquery(clauses) if engine == "postgresql" else fulltext.fts5(clauses)
    return Matching(question, wide=_is_wide(query, counts, documents, _TRY[engine]))


async def count_stems(session: ReadSession, stems: Iterable[str]) -> tuple[dict[str, int], int]:
    """Return in how many ideas each stem that the vocabulary knows occurs, and about how many ideas there are."""
    rows = dict((await session.execute(_COUNTS, {"stems": sorted(stems)})).all())
    documents = int(rows.pop(None, 0))
    return {stem: int(ideas) for stem, ideas in rows.items()}, documents


def _is_wide(query: Query, counts: Mapping[str, int], documents: int, trying: int) -> bool:
    """Tell whether trying is expected to be cheaper; words are taken to be independent of each other.

    Of n ideas m match: sorting the matches costs m, filling a page by trying costs page * n / m tries.
    """
    if not documents:
        return False
    shares = (
        min(
            1.0,
            sum(
                math.prod(counts.get(stem, 0) / documents for stem in choice) for choice in term.alternatives
            ),
        )
        for term in query.terms
    )
    expected = documents * math.prod(shares)
    return expected * expected > _PAGE * documents * trying


async def _widen(session: ReadSession, query: Query, counts: dict[str, int]) -> Query:
    """Let terms match completions, and terms unknown to the vocabulary what may have been meant by them.

    What is learnt of other stems is added to `counts`.
    """
    known = set(counts)
    terms = []
    mended = 0
    for term in query.terms:
        wider = term
        others: dict[str, int] = {}
        if term.prefix:
            others = await _list_completions(session, term.text)
            wider = analysis.widen(term, others)
        if (
            wider == term
            and mended < _MENDED
            and not any(known.issuperset(choice) for choice in term.alternatives)
        ):
            mended += 1
            others = await _list_corrections(session, term)
            wider = analysis.widen(term, others)
        counts.update({stem: max(counts.get(stem, 0), ideas) for stem, ideas in others.items()})
        terms.append(wider)
    return replace(query, terms=tuple(terms))


async def _list_completions(session: ReadSession, beginning: str) -> dict[str, int]:
    """Return the stems of the commonest words with a beginning, with the ideas they occur in."""
    rows = await session.execute(_COMPLETE, {"beginning": beginning, "end": beginning + _AFTER_LETTERS})
    found: dict[str, int] = {}
    for stem, ideas in rows:
        found[stem] = found.get(stem, 0) + ideas
    return found


async def _list_corrections(session: ReadSession, term: Term) -> dict[str, int]:
    """Return the stems of what may have been meant by a term, with the ideas they occur in."""
    probes = typos.probes(term.text)
    if not probes:
        return {}
    rows = (await session.execute(_MEND, {"probes": probes})).all()
    stems = {word: stem for word, stem, _ in rows}
    ideas = {word: count for word, _, count in rows}
    return {stems[word]: ideas[word] for word in typos.corrections(term.text, ideas)}
