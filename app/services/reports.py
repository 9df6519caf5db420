"""Reporting an idea or a comment, and looking for words of the list: both bring it to a moderator, neither hides it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import col

from app.core import analysis, clock, locks
from app.core.db import WriteSession
from app.domain import measures, permissions, register
from app.domain.actors import Actor
from app.domain.moderation import (
    AWAY,
    PER_DAY,
    WAITING,
    Content,
    NothingToReport,
    OwnContent,
    ReportedBefore,
    State,
    TooManyReports,
    check_language,
)
from app.domain.permissions import Permission
from app.domain.pipeline import Stage
from app.domain.register import Detail
from app.domain.rights_events import CaseOpened, ContentReported, WordsChanged
from app.models.comments import Comment
from app.models.events import Event
from app.models.ideas import Idea
from app.models.moderation import ContentReport, ModerationCase, ModerationWord
from app.queries.ideas import get_visible
from app.schemas.moderation import ReportContent
from app.services import events as recording
from app.services import moderators, turns
from app.services.comments import get_commented


async def report_idea(
    session: WriteSession, actor: Actor, idea_id: str, values: ReportContent, *, threshold: int, now: datetime
) -> None:
    """Report an idea; its author is not told by whom, nor that anybody did.

    Raises: NoSuchIdea, OwnContent, NothingToReport, ReportedBefore, TooManyReports.
    """
    seen = await get_visible(session, actor, idea_id)
    if seen.is_author:
        raise OwnContent
    if seen.idea.stage == Stage.DRAFT or seen.idea.hidden_code is not None:
        raise NothingToReport
    case = await _get_case(session, seen.idea.id, None, now=now)
    await _report(session, actor, case, values, threshold=threshold, now=now)


async def report_comment(
    session: WriteSession,
    actor: Actor,
    comment_id: str,
    values: ReportContent,
    *,
    threshold: int,
    now: datetime,
) -> None:
    """Report a comment.

    Raises: NoSuchComment, NoSuchIdea, OwnContent, NothingToReport, ReportedBefore, TooManyReports.
    """
    comment, seen = await get_commented(session, actor, comment_id)
    if comment.author_id == actor.id:
        raise OwnContent
    if comment.deleted_at is not None or comment.hidden_code is not None:
        raise NothingToReport
    case = await _get_case(session, seen.idea.id, comment.id, now=now)
    await _report(session, actor, case, values, threshold=threshold, now=now)


async def set_words(
    session: WriteSession, actor: Actor, language: str, words: Sequence[str], *, now: datetime
) -> None:
    """Set the words of a language; they count for what is written from now on.

    Raises: NoSuchLanguage, RoleMissing.
    """
    check_language(language)
    permissions.check(actor, Permission.MODERATION_WORDS_WRITE)
    folded = sorted({word.text for each in words for word in analysis.words(each)})
    known = await session.scalars(
        select(col(ModerationWord.word)).where(col(ModerationWord.language) == language)
    )
    before = sorted(known)
    await session.execute(delete(ModerationWord).where(col(ModerationWord.language) == language))
    session.add_all(ModerationWord(language=language, word=word) for word in folded)
    changed = WordsChanged(language, {"words": len(folded)})
    detail = _compare_words(before, folded)
    recording.record(session, changed, actor_id=actor.id, now=now, detail=detail)
    await session.flush()


async def look_for_words(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Bring what was written or changed to a moderator if it has a word of the list."""
    listed = set(await session.scalars(select(col(ModerationWord.word))))
    if not listed:
        return
    subjects = sorted({event.subject for event in events})
    written: list[tuple[str, str | None, str]] = [
        (idea.id, None, f"{idea.title} {idea.problem} {idea.solution} {idea.benefit}")
        for idea in await session.scalars(
            select(Idea).where(col(Idea.id).in_(subjects), col(Idea.stage) != Stage.DRAFT.value)
        )
    ]
    written += [
        (comment.idea_id, comment.id, comment.body)
        for comment in await session.scalars(
            select(Comment).where(col(Comment.id).in_(subjects), col(Comment.deleted_at).is_(None))
        )
    ]
    for idea_id, comment_id, text in written:
        found = sorted({word.text for word in analysis.words(text)} & listed)
        if found:
            case = await _get_case(session, idea_id, comment_id, now=now)
            if set(found) - set(case.words):
                case.words = found
                await _open(session, case, by="words", now=now)


async def _get_case(
    session: WriteSession, idea_id: str, comment_id: str | None, *, now: datetime
) -> ModerationCase:
    """Return the case of some content, held; made where there is none."""
    # Of two who report the same first, one waits for the other.
    await locks.take_each(session, [comment_id or idea_id])
    of_comment: ColumnElement[bool] = (
        col(ModerationCase.comment_id) == comment_id
        if comment_id
        else (col(ModerationCase.idea_id) == idea_id) & col(ModerationCase.comment_id).is_(None)
    )
    case = await session.scalar(select(ModerationCase).where(of_comment).with_for_update(key_share=True))
    if case is None:
        content = Content.COMMENT if comment_id else Content.IDEA
        case = ModerationCase(content=content.value, idea_id=idea_id, comment_id=comment_id, opened_at=now)
        session.add(case)
        await session.flush()
    return case


async def _report(
    session: WriteSession,
    actor: Actor,
    case: ModerationCase,
    values: ReportContent,
    *,
    threshold: int,
    now: datetime,
) -> None:
    await turns.take(session, actor.id)
    mine = select(func.count()).where(col(ContentReport.reporter_id) == actor.id)
    if await session.scalar(mine.where(col(ContentReport.case_id) == case.id)):
        raise ReportedBefore
    today = measures.start_day(clock.day_in(session.zone, now), session.zone)
    if (await session.scalar(mine.where(col(ContentReport.at) >= today)) or 0) >= PER_DAY:
        raise TooManyReports
    session.add(
        ContentReport(
            case_id=case.id,
            reporter_id=actor.id,
            reason_code=values.reason_code,
            text=values.text,
            at=now,
        )
    )
    recording.record(session, ContentReported(case.id), actor_id=None, now=now)
    await session.flush()
    if case.state not in WAITING | AWAY:
        fresh = select(func.count()).where(col(ContentReport.case_id) == case.id)
        if case.decided_at is not None:
            fresh = fresh.where(col(ContentReport.at) > case.decided_at)
        if (await session.scalar(fresh) or 0) >= threshold:
            await _open(session, case, by="reports", now=now)
    elif case.moderator_id == actor.id:
        # Whoever reports is no judge.
        await moderators.assign(session, case)
        await session.flush()


async def _open(session: WriteSession, case: ModerationCase, *, by: str, now: datetime) -> None:
    if case.state in WAITING | AWAY:
        return
    case.state, case.opened_at = State.OPEN.value, now
    await session.flush()
    await moderators.assign(session, case)
    recording.record(
        session, CaseOpened(case.id, {"content": case.content, "by": by}), actor_id=None, now=now
    )
    await session.flush()


def _compare_words(before: Sequence[str], after: Sequence[str]) -> Detail:
    """Return how many words there were and are; which came and went are words themselves, that can be dropped."""
    lines = [f"+ {word}" for word in after if word not in before]
    lines += [f"- {word}" for word in before if word not in after]
    counts = register.compare({"words": len(before)}, {"words": len(after)})
    return Detail(counts, "\n".join(lines) or None)
