"""Problem documents (RFC 9457): the one form of every error."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Protocol

MEDIA_TYPE = "application/problem+json"


class NamedField(Protocol):
    """One bad field: where it is, and what is wrong with it."""

    @property
    def pointer(self) -> str:
        """The place, as a JSON pointer into the body."""

    @property
    def detail(self) -> str:
        """What is wrong, in a sentence."""


def encode(
    status: int,
    code: str,
    detail: str,
    *,
    instance: str | None = None,
    errors: Iterable[NamedField] = (),
) -> bytes:
    """Write a problem document in ASCII.

    `type` is `/problems/<code>`, relative to the installation and listed in `docs/errors.md`; `title` is the
    phrase of the status; `instance` is best `instance_of(request_id)`; `errors` name the fields at fault.
    """
    document: dict[str, object] = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if instance is not None:
        document["instance"] = instance
    named = [{"pointer": field.pointer, "detail": field.detail} for field in errors]
    if named:
        document["errors"] = named
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def instance_of(request_id: str) -> str:
    """Return the URI reference of one occurrence: it leads to the log lines of the request."""
    return f"/requests/{request_id}"
