"""The import of employees over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile

from app.domain import permissions
from app.domain.errors import UnsupportedBody
from app.domain.permissions import Permission
from app.routers import answers
from app.routers.dependencies import Now, Renewing, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.directory import DirectoryImport
from app.services import directory

router = APIRouter(tags=["directory"], route_class=Route)

_PLAIN = {"text/csv", "application/csv", "application/octet-stream", ""}
_FORM = "multipart/form-data"
_MOST_FIELDS = 10
_CSV = {"type": "string", "description": "A header line, then a line for each person; see docs/directory.md."}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": _CSV,
                "example": "external_id,email,name,entity,manager_external_id,functions,roles,locale,active\n"
                "E1,ana@company.example,Ana,Company/Sales,,,admin,fr,true\n",
            },
            "application/octet-stream": {"schema": _CSV},
            _FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "contentMediaType": "text/csv"}},
                    "required": ["file"],
                }
            },
        },
    }
}


class NotAFile(UnsupportedBody):
    """Send the file as text/csv, or in the field `file` of a form."""

    code = "directory.not-a-file"


async def read_upload(request: Request, actor: Who) -> directory.Rows:
    """Return the rows of the file that was sent, for whoever may import; no transaction is open yet.

    Raises: RoleMissing, NotAFile, UnreadableFile, RequestValidationError without a file.
    """
    permissions.check(actor, Permission.DIRECTORY_IMPORT)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _PLAIN | {_FORM}:
        raise NotAFile
    content = await request.body()
    return await directory.read(await _take_file(request) if kind == _FORM else content)


async def _take_file(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        file = form.get("file")
        if isinstance(file, UploadFile):
            return await file.read()
        if isinstance(file, str):
            return file.encode()
    raise RequestValidationError([{"loc": ("body", "file"), "msg": "The form has no file."}])


Uploaded = Annotated[directory.Rows, Depends(read_upload)]


@router.post(
    "/directory/imports",
    status_code=201,
    response_model=DirectoryImport,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
    openapi_extra=_BODY,
)
async def import_directory(
    actor: Who,
    rows: Uploaded,
    _renewing: Renewing,
    session: Writing,
    now: Now,
    dry_run: Annotated[bool, Query(description="Check and count, write nothing.")] = False,
    skip_bad: Annotated[bool, Query(description="Take the good rows, leave the bad ones.")] = False,
    full: Annotated[bool, Query(description="Whoever is missing from the file leaves.")] = False,
) -> Response:
    """Import employees with their entities, functions, managers and roles, all or nothing.

    Bad rows are refused with 422, each named by its line and column (the first 1,000), and nothing changes;
    with `skip_bad`, and on a dry run, they are part of the answer.
    """
    if dry_run:
        outcome = await directory.check_rows(session, rows, skip_bad=skip_bad, full=full)
    else:
        outcome = await directory.import_rows(
            session, rows, skip_bad=skip_bad, full=full, actor_id=actor.id, now=now
        )
        directory.check_accepted(outcome)
    return answers.done(DirectoryImport.model_validate(outcome), status=201)
