"""Finding ideas that may say the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, column, func, select, text
from sqlmodel import col

from app.core import analysis
from app.core.db import ReadSession
from app.domain import similarity
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.similarity import Candidate, Features
from app.models.ideas import Idea, Tally
from app.models.search import SearchDocument, SearchTerm
from app.queries import details, search
from app.schemas.ideas import SimilarIdea, SimilarIdeas

SHOWN = 5
_RAREST = 8
_PER_STEM = 80
_READ = 4_000
"""Characters of the given text that are compared: what follows rarely changes what it is about."""


async def list_similar(session: ReadSession, _actor: Actor, given: str) -> SimilarIdeas:
    """Return the likeliest duplicates of a text among the submitted ideas, at most five.

    Candidates are the newest ideas with one of the text's rarest stems, so that their number does not grow
    with the number of ideas; a base that shares no word with the text offers its newest ideas instead.
    """
    stems = analysis.stems(given[:_READ])
    frequencies = await _count_ideas(session, stems)
    documents = await search.count_documents(session)
    rarest = sorted(frequencies, key=lambda stem: (frequencies[stem], stem))[:_RAREST]
    candidates = await _list_candidates(session, rarest)
    # A first line is what a title would be.
    title = analysis.stems(given[:_READ].split("\n", 1)[0][:250])
    scored = similarity.rank(
        Features(title, stems), candidates, frequencies=frequencies, documents=documents
    )[:SHOWN]
    return SimilarIdeas(items=await _shape(session, {found.id: found.score for found in scored}))


async def _count_ideas(session: ReadSession, stems: Sequence[str]) -> dict[str, int]:
    rows = await session.execute(
        select(col(SearchTerm.stem), func.sum(col(SearchTerm.ideas)))
        .where(col(SearchTerm.stem).in_(sorted(set(stems))))
        .group_by(col(SearchTerm.stem))
    )
    return {stem: int(ideas) for stem, ideas in rows}


async def _list_candidates(session: ReadSession, stems: Sequence[str]) -> list[Candidate]:
    numbers: set[int] = set()
    for stem in stems:
        numbers.update(await _list_numbers(session, stem))
    statement = select(SearchDocument)
    if numbers:
        statement = statement.where(col(SearchDocument.number).in_(sorted(numbers)))
    else:
        statement = statement.order_by(col(SearchDocument.number).desc()).limit(_PER_STEM)
    return [
        Candidate(document.idea_id, Features(document.title.split(), document.body.split()))
        for document in await session.scalars(statement)
    ]


async def _list_numbers(session: ReadSession, stem: str) -> Sequence[int]:
    statement: Select[Any]
    if session.get_bind().dialect.name == "postgresql":
        statement = (
            select(column("number"))
            .select_from(text("search_documents"))
            .where(
                text("search_documents.document @@ CAST(:search AS tsquery)").bindparams(search=f"'{stem}'")
            )
            .order_by(column("number").desc())
        )
    else:
        statement = (
            select(column("rowid"))
            .select_from(text("search_index"))
            .where(text("search_index MATCH :search").bindparams(search=f'"{stem}"'))
            .order_by(column("rowid").desc())
        )
    return (await session.scalars(statement.limit(_PER_STEM))).all()


async def _shape(session: ReadSession, scores: dict[str, float]) -> list[SimilarIdea]:
    rows = await session.execute(
        select(Idea, Tally)
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(col(Idea.id).in_(list(scores)))
    )
    found = {
        idea.id: SimilarIdea.model_construct(
            id=idea.id,
            title=idea.title,
            stage=idea.stage,
            votes=tally.votes,
            comments=tally.comments,
            last_reason=await details.find_decline(session, idea.id)
            if idea.stage == Stage.DECLINED
            else None,
            score=round(scores[idea.id], 4),
        )
        for idea, tally in rows.all()
    }
    return [found[idea_id] for idea_id in scores if idea_id in found]
