"""Fields of campaigns: what may be asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from app.domain.errors import FieldProblem, Invalid


class FieldKind(StrEnum):
    """What is answered in a field."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    YES_NO = "yes_no"


_CHOSEN = {FieldKind.CHOICE, FieldKind.CHOICES}


class FieldNotRight(Invalid):
    """A field of a campaign makes no sense as it is set."""

    code = "fields.definition"


class UnknownField(Invalid):
    """The campaign of this idea has no such field."""

    code = "fields.unknown"


class FieldMissing(Invalid):
    """The campaign of this idea asks for this field."""

    code = "fields.missing"


@dataclass(frozen=True, slots=True)
class Definition:
    """A field as it is set; `choices` and `labels` are as they are kept."""

    key: str
    kind: str
    labels: dict[str, str]
    choices: list[dict[str, Any]]
    unit: str | None
    required: bool


class Asked(Protocol):
    """What the rules need to know of a field."""

    @property
    def key(self) -> str:
        """Its name in requests."""

    @property
    def kind(self) -> str:
        """What is answered in it."""

    @property
    def choices(self) -> list[dict[str, Any]]:
        """What may be chosen, and what could be once."""

    @property
    def required(self) -> bool:
        """Whether an idea is not submitted without."""


def check_definitions(wanted: Sequence[Definition]) -> None:
    """Let pass fields that make sense.

    Raises: FieldNotRight, naming the field.
    """
    seen: set[str] = set()
    for number, field in enumerate(wanted):
        at, chosen = f"/fields/{number}", field.kind in _CHOSEN
        keys = [choice["key"] for choice in field.choices]
        if field.key in seen:
            raise FieldNotRight.at(f"{at}/key", "Another field has this key.")
        if chosen and len(keys) < 2:  # noqa: PLR2004  one is no choice
            raise FieldNotRight.at(f"{at}/choices", "Give two choices at least.")
        if not chosen and keys:
            raise FieldNotRight.at(f"{at}/choices", "This kind of field has no choices.")
        if len(set(keys)) < len(keys):
            raise FieldNotRight.at(f"{at}/choices", "Each choice has a key of its own.")
        if field.unit is not None and field.kind != FieldKind.NUMBER:
            raise FieldNotRight.at(f"{at}/unit", "Only numbers have a unit.")
        seen.add(field.key)


def merge_choices(
    present: Iterable[Mapping[str, Any]], wanted: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the wanted choices, and behind them those that went, by whose labels old answers are still read."""
    keys = {choice["key"] for choice in wanted}
    gone = [{**choice, "retired": True} for choice in present if choice["key"] not in keys]
    return [*wanted, *gone]


def find_missing(fields: Iterable[Asked], answered: Iterable[str]) -> FieldMissing | None:
    """Return the refusal of an idea without answers to all required fields, naming each."""
    keys = set(answered)
    missing = [field.key for field in fields if field.required and field.key not in keys]
    if not missing:
        return None
    detail = (FieldMissing.__doc__ or "").strip()
    return FieldMissing(errors=tuple(FieldProblem(point_at(key), detail) for key in missing))


def point_at(key: str) -> str:
    """Return the JSON pointer of an answer (RFC 6901, 3)."""
    return f"/fields/{key.replace('~', '~0').replace('/', '~1')}"
