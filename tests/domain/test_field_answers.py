"""Answers to fields of campaigns: what is one, and that each is shown as it was given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import field_answers, fields
from app.domain.field_answers import AnswerNotRight
from tests.domain.test_fields import CHOICES, define


@pytest.mark.parametrize(
    ("kind", "answer", "kept"),
    [
        ("text", "  Lyon ", ["  Lyon "]),
        ("text", "x" * 2_000, ["x" * 2_000]),
        ("number", 12, ["12"]),
        ("number", 12.5, ["12.5"]),
        ("number", -0.0, ["0"]),
        ("number", 1e12, ["1000000000000"]),
        ("number", 0.0001, ["0.0001"]),
        ("date", "2026-02-28", ["2026-02-28"]),
        ("yes_no", False, ["false"]),
        ("choice", "tap", ["tap"]),
        ("choices", ["roof", "tap"], ["roof", "tap"]),
        *((kind, None, []) for kind in fields.FieldKind),
        ("choices", [], []),
        ("text", "", []),
    ],
)
def test_answers_are_kept_in_the_form_of_their_kind(kind: str, answer: object, kept: list[str]) -> None:
    assert field_answers.read_answer(define(kind), answer) == kept


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("text", 12),
        ("text", "   "),
        ("text", "x" * 2_001),
        ("text", ["a"]),
        ("number", "12"),
        ("number", True),
        ("number", 1e13),
        ("number", 10**400),
        ("number", float("nan")),
        ("number", float("inf")),
        ("number", 0.00001),
        ("date", "2026-02-30"),
        ("date", "20260228"),
        ("date", "2026-W01-1"),
        ("date", 20260228),
        ("yes_no", "true"),
        ("yes_no", 1),
        ("choice", "pipe"),
        ("choice", "old"),
        ("choice", ["tap"]),
        ("choices", "tap"),
        ("choices", ["tap", "tap"]),
        ("choices", ["tap", 1]),
        ("choices", ["old"]),
    ],
)
def test_what_is_no_answer_is_refused_at_its_field(kind: str, answer: object) -> None:
    asked = define(kind, choices=CHOICES if kind in {"choice", "choices"} else [])
    with pytest.raises(AnswerNotRight) as refused:
        field_answers.read_answer(asked, answer)
    assert [problem.pointer for problem in refused.value.errors] == ["/fields/site"]


ANSWERS = st.one_of(
    st.tuples(st.just("number"), st.integers(-(10**12), 10**12)),
    st.tuples(st.just("number"), st.decimals(-(10**9), 10**9, places=4).map(float)),
    st.tuples(st.just("yes_no"), st.booleans()),
    st.tuples(st.just("text"), st.text(min_size=1).filter(str.strip)),
    st.tuples(st.just("date"), st.dates().map(lambda day: day.isoformat())),
    st.tuples(st.just("choices"), st.lists(st.sampled_from(["tap", "roof"]), min_size=1, unique=True)),
)


@given(ANSWERS)
def test_an_answer_is_shown_as_it_was_given_and_found_by_it(answered: tuple[str, Any]) -> None:
    kind, answer = answered
    kept = field_answers.read_answer(define(kind), answer)
    assert field_answers.show_answer(kind, kept) == answer
    if kind != "text":
        for text in kept:
            assert field_answers.fold(text) in field_answers.fold_asked(text)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("12.50", "12.5"), ("012", "12"), ("1e3", "1000"), ("LYON  sud", "lyon sud"), ("-0", "0")],
)
def test_answers_are_found_however_they_are_written(asked: str, kept: str) -> None:
    assert kept in field_answers.fold_asked(asked)


@pytest.mark.parametrize("text", ["nan", "inf", "1e999999999", "x" * 500, "1" * 500, "٣"])
def test_anything_can_be_asked_for(text: str) -> None:
    assert all(len(each) <= field_answers.FOLDED for each in field_answers.fold_asked(text))
