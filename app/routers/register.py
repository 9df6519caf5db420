"""The register for the works council over HTTP."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.core import clock
from app.domain import permissions
from app.domain.permissions import Permission
from app.integrations import register as writing
from app.integrations.register import Line
from app.queries import profiles
from app.queries import register as reading
from app.queries.register import Narrowed
from app.routers import answers
from app.routers.dependencies import Asked, Reading, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.register import RegisterEntry, RegisterKind, RegisterVerification
from app.schemas.shapes import Page
from app.schemas.statistics import Day

router = APIRouter(tags=["register"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)
ON_PAGE = 200
"""Entries that the readable page shows."""


async def read_narrowed(
    wiring: Wired,
    kind: Annotated[RegisterKind | None, Query(description="Only entries of this kind.")] = None,
    act: Annotated[str | None, Query(min_length=1, max_length=60, description="Only this act.")] = None,
    since: Annotated[Day | None, Query(alias="from", description="First day.")] = None,
    to: Annotated[Day | None, Query(description="Last day.")] = None,
) -> Narrowed:
    """Return what of the register is wanted."""
    zone = wiring.settings.company_timezone
    return Narrowed(kind, act, *(_get_day(given, zone) for given in (since, to)))


Wanted = Annotated[Narrowed, Depends(read_narrowed)]


@router.get("/register", response_model=Page[RegisterEntry], responses=_ERRORS)
async def list_register(
    request: Request, actor: Who, session: Reading, wiring: Wired, page: Asked, wanted: Wanted
) -> Response:
    """Return a page of the register, the latest entry first."""
    items, place = await reading.list_entries(
        session, actor, wanted, zone=wiring.database.zone, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[RegisterEntry](items=items, next_cursor=page.write_cursor(place)))


@router.get("/register/verification", response_model=RegisterVerification, responses=_ERRORS)
async def verify_register(request: Request, actor: Who, session: Reading) -> Response:
    """Return whether nothing in the register was changed, left out or cut off."""
    return answers.show(request, await reading.verify(session, actor))


@router.get(
    "/register.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, **_ERRORS},
)
async def export_register(actor: Who, wiring: Wired, wanted: Wanted) -> Response:
    """Return the register as CSV, the oldest entry first, with all from which its hashes can be computed again."""
    permissions.check(actor, Permission.REGISTER_READ)

    async def write() -> AsyncIterator[str]:
        yield "\ufeff" + writing.write_row(writing.COLUMNS)
        async with wiring.database.reader() as session:
            entries = reading.stream_entries(session, actor, wanted, zone=wiring.database.zone)
            async for row, shown in entries:
                people = {
                    "actor": shown.actor and shown.actor.name,
                    "about": shown.about and shown.about.name,
                }
                yield writing.write_row(
                    [people[name] if name in people else getattr(row, name) for name in writing.COLUMNS]
                )

    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="register.csv"',
    }
    return StreamingResponse(write(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/register.html", response_class=Response, responses={200: {"content": {"text/html": {}}}, **_ERRORS}
)
async def show_register(
    request: Request, actor: Who, session: Reading, wiring: Wired, wanted: Wanted
) -> Response:
    """Return the latest entries as a page to read and print, in the language of the reader."""
    zone = wiring.database.zone
    items, _ = await reading.list_entries(session, actor, wanted, zone=zone, after=None, limit=ON_PAGE)
    verdict = await reading.verify(session, actor)
    reader = await profiles.get_profile(session, actor)
    page = writing.write_page(
        [_write_line(each) for each in items],
        locale=reader.locale,
        zone=zone,
        rows=verdict.rows,
        broken_at=verdict.broken_at,
    )
    answer = answers.show_file(request, page.encode(), media_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = writing.POLICY
    return answer


def _get_day(given: Day | None, zone: str) -> date | None:
    return clock.day_in(zone, given) if isinstance(given, datetime) else given


def _write_line(entry: RegisterEntry) -> Line:
    facts = _name(entry.facts, entry.names)
    if entry.subject in entry.names:
        facts = {"": entry.names[entry.subject], **facts}
    return Line(
        entry.position,
        entry.at,
        entry.act,
        entry.actor.name if entry.actor else "",
        entry.about.name if entry.about else "",
        facts,
        entry.text or "",
        entry.hash,
    )


def _name(said: Any, names: dict[str, str]) -> Any:
    """Return facts with names in the place of identifiers, however deep."""
    if isinstance(said, dict):
        return {key: _name(each, names) for key, each in said.items()}
    if isinstance(said, list):
        return [_name(each, names) for each in said]
    return names.get(said, said) if isinstance(said, str) else said
