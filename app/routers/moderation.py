"""Reporting and moderation over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import moderation as reading
from app.queries import moderation_counts
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.moderation import (
    AppealHiding,
    CaseState,
    DecideCase,
    ModerationCase,
    ModerationCounts,
    ModerationWords,
    ReportContent,
    Reported,
    SetWords,
)
from app.schemas.shapes import Page
from app.services import moderation, reports

router = APIRouter(tags=["rights"], route_class=Route)
_REPORT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.post("/ideas/{idea_id}/reports", status_code=201, response_model=Reported, responses=_REPORT)
async def report_idea(
    actor: Who, session: Writing, wiring: Wired, now: Now, idea_id: str, values: ReportContent
) -> Response:
    """Say that something is wrong with an idea; that hides nothing, and its author does not learn who said so."""
    threshold = wiring.settings.reports_to_moderation
    await reports.report_idea(session, actor, idea_id, values, threshold=threshold, now=now)
    return answers.done(Reported(content="idea", reason_code=values.reason_code), status=201)


@router.post("/comments/{comment_id}/reports", status_code=201, response_model=Reported, responses=_REPORT)
async def report_comment(
    actor: Who, session: Writing, wiring: Wired, now: Now, comment_id: str, values: ReportContent
) -> Response:
    """Say that something is wrong with a comment; that hides nothing, and its author does not learn who said so."""
    threshold = wiring.settings.reports_to_moderation
    await reports.report_comment(session, actor, comment_id, values, threshold=threshold, now=now)
    return answers.done(Reported(content="comment", reason_code=values.reason_code), status=201)


@router.get(
    "/moderation", response_model=Page[ModerationCase], responses=list_responses(401, 403, 422, 429, 503)
)
async def list_moderation(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    state: Annotated[CaseState | None, Query(description="Only cases in this state.")] = None,
) -> Response:
    """Return the cases that are one's own to decide, the longest waiting first; each is in one hand."""
    items, place = await reading.list_cases(session, actor, state=state, after=page.after, limit=page.limit)
    return answers.show(request, Page[ModerationCase](items=items, next_cursor=page.write_cursor(place)))


@router.get(
    "/moderation/counts", response_model=ModerationCounts, responses=list_responses(401, 422, 429, 503)
)
async def count_moderation(request: Request, _actor: Who, session: Reading, now: Now) -> Response:
    """Return how much is reported, hidden, restored and appealed by month, for everybody."""
    return answers.show(request, await moderation_counts.count(session, now=now))


@router.get(
    "/moderation/words/{language}",
    response_model=ModerationWords,
    responses=list_responses(401, 403, 404, 422, 429, 503),
)
async def read_moderation_words(request: Request, actor: Who, session: Reading, language: str) -> Response:
    """Return the words that bring what has them to a moderator."""
    return answers.show(request, await reading.read_words(session, actor, language))


@router.put(
    "/moderation/words/{language}",
    response_model=ModerationWords,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_moderation_words(
    actor: Who, session: Writing, now: Now, language: str, values: SetWords
) -> Response:
    """Set these words, for what is written from now on; they hide nothing."""
    await reports.set_words(session, actor, language, values.words, now=now)
    return answers.done(await reading.read_words(session, actor, language))


@router.get(
    "/moderation/{case_id}",
    response_model=ModerationCase,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def read_case(request: Request, actor: Who, session: Reading, case_id: str) -> Response:
    """Return a case that is one's own to decide, with the words that it is about."""
    case = await reading.get_visible(session, actor, case_id)
    (shown,) = await reading.shape(session, [case], judging=True)
    return answers.show(request, shown)


@router.post(
    "/moderation/{case_id}/decisions",
    status_code=201,
    response_model=ModerationCase,
    responses=list_responses(401, 404, 409, 413, 422, 429, 503),
)
async def decide_case(actor: Who, session: Writing, now: Now, case_id: str, values: DecideCase) -> Response:
    """Hide, keep or restore, with a reason that the author reads."""
    case = await moderation.decide(session, actor, case_id, values, now=now)
    (shown,) = await reading.shape(session, [case], judging=True)
    return answers.done(shown, status=201)


@router.get(
    "/me/moderation", response_model=Page[ModerationCase], responses=list_responses(401, 422, 429, 503)
)
async def list_own_moderation(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return what moderators hid of one's own ideas and comments, with the words themselves and the reasons."""
    items, place = await reading.list_own(session, actor, after=page.after, limit=page.limit)
    return answers.show(request, Page[ModerationCase](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/moderation/{case_id}/appeals",
    status_code=201,
    response_model=ModerationCase,
    responses=list_responses(401, 404, 409, 413, 422, 429, 503),
)
async def appeal_hiding(
    actor: Who, session: Writing, now: Now, case_id: str, values: AppealHiding
) -> Response:
    """Have another moderator look again at something of one's own that was hidden; once."""
    case = await moderation.appeal(session, actor, case_id, values, now=now)
    (shown,) = await reading.shape(session, [case], judging=False)
    return answers.done(shown, status=201)
