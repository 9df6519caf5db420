"""Forms: bodies of type application/x-www-form-urlencoded, read strictly."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.domain.errors import UnsupportedBody

MEDIA_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20

Shape = TypeVar("Shape", bound=BaseModel)


class NotAForm(UnsupportedBody):
    """Send the body as application/x-www-form-urlencoded."""

    code = "requests.not-a-form"


async def read(request: Request, shape: type[Shape]) -> Shape:
    """Return a form as a shape: UTF-8, each field once, no field that the shape does not have.

    Raises: NotAForm, RequestValidationError, naming the fields.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != MEDIA_TYPE:
        raise NotAForm
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise _refuse(("body",), "The body is not a form that can be read.") from error
    fields = dict(pairs)
    twice = [name for name in fields if sum(name == other for other, _ in pairs) > 1]
    if twice:
        raise _refuse(("body", twice[0]), "This field is there twice.")
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(
            [{"loc": ("body", *fault["loc"]), "msg": fault["msg"]} for fault in error.errors()]
        ) from error


def describe(shape: type[BaseModel]) -> dict[str, Any]:
    """Return what the OpenAPI document says of a form."""
    return {"requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": shape.model_json_schema()}}}}


def _refuse(place: tuple[str, ...], message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": place, "msg": message}])
