"""Health: alive, and ready to answer."""

from functools import cache

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from app.core import revisions
from app.core.db import DatabaseAway
from app.domain.errors import Unavailable
from app.routers.problems import list_responses
from app.routers.wiring import get_wiring

router = APIRouter(tags=["health"])

# The schema that this version needs is that of its start, whatever is deployed beside it meanwhile.
_get_head = cache(revisions.find_head)


class Health(BaseModel):
    """A sign of life."""

    status: str


class NotReady(Unavailable):
    """The database is away or its schema is not the one that this version needs."""

    code = "health.not-ready"


@router.get("/health/live")
async def live() -> Health:
    """Tell that the process answers."""
    return Health(status="live")


@router.get("/health/ready", responses=list_responses(503))
async def ready(request: Request, response: Response) -> Health:
    """Tell whether requests can be served: the database answers and its schema is at head."""
    response.headers["Cache-Control"] = "no-store"
    try:
        async with get_wiring(request).database.reader() as session:
            revision = await session.scalar(text("SELECT version_num FROM alembic_version"))
    except DatabaseAway as error:
        raise NotReady("The database is away.") from error
    if revision != _get_head():
        raise NotReady("The schema is not at the revision that this version needs: run `ideabox migrate`.")
    return Health(status="ready")
