"""Awards over HTTP: agreeing, refusing, taking back, consent and receipt."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import awards as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.awards import Award, AwardStateName, ChooseConsent, RefuseAward
from app.schemas.shapes import Page
from app.services import awards, recipients

router = APIRouter(tags=["prizes"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 413, 415, 422, 429, 503)


@router.get("/awards", response_model=Page[Award], responses=list_responses(401, 422, 429, 503))
async def list_awards(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    state: Annotated[AwardStateName | None, Query(description="Only awards in this state.")] = None,
    prize: Annotated[str | None, Query(min_length=1, max_length=64, description="A prize.")] = None,
) -> Response:
    """Return a page of the claims and awards that one may know of, the latest first."""
    items, place = await reading.list_awards(
        session, actor, state=state, prize_id=prize, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[Award](items=items, next_cursor=page.write_cursor(place)))


@router.get("/me/prizes", response_model=Page[Award], responses=list_responses(401, 422, 429, 503))
async def list_own_prizes(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return a page of what one claimed or received, the latest first."""
    items, place = await reading.list_awards(session, actor, own=True, after=page.after, limit=page.limit)
    return answers.show(request, Page[Award](items=items, next_cursor=page.write_cursor(place)))


@router.get("/awards/{award_id}", response_model=Award, responses=_READ)
async def read_award(request: Request, actor: Who, session: Reading, award_id: str) -> Response:
    """Return a claim or an award."""
    return answers.show(request, await reading.get_award(session, actor, award_id))


@router.post("/awards/{award_id}/approvals", status_code=201, response_model=Award, responses=_ACT)
async def approve_award(actor: Who, session: Writing, now: Now, award_id: str) -> Response:
    """Say yes; two people do, neither of them close to who receives it."""
    await awards.approve(session, actor, award_id, now=now)
    return answers.done(await reading.get_award(session, actor, award_id), status=201)


@router.post("/awards/{award_id}/refusal", status_code=201, response_model=Award, responses=_ACT)
async def refuse_award(
    actor: Who, session: Writing, now: Now, award_id: str, values: RefuseAward
) -> Response:
    """Say no, with a reason; the piece and the points go back."""
    await awards.refuse(session, actor, award_id, text=values.text, now=now)
    return answers.done(await reading.get_award(session, actor, award_id), status=201)


@router.post("/awards/{award_id}/withdrawal", status_code=201, response_model=Award, responses=_ACT)
async def withdraw_award(actor: Who, session: Writing, now: Now, award_id: str) -> Response:
    """Take back one's claim or proposal before it is decided; the piece and the points go back."""
    await awards.withdraw(session, actor, award_id, now=now)
    return answers.done(await reading.get_award(session, actor, award_id), status=201)


@router.put("/awards/{award_id}/consent", response_model=Award, responses=_ACT)
async def choose_consent(
    actor: Who, session: Writing, now: Now, award_id: str, values: ChooseConsent
) -> Response:
    """Choose whether to be named among those who received the prize."""
    await recipients.choose(session, actor, award_id, shown=values.shown, now=now)
    return answers.done(await reading.get_award(session, actor, award_id))


@router.put("/awards/{award_id}/receipt", response_model=Award, responses=_ACT)
async def confirm_receipt(actor: Who, session: Writing, now: Now, award_id: str) -> Response:
    """Confirm that the prize was handed over."""
    await recipients.confirm(session, actor, award_id, now=now)
    return answers.done(await reading.get_award(session, actor, award_id))
