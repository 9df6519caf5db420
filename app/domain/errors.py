"""Refusals: what the product says no with. Each rule keeps its own refusal beside it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One bad field: `pointer` is a JSON pointer into the body (or `query/name`), `detail` says what is wrong."""

    pointer: str
    detail: str


class Refusal(Exception):
    """Something that is not done, with a stable dotted `code` and a sentence for the person."""

    code: ClassVar[str] = "refused"
    retry_after: int | None = None

    def __init__(self, detail: str | None = None, *, errors: tuple[FieldProblem, ...] = ()) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().split("\n")[0]
        self.errors = errors
        super().__init__(self.detail)

    @classmethod
    def at(cls, pointer: str, detail: str | None = None) -> "Refusal":
        """Refuse because of one field; the same sentence stands at the field."""
        refusal = cls(detail)
        refusal.errors = (FieldProblem(pointer, refusal.detail),)
        return refusal


class Unauthenticated(Refusal):
    """Sign in first."""

    code = "auth.required"


class NotFound(Refusal):
    """There is nothing here that you may know of."""

    code = "not-found"


class Forbidden(Refusal):
    """You may see this, but not do that."""

    code = "forbidden"


class Conflict(Refusal):
    """That does not fit the present state."""

    code = "conflict"


class Invalid(Refusal):
    """Something in the request is not right; the fields at fault are named."""

    code = "invalid"


class UnsupportedBody(Refusal):
    """The body is of a type that is not read here."""

    code = "unsupported-body"


class PreconditionFailed(Refusal):
    """It was changed meanwhile: read it again, then repeat your change."""

    code = "precondition.failed"


class PreconditionRequired(Refusal):
    """Send If-Match with the ETag that you read."""

    code = "precondition.required"


class TooMany(Refusal):
    """Too many requests: wait a moment."""

    code = "too-many"


class Unavailable(Refusal):
    """A part that is needed is away for the moment: try again soon."""

    code = "unavailable"
    retry_after = 2
