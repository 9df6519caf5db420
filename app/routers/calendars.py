"""Working calendars over HTTP."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.integrations.holidays import Years
from app.queries import calendars as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.calendars import AddCalendar, AddClosure, Calendar, RenameCalendar, SetCalendar
from app.schemas.shapes import Page
from app.services import calendars

router = APIRouter(tags=["clock"], route_class=Route)


@dataclass(frozen=True, slots=True)
class NewCalendar:
    """A calendar that is to be added, with its public holidays."""

    values: AddCalendar
    days_off: Years


async def prepare_calendar(actor: Who, now: Now, values: AddCalendar) -> NewCalendar:
    """Find the public holidays before there is a transaction that would wait for them."""
    return NewCalendar(values, await calendars.find_days_off(actor, values, now=now))


Prepared = Annotated[NewCalendar, Depends(prepare_calendar)]
_CHANGE = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.get("/calendars", response_model=Page[Calendar], responses=list_responses(401, 422, 429, 503))
async def list_calendars(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return the calendars by which parts of the company work; the others work by the company's own."""
    items, place = await reading.list_calendars(session, actor, after=page.after, limit=page.limit)
    return answers.show(request, Page[Calendar](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/calendars",
    status_code=201,
    response_model=Calendar,
    responses=list_responses(401, 403, 409, 413, 422, 429, 503),
)
async def add_calendar(actor: Who, prepared: Prepared, session: Writing, now: Now) -> Response:
    """Add a calendar: public holidays of a region, weekdays, a time zone."""
    calendar = await calendars.add(session, actor, prepared.values, days_off=prepared.days_off, now=now)
    return answers.done(await reading.get_calendar(session, actor, calendar.id), status=201)


@router.patch("/calendars/{calendar_id}", response_model=Calendar, responses=_CHANGE)
async def rename_calendar(
    actor: Who, session: Writing, now: Now, calendar_id: str, values: RenameCalendar
) -> Response:
    """Give a calendar another name."""
    await calendars.rename(session, actor, calendar_id, values, now=now)
    return answers.done(await reading.get_calendar(session, actor, calendar_id))


@router.delete(
    "/calendars/{calendar_id}", status_code=204, responses=list_responses(401, 403, 404, 409, 422, 429, 503)
)
async def delete_calendar(actor: Who, session: Writing, now: Now, calendar_id: str) -> Response:
    """Take away a calendar by which nobody works."""
    await calendars.delete(session, actor, calendar_id, now=now)
    return Response(status_code=204)


@router.post("/calendars/{calendar_id}/closures", status_code=201, response_model=Calendar, responses=_CHANGE)
async def add_closure(
    actor: Who, session: Writing, now: Now, calendar_id: str, values: AddClosure
) -> Response:
    """Add days off to a calendar; it holds for what is due from now on."""
    await calendars.close(session, actor, calendar_id, values, now=now)
    return answers.done(await reading.get_calendar(session, actor, calendar_id), status=201)


@router.delete(
    "/calendars/{calendar_id}/closures/{closure_id}",
    status_code=204,
    responses=list_responses(401, 403, 404, 422, 429, 503),
)
async def delete_closure(
    actor: Who, session: Writing, now: Now, calendar_id: str, closure_id: str
) -> Response:
    """Take days off out of a calendar."""
    await calendars.reopen(session, actor, calendar_id, closure_id, now=now)
    return Response(status_code=204)


@router.put("/entities/{entity_id}/calendar", status_code=204, responses=_CHANGE, response_class=Response)
async def set_entity_calendar(
    actor: Who, session: Writing, now: Now, entity_id: str, values: SetCalendar
) -> Response:
    """Say by which calendar a unit works, with all below it that have none of their own."""
    await calendars.give(session, actor, entity_id, values, now=now)
    return Response(status_code=204)
