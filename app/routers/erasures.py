"""Erasing people over HTTP: what one wishes for oneself, and what admins do."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.domain.personal_data import Fate
from app.queries import erasures as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Renewing, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.erasures import ErasePerson, Erasure, ErasureWish, WishErasure, WishingPerson
from app.schemas.shapes import Page
from app.services import erasures

router = APIRouter(tags=["rights"], route_class=Route)


@router.get("/me/erasure", response_model=ErasureWish, responses=list_responses(401, 422, 429, 503))
async def read_erasure_wish(request: Request, actor: Who, session: Reading) -> Response:
    """Return whether one has asked to be erased, and what one wishes to become of one's ideas then."""
    return answers.show(request, await reading.get_wish(session, actor))


@router.put("/me/erasure", response_model=ErasureWish, responses=list_responses(401, 413, 422, 429, 503))
async def wish_erasure(actor: Who, session: Writing, now: Now, values: WishErasure) -> Response:
    """Ask to be erased when one leaves; ideas stay without one's name unless they are named here."""
    await erasures.wish(session, actor, values, now=now)
    return answers.done(await reading.get_wish(session, actor))


@router.delete("/me/erasure", status_code=204, responses=list_responses(401, 422, 429, 503))
async def unwish_erasure(actor: Who, session: Writing, now: Now) -> Response:
    """Take back that one asked to be erased."""
    await erasures.unwish(session, actor, now=now)
    return Response(status_code=204)


@router.get(
    "/erasure-wishes", response_model=Page[WishingPerson], responses=list_responses(401, 403, 422, 429, 503)
)
async def list_erasure_wishes(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return who asked to be erased, the longest waiting first; not what becomes of which idea."""
    items, place = await reading.list_wishing(session, actor, after=page.after, limit=page.limit)
    return answers.show(request, Page[WishingPerson](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/employees/{employee_id}/erasure",
    status_code=201,
    response_model=Erasure,
    responses=list_responses(401, 403, 404, 409, 413, 422, 429, 503),
)
async def erase_employee(
    actor: Who,
    _renewing: Renewing,
    session: Writing,
    now: Now,
    employee_id: str,
    values: ErasePerson,
    dry_run: Annotated[bool, Query(description="Say what it would do, and do nothing.")] = False,
) -> Response:
    """Erase somebody who has left, for good: no name, no address, no link; what they gave goes on counting."""
    done = await erasures.erase(session, actor, employee_id, values, dry_run=dry_run, now=now)
    shown = Erasure(
        id=done.made.id if done.made else None,
        made_at=done.made.made_at if done.made else None,
        ideas_kept=done.ideas_kept,
        ideas_removed=done.ideas_removed,
        comments_kept=done.comments_kept,
        comments_removed=done.comments_removed,
        gone=reading.list_tables(Fate.DELETED),
        nameless=reading.list_tables(Fate.PASSED_ON),
    )
    return answers.done(shown, status=201)
