"""Finding ideas that may say the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, column, func, literal_column, select, text
from sqlmodel import col

from app.core import analysis
from app.core.db import ReadSession
from app.domain import shortlists, similarity
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.similarity import Candidate, Features
from app.models.ideas import Idea, Tally
from app.models.search import SearchDocument, SearchTerm
from app.queries import details, search
from app.schemas.ideas import SimilarIdea, SimilarIdeas

SHOWN = 5
_COMPARED = 200
_NEWEST = 80
_READ = 4_000
"""Characters of the given text that are compared: what follows rarely changes what it is about."""


async def list_similar(session: ReadSession, _actor: Actor, given: str) -> SimilarIdeas:
    """Return the likeliest duplicates of a text among the submitted ideas, at most five.

    Candidates are fetched by the rarest stems of the text and by rare pairs of its common ones, so that their
    number does not grow with the number of ideas; a base that shares no word with the text offers its newest.
    """
    stems = analysis.stems(given[:_READ])
    frequencies = await _count_ideas(session, stems)
    documents = await search.count_documents(session)
    groups = shortlists.rarest(
        stems, {stem: max(1, count) for stem, count in frequencies.items()}, documents=documents
    )
    candidates = await _list_candidates(session, groups, frequencies, documents)
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


async def _list_candidates(
    session: ReadSession, groups: Sequence[tuple[str, ...]], frequencies: dict[str, int], documents: int
) -> list[Candidate]:
    found = [(str(number), group) for group in groups for number in await _list_numbers(session, group)]
    chosen = shortlists.pick(found, frequencies, documents=documents, limit=_COMPARED)
    statement = select(SearchDocument)
    if chosen:
        statement = statement.where(col(SearchDocument.number).in_([int(number) for number in chosen]))
    else:
        statement = statement.order_by(col(SearchDocument.number).desc()).limit(_NEWEST)
    return [
        Candidate(document.idea_id, Features(document.title.split(), document.body.split()))
        for document in await session.scalars(statement)
    ]


async def _list_numbers(session: ReadSession, group: tuple[str, ...]) -> Sequence[int]:
    statement: Select[Any]
    if session.get_bind().dialect.name == "postgresql":
        written = " & ".join(f"'{stem}'" for stem in group)
        matches = text("search_documents.document @@ CAST(:search AS tsquery)").bindparams(search=written)
        statement = select(column("number")).select_from(text("search_documents")).where(matches)
    else:
        written = " AND ".join(f'"{stem}"' for stem in group)
        matches = text("search_index MATCH :search").bindparams(search=written)
        statement = select(column("rowid")).select_from(text("search_index")).where(matches)
    return (await session.scalars(statement.limit(literal_column(str(shortlists.BUDGET), Integer())))).all()


async def _shape(session: ReadSession, scores: dict[str, float]) -> list[SimilarIdea]:
    rows = await session.execute(
        select(Idea, Tally)
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(col(Idea.id).in_(list(scores)))
    )
    found = {}
    for idea, tally in rows.all():
        declined = idea.stage == Stage.DECLINED
        shape = {
            "id": idea.id,
            "title": idea.title,
            "stage": idea.stage,
            "votes": tally.votes,
            "comments": tally.comments,
            "last_reason": await details.find_decline(session, idea.id) if declined else None,
            "score": round(scores[idea.id], 4),
        }
        found[idea.id] = SimilarIdea.model_validate(shape)
    return [found[idea_id] for idea_id in scores if idea_id in found]
