"""Exports over HTTP: ordering them, one's own, what is in them, and the log of who took out what."""

from fastapi import APIRouter, Request, Response

from app.domain import exports as rules
from app.domain.exports import UnfitFilters, What
from app.queries import exported_definitions
from app.queries import exports as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.exports import (
    Export,
    ExportDefinitions,
    ExportFilters,
    LoggedExport,
    OrderExport,
    WhatName,
    write_filters,
)
from app.schemas.shapes import Page
from app.services import exports

router = APIRouter(tags=["exports"], route_class=Route)
_FOR_FIGURES = {"as_of", "entity", "campaign", "from", "to"}
_FOR_ROWS = {"stage", "theme", "function", "campaign", "entity", "from", "to"}


@router.get(
    "/exports/{what}/definitions",
    response_model=ExportDefinitions,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def show_export_definitions(request: Request, _actor: Who, what: WhatName) -> Response:
    """Return what the columns of an export mean, and what holds for all of it; everybody may know."""
    return answers.show(request, exported_definitions.show_definitions(What(what)))


@router.post(
    "/exports",
    status_code=201,
    response_model=Export,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
)
async def order_export(
    actor: Who, session: Writing, wiring: Wired, now: Now, values: OrderExport
) -> Response:
    """Have an export made beside; read it again until its state is `ready`, then it has a link."""
    rules.check_may(actor, What(values.what))
    record = await exports.begin(
        session,
        actor,
        what=values.what,
        file_format=values.format,
        filters=_check_fit(What(values.what), values.filters, wiring.settings.company_timezone),
        reason=values.reason,
        streamed=False,
        now=now,
    )
    return answers.done(reading.shape(record, seals=wiring.seals, now=now), status=201)


@router.get("/exports", response_model=Page[Export], responses=list_responses(401, 403, 422, 429, 503))
async def list_exports(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, asked: Asked
) -> Response:
    """List one's own exports, the latest first."""
    items, place = await reading.list_own(
        session, actor, seals=wiring.seals, now=now, after=asked.after, limit=asked.limit
    )
    return answers.show(request, Page[Export](items=items, next_cursor=asked.write_cursor(place)))


@router.get(
    "/exports/log", response_model=Page[LoggedExport], responses=list_responses(401, 403, 422, 429, 503)
)
async def list_export_log(request: Request, actor: Who, session: Reading, asked: Asked) -> Response:
    """List everybody's exports, the latest first: who took out what, why, and how much it was."""
    items, place = await reading.list_log(session, actor, after=asked.after, limit=asked.limit)
    return answers.show(request, Page[LoggedExport](items=items, next_cursor=asked.write_cursor(place)))


@router.get(
    "/exports/{export_id}", response_model=Export, responses=list_responses(401, 403, 404, 422, 429, 503)
)
async def read_export(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, export_id: str
) -> Response:
    """Return one of one's exports, with a fresh link when its file is there."""
    record = await reading.get_visible(session, actor, export_id)
    return answers.show(request, reading.shape(record, seals=wiring.seals, now=now))


def _check_fit(what: What, filters: ExportFilters, zone: str) -> dict[str, str]:
    """Return filters as they are written down.

    Raises: UnfitFilters, naming one that an export's rows don't have.
    """
    given = write_filters(zone, **filters.model_dump())
    unfit = sorted(given.keys() - (_FOR_FIGURES if what is What.ENGAGEMENT else _FOR_ROWS))
    if unfit:
        raise UnfitFilters.at(f"/filters/{unfit[0]}")
    return given
