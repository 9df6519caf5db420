"""Fields of campaigns: which make sense, and what goes stays readable."""

from typing import Any

import pytest

from app.domain import fields
from app.domain.fields import Definition, FieldNotRight

CHOICES: list[dict[str, Any]] = [
    {"key": "tap", "labels": {"en": "Tap", "fr": "Robinet"}},
    {"key": "roof", "labels": {"en": "Roof", "fr": "Toit"}},
    {"key": "old", "labels": {"en": "Old", "fr": "Vieux"}, "retired": True},
]


def define(kind: str, **changes: Any) -> Definition:
    facts: dict[str, Any] = {"choices": CHOICES[:2] if kind in {"choice", "choices"} else [], "unit": None}
    facts |= {"required": False, "labels": {"en": "a", "fr": "a"}, "key": "site"} | changes
    return Definition(kind=kind, **facts)


@pytest.mark.parametrize(
    ("pointer", "wanted"),
    [
        ("/fields/1/key", [define("text"), define("number")]),
        ("/fields/0/choices", [define("choice", choices=CHOICES[:1])]),
        ("/fields/0/choices", [define("choices", choices=[CHOICES[0], CHOICES[0]])]),
        ("/fields/0/choices", [define("text", choices=CHOICES)]),
        ("/fields/0/unit", [define("text", unit="m³")]),
    ],
)
def test_fields_that_make_no_sense_are_refused(pointer: str, wanted: list[Definition]) -> None:
    with pytest.raises(FieldNotRight) as refused:
        fields.check_definitions(wanted)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


def test_choices_that_went_keep_their_labels() -> None:
    merged = fields.merge_choices(CHOICES, CHOICES[1:2])
    assert [(each["key"], each.get("retired", False)) for each in merged] == [
        ("roof", False),
        ("tap", True),
        ("old", True),
    ]
    back = fields.merge_choices(merged, CHOICES[:2])
    assert [each["key"] for each in back if not each.get("retired")] == ["tap", "roof"]


def test_all_that_is_missing_is_named() -> None:
    asked = [define("text", key=key, required=key != "c") for key in "abc"]
    refusal = fields.find_missing(asked, ["b"])
    assert refusal is not None
    assert [problem.pointer for problem in refusal.errors] == ["/fields/a"]
    assert fields.find_missing(asked, ["a", "b"]) is None
    assert fields.point_at("a/b~c") == "/fields/a~1b~0c"
