"""Fields of campaigns on the wire, and what ideas say in them."""

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, StrictBool, WithJsonSchema

from app.schemas.shapes import Answer, Filled, Request, refuse_unreadable

FieldKindName = Literal["text", "number", "choice", "choices", "date", "yes_no"]
"""`domain.fields.FieldKind` on the wire."""

_MOST_CHOICES = 50
_LONGEST_TEXT, _LONGEST_KEY = 2_000, 40


def _read_answer(given: object) -> object:
    """Refuse what is an answer to no field; whether it is one to its own is for the rules."""
    texts = given if isinstance(given, list) else [given] if isinstance(given, str) else []
    longest = _LONGEST_KEY if isinstance(given, list) else _LONGEST_TEXT
    for text in texts:
        if not isinstance(text, str) or len(text) > longest:
            message = f"must be a text of {longest:,} characters at most"
            raise ValueError(message)
        refuse_unreadable(text)
    if not isinstance(given, str | bool | int | float | list | None) or len(texts) > _MOST_CHOICES:
        message = "must be a text, a number, true or false, or a list of keys"
        raise ValueError(message)
    return given


_KEY = {"type": "string", "maxLength": _LONGEST_KEY}
FieldAnswer = Annotated[
    Any,
    PlainValidator(_read_answer),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": _LONGEST_TEXT},
                {"type": "number"},
                {"type": "boolean"},
                {"type": "array", "items": _KEY, "maxItems": _MOST_CHOICES},
                {"type": "null"},
            ]
        }
    ),
]
FieldAnswers = Annotated[dict[str, FieldAnswer], Field(max_length=_MOST_CHOICES)]
"""Answers by the keys of fields; null takes one back."""

Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[Filled, Field(min_length=1, max_length=200)]


class SetLabels(Request):
    """A label in both languages."""

    en: Label
    fr: Label


class SetChoice(Request):
    """Something that may be chosen."""

    key: Key
    labels: SetLabels


class SetField(Request):
    """A field that a campaign asks for."""

    key: Key
    kind: FieldKindName
    labels: SetLabels
    required: StrictBool = False
    unit: Annotated[Filled, Field(max_length=20)] | None = None
    choices: Annotated[list[SetChoice], Field(max_length=_MOST_CHOICES)] = []


class Labels(Answer):
    """A label in both languages."""

    en: str
    fr: str


class Choice(Answer):
    """Something that may be chosen."""

    key: str
    labels: Labels


class CampaignField(Answer):
    """A field that a campaign asks for."""

    key: str
    kind: FieldKindName
    labels: Labels
    required: bool
    unit: str | None
    choices: list[Choice]


class IdeaField(Answer):
    """What an idea says in a field; `retired` ones are no more asked for. `chosen` are the choices of the answer."""

    key: str
    kind: FieldKindName
    labels: Labels
    unit: str | None
    value: FieldAnswer
    chosen: list[Choice]
    retired: bool
