"""People and their roles over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import employees as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Renewing, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.employees import EmployeeCard, EmployeeDetail, GrantRole, HeldRole
from app.schemas.shapes import Page
from app.services import employees, roles

router = APIRouter(tags=["directory"], route_class=Route)
_READ = list_responses(401, 403, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)

Words = Annotated[
    str | None, Query(min_length=1, max_length=200, description="Beginnings of words of a name.")
]
Id = Annotated[str | None, Query(min_length=1, max_length=64, description="An entity, with all below it.")]


@router.get("/employees", response_model=Page[EmployeeCard], responses=list_responses(401, 422, 429, 503))
async def list_employees(
    request: Request, _actor: Who, session: Reading, page: Asked, q: Words = None, entity: Id = None
) -> Response:
    """Find active people by name, to name them as owner or co-author."""
    items, place = await reading.list_employees(
        session, words=q, entity_id=entity, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[EmployeeCard](items=items, next_cursor=page.write_cursor(place)))


@router.get(
    "/employees/{employee_id}",
    response_model=EmployeeDetail,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def read_employee(request: Request, actor: Who, session: Reading, employee_id: str) -> Response:
    """Return a person; address, manager and roles for those who may know them."""
    return answers.show(request, await reading.get_detail(session, actor, employee_id))


@router.post(
    "/employees/{employee_id}/deactivation", status_code=201, response_model=EmployeeDetail, responses=_ACT
)
async def deactivate_employee(
    actor: Who, _renewing: Renewing, session: Writing, now: Now, employee_id: str
) -> Response:
    """Let a person go: sign-ins and roles end at once, ideas that they hold find others."""
    await employees.deactivate(session, actor, employee_id, now=now)
    return answers.done(await reading.get_detail(session, actor, employee_id), status=201)


@router.post(
    "/employees/{employee_id}/reactivation", status_code=201, response_model=EmployeeDetail, responses=_ACT
)
async def reactivate_employee(
    actor: Who, _renewing: Renewing, session: Writing, now: Now, employee_id: str
) -> Response:
    """Take a person back; roles that ended stay ended."""
    await employees.reactivate(session, actor, employee_id, now=now)
    return answers.done(await reading.get_detail(session, actor, employee_id), status=201)


@router.get("/employees/{employee_id}/roles", response_model=Page[HeldRole], responses=_READ)
async def list_roles(request: Request, actor: Who, session: Reading, employee_id: str) -> Response:
    """Return the roles that a person holds."""
    items = await reading.list_roles_as(session, actor, employee_id)
    return answers.show(request, Page[HeldRole](items=items, next_cursor=None))


@router.post("/employees/{employee_id}/roles", status_code=201, response_model=HeldRole, responses=_ACT)
async def grant_role(
    actor: Who, _renewing: Renewing, session: Writing, now: Now, employee_id: str, values: GrantRole
) -> Response:
    """Grant a role to somebody else; a correspondent answers for a function or a campaign."""
    granted = await roles.grant(session, actor, employee_id, values, now=now)
    held = await reading.list_roles(session, employee_id)
    return answers.done(next(role for role in held if role.id == granted.id), status=201)


@router.delete(
    "/employees/{employee_id}/roles/{grant_id}",
    status_code=204,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def end_role(
    actor: Who, _renewing: Renewing, session: Writing, now: Now, employee_id: str, grant_id: str
) -> Response:
    """End a role; ideas that were held by it find other holders."""
    await roles.end(session, actor, employee_id, grant_id, now=now)
    return Response(status_code=204)
