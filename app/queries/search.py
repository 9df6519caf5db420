"""Searching ideas: every word must match, by its stem, its beginning, or what was meant by a typing error."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal, select, text
from sqlmodel import col

from app.core import analysis, typos
from app.core.analysis import Query, Term
from app.core.db import ReadSession
from app.models.ideas import Idea
from app.models.search import SearchDocument, SearchKey, SearchTerm

_COMPLETIONS = 30
_CANDIDATES = 500
_MENDED = 4
"""Words of a query that are mended at most: each costs a statement."""

_AFTER_LETTERS = "\U0010ffff"
"""The last character there is: the end of the range of words with a common beginning."""


async def get_condition(session: ReadSession, q: str) -> ColumnElement[bool] | None:
    """Return the condition on ideas that a search stands for, None when nothing can match.

    Words are looked up in the vocabulary, the same on both engines: one statement for what is known, one for
    completions of the last word, one for each of at most four words that must be mended.
    """
    query = await _widen(session, analysis.query(q))
    if not query.terms:
        return None
    if session.get_bind().dialect.name == "postgresql":
        matching = select(col(SearchDocument.idea_id)).where(
            text("search_documents.document @@ CAST(:search AS tsquery)").bindparams(
                search=_write(query, "&", "|", "'{}'")
            )
        )
    else:
        rows: Select[Any] = (
            select(column("rowid"))
            .select_from(text("search_index"))
            .where(text("search_index MATCH :search").bindparams(search=_write(query, "AND", "OR", '"{}"')))
        )
        matching = select(col(SearchDocument.idea_id)).where(col(SearchDocument.number).in_(rows))
    return col(Idea.id).in_(matching)


async def _widen(session: ReadSession, query: Query) -> Query:
    """Let terms match completions, and terms unknown to the vocabulary what may have been meant by them."""
    stems = {stem for term in query.terms for choice in term.alternatives for stem in choice}
    known = set(
        await session.scalars(select(col(SearchTerm.stem)).where(col(SearchTerm.stem).in_(stems)).distinct())
    )
    terms = []
    mended = 0
    for term in query.terms:
        wider = term
        if term.prefix:
            wider = analysis.widen(term, await _list_completions(session, term.text))
        if (
            wider == term
            and mended < _MENDED
            and not any(known.issuperset(choice) for choice in term.alternatives)
        ):
            mended += 1
            wider = analysis.widen(term, await _list_corrections(session, term))
        terms.append(wider)
    return replace(query, terms=tuple(terms))


async def _list_completions(session: ReadSession, beginning: str) -> list[str]:
    rows = await session.scalars(
        select(col(SearchTerm.stem))
        .where(col(SearchTerm.word) >= beginning, col(SearchTerm.word) < beginning + _AFTER_LETTERS)
        .order_by(col(SearchTerm.ideas).desc(), col(SearchTerm.word))
        .limit(_COMPLETIONS)
    )
    return list(rows)


async def _list_corrections(session: ReadSession, term: Term) -> list[str]:
    probes = typos.probes(term.text)
    if not probes:
        return []
    rows = (
        await session.execute(
            select(col(SearchTerm.word), col(SearchTerm.stem), col(SearchTerm.ideas))
            .join(SearchKey, col(SearchKey.word) == col(SearchTerm.word))
            .where(col(SearchKey.key).in_(probes))
            .group_by(col(SearchTerm.word), col(SearchTerm.stem), col(SearchTerm.ideas))
            .order_by(func.count().desc(), col(SearchTerm.word))
            .limit(_CANDIDATES)
        )
    ).all()
    stems = {word: stem for word, stem, _ in rows}
    meant = typos.corrections(term.text, {word: ideas for word, _, ideas in rows})
    return [stems[word] for word in meant]


def _write(query: Query, conjunction: str, disjunction: str, quoted: str) -> str:
    """Write a query in the language of an engine; stems are plain letters and digits, quoted all the same."""
    terms = []
    for term in query.terms:
        choices = [
            f" {conjunction} ".join(quoted.format(stem) for stem in choice) for choice in term.alternatives
        ]
        terms.append("(" + f" {disjunction} ".join(f"({choice})" for choice in choices) + ")")
    return f" {conjunction} ".join(terms)


async def count_documents(session: ReadSession) -> int:
    """Return about how many ideas are in the index, without counting them."""
    return int(
        await session.scalar(select(func.coalesce(func.max(col(SearchDocument.number)), literal(0)))) or 0
    )
