"""Answers to fields of campaigns: how they are read, kept, shown and narrowed by."""

import math
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.errors import Invalid, Refusal
from app.domain.fields import Asked, FieldKind, point_at

LONGEST_TEXT = 2_000
FOLDED = 100
"""Characters of a text by which the feed is narrowed."""

_LARGEST = Decimal(10) ** 12
_DECIMALS = 4


class AnswerNotRight(Invalid):
    """An answer does not fit its field."""

    code = "fields.answer"


def read_answer(field: Asked, given: object) -> list[str]:
    """Return an answer as it is kept, one text for each choice; none for null, an empty text, and no choice.

    Raises: AnswerNotRight, naming the field.
    """
    if given is None or given in ("", []):
        return []
    return _READERS[FieldKind(field.kind)](field, given, point_at(field.key))


_EXPECTED = {
    FieldKind.TEXT: f"Answer with a text of {LONGEST_TEXT:,} characters at most.",
    FieldKind.NUMBER: "Answer with a number.",
    FieldKind.DATE: "Answer with a day, such as 2027-01-31.",
    FieldKind.YES_NO: "Answer with true or false.",
    FieldKind.CHOICE: "Answer with the key of a choice.",
    FieldKind.CHOICES: "Answer with a list of the keys of choices.",
}


def show_answer(kind: str, kept: Sequence[str]) -> Any:
    """Return an answer as it was given."""
    match FieldKind(kind):
        case FieldKind.NUMBER:
            number = Decimal(kept[0])
            return int(number) if number == number.to_integral_value() else float(number)
        case FieldKind.YES_NO:
            return kept[0] == "true"
        case FieldKind.CHOICES:
            return list(kept)
        case _:
            return kept[0]


def fold(text: str) -> str:
    """Return what the feed is narrowed by: the first characters of a text without case and double spaces."""
    return " ".join(text.casefold().split())[:FOLDED]


def fold_asked(text: str) -> tuple[str, str]:
    """Return what may be kept of an answer that is asked for: the text folded, and as a number if it is one."""
    folded = fold(text)
    try:
        return folded, _write_number(Decimal(folded)) if len(folded) < FOLDED else folded
    except (ArithmeticError, ValueError):
        return folded, folded


def _refuse(field: Asked, pointer: str) -> Refusal:
    return AnswerNotRight.at(pointer, _EXPECTED[FieldKind(field.kind)])


def _read_text(field: Asked, given: object, pointer: str) -> list[str]:
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_TEXT:
        raise _refuse(field, pointer)
    return [given]


def _read_number(field: Asked, given: object, pointer: str) -> list[str]:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _refuse(field, pointer)
    if (isinstance(given, float) and not math.isfinite(given)) or abs(given) > _LARGEST:
        raise AnswerNotRight.at(pointer, f"Answer with a number up to {_LARGEST:,}.")
    number = Decimal(str(given))
    if number != round(number, _DECIMALS):
        raise AnswerNotRight.at(pointer, f"A number has {_DECIMALS} decimals at most.")
    return [_write_number(number)]


def _write_number(number: Decimal) -> str:
    """Write a number without exponent and needless zeros."""
    if not number.is_finite() or abs(number) > _LARGEST:
        message = "too large"
        raise ValueError(message)
    written = f"{round(number, _DECIMALS):f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written


def _read_day(field: Asked, given: object, pointer: str) -> list[str]:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != given:
        raise _refuse(field, pointer)
    return [given]


def _read_yes_no(field: Asked, given: object, pointer: str) -> list[str]:
    if not isinstance(given, bool):
        raise _refuse(field, pointer)
    return ["true" if given else "false"]


def _read_choice(field: Asked, given: object, pointer: str) -> list[str]:
    if not isinstance(given, str):
        raise _refuse(field, pointer)
    return _read_choices(field, [given], pointer)


def _read_choices(field: Asked, given: object, pointer: str) -> list[str]:
    if not isinstance(given, list):
        raise _refuse(field, pointer)
    open_now = {choice["key"] for choice in field.choices if not choice.get("retired")}
    chosen = [key for key in dict.fromkeys(given) if isinstance(key, str)]
    if not set(chosen) <= open_now or len(chosen) != len(given):
        raise AnswerNotRight.at(pointer, f"Choose of: {', '.join(sorted(open_now))}.")
    return chosen


_READERS: dict[FieldKind, Callable[[Asked, object, str], list[str]]] = {
    FieldKind.TEXT: _read_text,
    FieldKind.NUMBER: _read_number,
    FieldKind.DATE: _read_day,
    FieldKind.YES_NO: _read_yes_no,
    FieldKind.CHOICE: _read_choice,
    FieldKind.CHOICES: _read_choices,
}
