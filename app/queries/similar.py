"""Finding ideas that may say the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    String,
    bindparam,
    column,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.core import analysis, fulltext
from app.core.db import ReadSession
from app.domain import shortlists, similarity
from app.domain.actors import Actor
from app.domain.pipeline import Act, Stage
from app.domain.similarity import Candidate, Features
from app.domain.votings import Counting
from app.models.ideas import Idea, Tally
from app.models.itinerary import ItineraryEntry
from app.models.search import SearchDocument
from app.queries import search
from app.schemas.ideas import Decline, SimilarIdea, SimilarIdeas

SHOWN = 5
_COMPARED = 200
_NEWEST = 80
_READ = 4_000
"""Characters of the given text that are compared: what follows rarely changes what it is about."""

# A round trip for each group would cost more than the groups themselves.
_MATCHES = """SELECT number FROM search_documents WHERE document @@ CAST(asked.question AS tsquery) LIMIT"""
_FETCH_ALL = text(
    f"""SELECT asked.place, CASE WHEN asked.paired THEN ARRAY({_MATCHES} {shortlists.MOST_OF_PAIR})
    ELSE ARRAY({_MATCHES} {shortlists.BUDGET}) END AS numbers
    FROM unnest(CAST(:questions AS text[]), CAST(:paired AS boolean[]))
    WITH ORDINALITY AS asked(question, paired, place)"""  # noqa: S608  two numbers of ours
).bindparams(bindparam("questions", type_=ARRAY(String)), bindparam("paired", type_=ARRAY(Boolean)))
_FETCH: dict[bool, Select[Any]] = {
    paired: select(column("rowid"))
    .select_from(text("search_index"))
    .where(text("search_index MATCH :question"))
    .limit(literal_column(str(most), Integer()))
    for paired, most in ((True, shortlists.MOST_OF_PAIR), (False, shortlists.BUDGET))
}
_READ_SOME = select(col(SearchDocument.idea_id), col(SearchDocument.title), col(SearchDocument.body)).where(
    col(SearchDocument.number).in_(bindparam("numbers", expanding=True))
)
_READ_NEWEST = (
    select(col(SearchDocument.idea_id), col(SearchDocument.title), col(SearchDocument.body))
    .order_by(col(SearchDocument.number).desc())
    .limit(literal_column(str(_NEWEST), Integer()))
)
_SHOW = (
    select(
        col(Idea.id),
        col(Idea.title),
        col(Idea.stage),
        col(Tally.votes),
        col(Tally.counting),
        col(Tally.comments),
    )
    .join(Tally, col(Tally.idea_id) == col(Idea.id))
    .where(col(Idea.id).in_(bindparam("ideas", expanding=True)), col(Idea.stage) != Stage.DRAFT.value)
)
_DECLINES = (
    select(
        col(ItineraryEntry.idea_id),
        col(ItineraryEntry.reason_code),
        col(ItineraryEntry.text),
        col(ItineraryEntry.at),
        col(ItineraryEntry.from_stage),
    )
    .where(
        col(ItineraryEntry.idea_id).in_(bindparam("ideas", expanding=True)),
        col(ItineraryEntry.act) == Act.DECLINE,
    )
    .order_by(col(ItineraryEntry.idea_id), col(ItineraryEntry.position))
)


async def list_similar(session: ReadSession, _actor: Actor, given: str) -> SimilarIdeas:
    """Return the likeliest duplicates of a text among the submitted ideas, at most five.

    Candidates are fetched by the rarest stems of the text and by rare pairs of its common ones, so that their
    number does not grow with the number of ideas; a base that shares no word with the text offers its newest.
    """
    stems = analysis.stems(given[:_READ])
    frequencies, documents = await search.count_stems(session, set(stems))
    groups = shortlists.rarest(
        stems, {stem: max(1, count) for stem, count in frequencies.items()}, documents=documents
    )
    found = await _list_found(session, groups)
    chosen = shortlists.pick(found, frequencies, documents=documents, limit=_COMPARED)
    candidates = await _read_candidates(session, [int(number) for number in chosen])
    # A first line is what a title would be.
    title = analysis.stems(given[:_READ].split("\n", 1)[0][:250])
    scored = similarity.rank(
        Features(title, stems), candidates, frequencies=frequencies, documents=documents
    )[:SHOWN]
    return SimilarIdeas(items=await _shape(session, {found.id: found.score for found in scored}))


async def _list_found(
    session: ReadSession, groups: Sequence[tuple[str, ...]]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return the numbers of the documents that have all the stems of a group, with the group."""
    if session.get_bind().dialect.name == "postgresql":
        questions = [fulltext.tsquery([[group]]) for group in groups]
        paired = [len(group) > 1 for group in groups]
        rows = await session.execute(_FETCH_ALL, {"questions": questions, "paired": paired})
        numbers = {int(place): found for place, found in rows}
        return [(str(number), group) for place, group in enumerate(groups, 1) for number in numbers[place]]
    return [
        (str(number), group)
        for group in groups
        for number in await session.scalars(_FETCH[len(group) > 1], {"question": fulltext.fts5([[group]])})
    ]


async def _read_candidates(session: ReadSession, numbers: list[int]) -> list[Candidate]:
    rows = await session.execute(
        _READ_SOME if numbers else _READ_NEWEST, {"numbers": numbers} if numbers else {}
    )
    return [Candidate(idea_id, Features(title.split(), body.split())) for idea_id, title, body in rows]


async def _shape(session: ReadSession, scores: dict[str, float]) -> list[SimilarIdea]:
    ideas = {row.id: row for row in await session.execute(_SHOW, {"ideas": list(scores)})}
    declined = [idea_id for idea_id, idea in ideas.items() if idea.stage == Stage.DECLINED]
    reasons = await _list_declines(session, declined)
    return [
        SimilarIdea(
            id=idea_id,
            title=idea.title,
            stage=idea.stage,
            votes=idea.votes,
            votes_hidden=idea.counting == Counting.SEALED,
            comments=idea.comments,
            last_reason=reasons.get(idea_id),
            score=round(score, 4),
        )
        for idea_id, score in scores.items()
        if (idea := ideas.get(idea_id)) is not None
    ]


async def _list_declines(session: ReadSession, ideas: list[str]) -> dict[str, Decline]:
    """Return the last decline of each of some ideas, with its reason."""
    if not ideas:
        return {}
    rows = await session.execute(_DECLINES, {"ideas": ideas})
    return {
        row.idea_id: Decline(
            reason_code=row.reason_code or "other", text=row.text, at=row.at, stage=row.from_stage
        )
        for row in rows
    }
