"""Refusals: a code, a sentence for the person, and the fields at fault."""

import pytest

from app.domain.errors import FieldProblem, Refusal


class TooLoud(Refusal):
    """Somebody sleeps here.

    It is said of nights only.
    """

    code = "sounds.too-loud"


class Unsaid(Refusal):
    code = "sounds.unsaid"


def test_a_refusal_says_the_sentence_of_its_kind() -> None:
    refusal = TooLoud()
    assert (refusal.code, refusal.detail, refusal.errors) == (
        "sounds.too-loud",
        "Somebody sleeps here.",
        (),
    )
    assert str(refusal) == "Somebody sleeps here."
    assert refusal.retry_after is None


def test_a_refusal_says_what_it_was_told_to() -> None:
    refusal = TooLoud("Not now.", errors=(FieldProblem("/volume", "is 11"),))
    assert (refusal.detail, str(refusal)) == ("Not now.", "Not now.")
    assert refusal.errors == (FieldProblem("/volume", "is 11"),)


def test_a_refusal_without_a_sentence_is_none_the_less_one() -> None:
    assert Unsaid().detail == ""


@pytest.mark.parametrize(
    ("said", "detail"), [(None, "Somebody sleeps here."), ("Turn it down.", "Turn it down.")]
)
def test_the_sentence_stands_at_the_field_too(said: str | None, detail: str) -> None:
    refusal = TooLoud.at("/volume", said)
    assert isinstance(refusal, TooLoud)
    assert refusal.detail == detail
    assert refusal.errors == (FieldProblem("/volume", detail),)
