"""Reading cases: each for its moderator, one's own for authors, numbers for everybody."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, or_, select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import moderation, permissions
from app.domain.actors import Actor
from app.domain.moderation import NoSuchCase, State
from app.domain.permissions import Permission
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.moderation import ContentReport, ModerationDecision, ModerationWord
from app.models.moderation import ModerationCase as Case
from app.schemas.moderation import CaseDecision, CaseReport, ModerationCase, ModerationWords
from app.schemas.shapes import Named

TEXTS = ("title", "problem", "solution", "benefit")
"""The words of an idea, in the order in which they are read."""


IS_OPEN_TO_ALL = exists().where(col(Idea.id) == col(Case.idea_id), col(Idea.restriction).is_(None))
"""That the idea of a case is not restricted: then its moderation rests, and nobody knows of it."""


async def get_visible(session: ReadSession, actor: Actor, case_id: str) -> Case:
    """Return a case that the actor moderates.

    Raises: NoSuchCase, the same for cases of others and for what is no case.
    """
    found: Case | None = None
    if ids.is_valid(case_id):
        found = await session.scalar(select(Case).where(col(Case.id) == case_id, IS_OPEN_TO_ALL))
    if found is None or found.moderator_id != actor.id or found.state == State.GATHERING:
        raise NoSuchCase
    return found


async def list_cases(
    session: ReadSession, actor: Actor, *, state: str | None, after: Place | None, limit: int
) -> tuple[list[ModerationCase], Place | None]:
    """Return a page of the cases that the actor moderates, the longest waiting first, and where the next begins.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.MODERATION_DECIDE)
    statement = select(Case).where(
        col(Case.moderator_id) == actor.id, col(Case.state) != State.GATHERING.value, IS_OPEN_TO_ALL
    )
    if state is not None:
        statement = statement.where(col(Case.state) == state)
    return await _list_page(session, statement, after=after, limit=limit, judging=True)


async def list_own(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[ModerationCase], Place | None]:
    """Return a page of what was hidden, or was hidden once, of what the actor wrote."""
    wrote = exists().where(
        col(Authorship.idea_id) == col(Case.idea_id),
        col(Authorship.employee_id) == actor.id,
        col(Authorship.state) == "accepted",
    )
    said = exists().where(col(Comment.id) == col(Case.comment_id), col(Comment.author_id) == actor.id)
    hidden = exists().where(
        col(ModerationDecision.case_id) == col(Case.id), col(ModerationDecision.action) == "hide"
    )
    statement = select(Case).where(or_(said, wrote & col(Case.comment_id).is_(None)), hidden, IS_OPEN_TO_ALL)
    return await _list_page(session, statement, after=after, limit=limit, judging=False)


async def is_author(session: ReadSession, actor: Actor, case: Case) -> bool:
    """Tell whether the actor wrote what a case is about."""
    if case.comment_id is not None:
        found = select(col(Comment.id)).where(
            col(Comment.id) == case.comment_id, col(Comment.author_id) == actor.id
        )
    else:
        found = select(col(Authorship.idea_id)).where(
            col(Authorship.idea_id) == case.idea_id,
            col(Authorship.employee_id) == actor.id,
            col(Authorship.state) == "accepted",
        )
    return await session.scalar(found) is not None


async def find_first_author(session: ReadSession, idea_id: str) -> str | None:
    """Return the first author of an idea."""
    author: str | None = await session.scalar(
        select(col(Authorship.employee_id))
        .where(col(Authorship.idea_id) == idea_id, col(Authorship.state) == "accepted")
        .order_by(col(Authorship.position))
        .limit(1)
    )
    return author


async def read_words(session: ReadSession, actor: Actor, language: str) -> ModerationWords:
    """Return the words of a language.

    Raises: NoSuchLanguage, RoleMissing.
    """
    moderation.check_language(language)
    permissions.check(actor, Permission.MODERATION_WORDS_WRITE)
    words = await session.scalars(
        select(col(ModerationWord.word))
        .where(col(ModerationWord.language) == language)
        .order_by(col(ModerationWord.word))
    )
    return ModerationWords(language=language, words=list(words))  # type: ignore[arg-type]  # one of the two


async def shape(session: ReadSession, cases: Sequence[Case], *, judging: bool) -> list[ModerationCase]:
    """Return cases as their moderator (`judging`) or their author sees them; four statements for any number."""
    numbers = [case.id for case in cases]
    reports: defaultdict[str, list[CaseReport]] = defaultdict(list)
    if judging:
        for report in await session.scalars(
            select(ContentReport)
            .where(col(ContentReport.case_id).in_(numbers))
            .order_by(col(ContentReport.at), col(ContentReport.id))
        ):
            reports[report.case_id].append(CaseReport.model_validate(report))
    decisions: defaultdict[str, list[CaseDecision]] = defaultdict(list)
    rows: Any = await session.execute(
        select(ModerationDecision, col(Employee.name))
        .join(Employee, col(Employee.id) == col(ModerationDecision.moderator_id))
        .where(col(ModerationDecision.case_id).in_(numbers))
        .order_by(col(ModerationDecision.at), col(ModerationDecision.id))
    )
    for decision, name in rows:
        decisions[decision.case_id].append(_shape_decision(decision, name, judging=judging))
    texts = await _read_texts(session, cases)
    return [
        ModerationCase(
            id=case.id,
            content=case.content,  # type: ignore[arg-type]  # one of the two
            idea=case.idea_id,
            comment=case.comment_id,
            state=case.state,  # type: ignore[arg-type]  # one of the states that are shown
            texts=texts[case.id],
            words=case.words if judging else [],
            reports=reports[case.id],
            decisions=decisions[case.id],
            opened_at=case.opened_at,
            appealed_at=case.appealed_at,
            appeal=case.appeal or None,
            can=_list_acts(case, judging=judging),
        )
        for case in cases
    ]


def _shape_decision(decision: ModerationDecision, name: str, *, judging: bool) -> CaseDecision:
    return CaseDecision(
        action=decision.action,  # type: ignore[arg-type]  # one of the three
        on_appeal=decision.on_appeal,
        reason_code=decision.reason_code,  # type: ignore[arg-type]  # one of the reasons
        text=decision.text,
        at=decision.at,
        moderator=Named(id=decision.moderator_id, name=name) if judging else None,
    )


def _list_acts(case: Case, *, judging: bool) -> list[str]:
    if judging:
        return [action.value for action in moderation.list_actions(case.state)]
    return ["appeal"] if case.state == State.HIDDEN and case.appealed_at is None else []


async def _read_texts(session: ReadSession, cases: Sequence[Case]) -> dict[str, list[str]]:
    """Return the words that each case is about, wherever they are now."""
    ideas = {
        idea.id: idea
        for idea in await session.scalars(
            select(Idea).where(col(Idea.id).in_({case.idea_id for case in cases}))
        )
    }
    bodies = dict(
        (
            await session.execute(
                select(col(Comment.id), col(Comment.body)).where(
                    col(Comment.id).in_({case.comment_id for case in cases if case.comment_id})
                )
            )
        ).all()
    )
    found = {}
    for case in cases:
        if case.original is not None:
            found[case.id] = _list_original(case.original)
        elif case.comment_id is not None:
            found[case.id] = [bodies.get(case.comment_id, "")]
        else:
            idea = ideas[case.idea_id]
            found[case.id] = [text for text in (getattr(idea, name) for name in TEXTS) if text]
    return found


def _list_original(original: dict[str, Any]) -> list[str]:
    if "body" in original:
        return [original["body"]]
    return [text for text in (*(original[name] for name in TEXTS), *original["tags"]) if text]


async def _list_page(
    session: ReadSession, statement: Any, *, after: Place | None, limit: int, judging: bool
) -> tuple[list[ModerationCase], Place | None]:
    if after is not None:
        statement = statement.where(tuple_(col(Case.opened_at), col(Case.id)) > keysets.read_time(after))
    ordered = statement.order_by(col(Case.opened_at), col(Case.id)).limit(limit + 1)
    rows = (await session.scalars(ordered)).all()
    items = await shape(session, rows[:limit], judging=judging)
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].opened_at, rows[limit - 1].id)
