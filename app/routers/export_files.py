"""Files of exports over HTTP: made while somebody waits, and those that were made beside."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse, StreamingResponse

from app.core import clock
from app.domain.actors import Actor
from app.domain.exports import MEDIA_TYPES, ExportNotReady, ExportState, FileFormat, What
from app.queries import exports as reading
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.routers.wiring import Wiring
from app.schemas.exports import FormatName, Reason, write_filters
from app.schemas.ideas import StageName
from app.schemas.statistics import Day
from app.services import export_files

router = APIRouter(tags=["exports"], route_class=Route)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()},
    }
}
_ERRORS = list_responses(401, 403, 404, 422, 429, 503)
_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Authorization", "X-Accel-Buffering": "no"}

Id = Annotated[str | None, Query(min_length=1, max_length=64)]
Why = Annotated[Reason | None, Query(description="Why it is taken out; stands in the log.")]


async def read_figure_filters(
    wiring: Wired,
    as_of: Annotated[Day | None, Query(description="End of which day; today without it.")] = None,
    entity: Id = None,
    campaign: Id = None,
    since: Annotated[Day | None, Query(alias="from", description="First day of what counts.")] = None,
    to: Annotated[Day | None, Query(description="Last day of what counts.")] = None,
) -> dict[str, str]:
    """Return what figures are narrowed to, as it is written down."""
    zone = wiring.settings.company_timezone
    return write_filters(zone, as_of=as_of, entity=entity, campaign=campaign, since=since, to=to)


async def read_row_filters(
    wiring: Wired,
    stage: Annotated[StageName | None, Query()] = None,
    theme: Id = None,
    function: Id = None,
    campaign: Id = None,
    entity: Id = None,
    since: Annotated[
        Day | None, Query(alias="from", description="First day on which ideas were submitted.")
    ] = None,
    to: Annotated[Day | None, Query(description="Last day on which ideas were submitted.")] = None,
) -> dict[str, str]:
    """Return what rows about ideas are narrowed to, as it is written down."""
    zone = wiring.settings.company_timezone
    given = {"stage": stage, "theme": theme, "function": function, "campaign": campaign, "entity": entity}
    return write_filters(zone, **given, since=since, to=to)


@router.get("/exports/engagement.{file_format}", response_class=Response, responses=_ERRORS | _FILE)
async def export_engagement(
    actor: Who,
    wiring: Wired,
    now: Now,
    file_format: FormatName,
    filters: Annotated[dict[str, str], Depends(read_figure_filters)],
    reason: Why = None,
) -> Response:
    """Return the figures of engagement by entity, month and measure, in which nobody can be recognised."""
    return await _stream(wiring, actor, What.ENGAGEMENT, file_format, filters, reason, now)


Rows = Annotated[dict[str, str], Depends(read_row_filters)]


@router.get("/exports/ideas.{file_format}", response_class=Response, responses=_ERRORS | _FILE)
async def export_ideas(
    actor: Who, wiring: Wired, now: Now, file_format: FormatName, filters: Rows, reason: Why = None
) -> Response:
    """Return all submitted ideas as everybody sees them."""
    return await _stream(wiring, actor, What.IDEAS, file_format, filters, reason, now)


@router.get("/exports/itineraries.{file_format}", response_class=Response, responses=_ERRORS | _FILE)
async def export_itineraries(
    actor: Who, wiring: Wired, now: Now, file_format: FormatName, filters: Rows, reason: Why = None
) -> Response:
    """Return everything that happened to all submitted ideas."""
    return await _stream(wiring, actor, What.ITINERARIES, file_format, filters, reason, now)


@router.get("/exports/benefits.{file_format}", response_class=Response, responses=_ERRORS | _FILE)
async def export_benefits(
    actor: Who, wiring: Wired, now: Now, file_format: FormatName, filters: Rows, reason: Why = None
) -> Response:
    """Return what was estimated and measured at each gate that ideas passed."""
    return await _stream(wiring, actor, What.BENEFITS, file_format, filters, reason, now)


@router.get(
    "/exports/{export_id}/file",
    response_class=Response,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503) | _FILE,
)
async def download_export(
    actor: Who,
    session: Reading,
    wiring: Wired,
    now: Now,
    export_id: str,
    ticket: Annotated[str, Query(min_length=1, max_length=100)],
) -> Response:
    """Return the file of one of one's exports, with the ticket of a link that is not over."""
    record = await reading.get_file(session, actor, export_id, ticket, seals=wiring.seals, now=now)
    file = export_files.find_file(wiring.settings.data_dir, record.id, record.format)
    if record.state != ExportState.READY or not file.is_file():
        raise ExportNotReady
    name = _name(record.what, record.format, record.created_at, wiring)
    headers = _PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return FileResponse(file, media_type=MEDIA_TYPES[FileFormat(record.format)], headers=headers)


async def _stream(
    wiring: Wiring,
    actor: Actor,
    what: What,
    file_format: FormatName,
    filters: dict[str, str],
    reason: str | None,
    now: datetime,
) -> Response:
    begun = await export_files.stream(
        wiring.database,
        actor,
        what=what,
        file_format=file_format,
        filters=filters,
        reason=reason or "",
        now=now,
    )
    headers = {
        **_PRIVATE,
        "Content-Disposition": f'attachment; filename="{_name(what.value, file_format, now, wiring)}"',
        "Link": f'</api/v1/exports/{begun.export_id}>; rel="describedby"',
    }
    return StreamingResponse(begun.read(), media_type=MEDIA_TYPES[FileFormat(file_format)], headers=headers)


def _name(what: str, file_format: str, moment: datetime, wiring: Wiring) -> str:
    return f"ideabox-{what}-{clock.day_in(wiring.settings.company_timezone, moment)}.{file_format}"
