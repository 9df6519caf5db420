"""Taking the name of somebody out of what they wrote themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.erasures import blot, blot_all
from app.models import metadata
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.fields import FieldValue
from app.models.ideas import Idea, IdeaTag
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.moderation import ContentReport, ModerationCase, ModerationDecision
from app.models.restrictions import Restriction, RestrictionMessage
from app.services import search

_TEXTS = ("title", "problem", "solution", "benefit")
_OF_TABLES = (
    ("comments", "author_id", "body"),
    ("scorecards", "evaluator_id", "text"),
    ("news_posts", "author_id", "title"),
    ("news_posts", "author_id", "body"),
    ("nudges", "author_id", "title"),
    ("nudges", "author_id", "body"),
    ("content_reports", "reporter_id", "text"),
    ("moderation_decisions", "moderator_id", "text"),
    ("campaign_reports", "written_by", "learnt"),
    ("campaign_reports", "written_by", "others"),
    ("prize_awards", "proposed_by_id", "reason"),
    ("prize_awards", "refused_by_id", "refusal"),
    ("restriction_messages", "author_id", "body"),
    ("restrictions", "actor_id", "text"),
    ("restrictions", "answered_by_id", "answer"),
    ("vote_flags", "reviewed_by", "note"),
)
"""Tables, whose words they are, and the words."""


async def blot_out(session: WriteSession, employee_id: str, traces: Sequence[str]) -> None:
    """Blot traces of a person out of the texts that they wrote; of the ideas of several authors as well."""
    await _blot_ideas(session, employee_id, traces)
    for table, column, text in _OF_TABLES:
        await _blot_column(session, table, column, text, employee_id, traces)
    acts = await session.scalars(
        select(ItineraryEntry)
        .join(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        .where(col(ItineraryActor.employee_id) == employee_id, col(ItineraryEntry.text).is_not(None))
    )
    for entry in acts.all():
        clean = blot(entry.text or "", traces)
        if clean != entry.text:
            # Without its salt the commitment fits no text, and tells nothing of the one that it was made to.
            entry.text, entry.salt = clean, None
    await _blot_cases(session, employee_id, traces)
    await _blot_restrictions(session, employee_id, traces)
    await session.flush()


async def _blot_restrictions(session: WriteSession, employee_id: str, traces: Sequence[str]) -> None:
    """Blot traces out of what was said to and by a person about an idea of theirs that is or was restricted."""
    wrote = select(col(Authorship.idea_id)).where(col(Authorship.employee_id) == employee_id)
    rows = (await session.scalars(select(Restriction).where(col(Restriction.idea_id).in_(wrote)))).all()
    for row in rows:
        row.text, row.answer = blot(row.text, traces), blot(row.answer, traces)
    numbers = [row.id for row in rows]
    said = await session.scalars(
        select(RestrictionMessage).where(col(RestrictionMessage.restriction_id).in_(numbers))
    )
    for message in said.all():
        message.body = blot(message.body, traces)


async def _blot_cases(session: WriteSession, employee_id: str, traces: Sequence[str]) -> None:
    """Blot traces out of what is hidden of a person's words, and out of what was said about it."""
    wrote = select(col(Authorship.idea_id)).where(col(Authorship.employee_id) == employee_id)
    said = select(col(Comment.id)).where(col(Comment.author_id) == employee_id)
    cases = await session.scalars(
        select(ModerationCase).where(
            or_(
                col(ModerationCase.comment_id).in_(said),
                col(ModerationCase.idea_id).in_(wrote) & col(ModerationCase.comment_id).is_(None),
            )
        )
    )
    numbers = []
    for case in cases.all():
        numbers.append(case.id)
        case.appeal = blot(case.appeal, traces)
        case.words = [blot(word, traces) for word in case.words]
        if case.original is not None:
            clean = blot_all(case.original, traces)
            tags = {"tags": _list_silent(case.original["tags"], traces)} if "tags" in clean else {}
            case.original = clean | tags
    for table in (ContentReport, ModerationDecision):
        rows: Any = await session.scalars(select(table).where(col(table.case_id).in_(numbers)))
        for row in rows.all():
            row.text = blot(row.text, traces)


async def _blot_ideas(session: WriteSession, employee_id: str, traces: Sequence[str]) -> None:
    ideas = await session.scalars(
        select(Idea)
        .join(Authorship, col(Authorship.idea_id) == col(Idea.id))
        .where(col(Authorship.employee_id) == employee_id)
        .order_by(col(Idea.id))
    )
    for idea in ideas.all():
        clean = {name: blot(getattr(idea, name), traces) for name in _TEXTS}
        tags = (await session.scalars(select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea.id))).all()
        kept = _list_silent(tags, traces)
        if kept != list(tags) or any(getattr(idea, name) != text for name, text in clean.items()):
            await search.unlearn(session, idea, tags)
            for name, text in clean.items():
                setattr(idea, name, text)
            gone = col(IdeaTag.tag).not_in(kept)
            await session.execute(delete(IdeaTag).where(col(IdeaTag.idea_id) == idea.id, gone))
            await session.flush()
            if idea.submitted_at is not None:
                await search.index(session, idea, kept)
        await _blot_fields(session, idea.id, traces)
    await session.flush()


def _list_silent(tags: Sequence[str], traces: Sequence[str]) -> list[str]:
    """Return the tags that name nobody: a blot is no tag that an idea could be found by."""
    return [tag for tag in tags if blot(tag, traces) == tag]


async def _blot_fields(session: WriteSession, idea_id: str, traces: Sequence[str]) -> None:
    values = await session.scalars(select(FieldValue).where(col(FieldValue.idea_id) == idea_id))
    for value in values.all():
        value.value, value.folded = blot(value.value, traces), blot(value.folded, traces)


async def _blot_column(
    session: WriteSession, table: str, column: str, text: str, employee_id: str, traces: Sequence[str]
) -> None:
    """Blot traces out of a column, in the rows that are a person's."""
    rows = metadata.tables[table]
    keys = list(rows.primary_key.columns)
    connection = await session.connection()
    found: Any = await connection.execute(select(*keys, rows.c[text]).where(rows.c[column] == employee_id))
    for *key, written in found.all():
        clean = blot(written, traces)
        if clean != written:
            here = [each == value for each, value in zip(keys, key, strict=True)]
            await connection.execute(update(rows).where(*here).values({text: clean}))
