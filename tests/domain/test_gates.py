"""What each act must show, with every field that is missing named."""

from datetime import date
from typing import Any

import pytest

from app.domain import gates
from app.domain.gates import GateNotMet
from app.domain.pipeline import Act

WHY = "It was tried before and did not work."
PILOT = {
    "place": "Lyon",
    "starts_on": date(2026, 1, 5),
    "ends_on": date(2026, 2, 5),
    "success_measure": "Half the waste",
}
DUE = {"benefit_due_on": date(2026, 6, 1)}
SHOWN: list[tuple[Act, str, dict[str, Any]]] = [
    (Act.FORWARD, "submitted", {"function": "it", "text": "Theirs"}),
    (Act.CLARIFY, "evaluation", {"text": "Where?"}),
    (Act.ANSWER, "evaluation", {"text": "Here."}),
    (Act.RECOMMEND, "evaluation", {"text": "Good"}),
    (Act.DECLINE, "evaluation", {"reason_code": "cost", "text": WHY}),
    (Act.START_PROJECT, "selected", {"owner": "somebody", "estimate": {"amount": 1}}),
    (Act.START_PILOT, "project", PILOT),
    (Act.DEPLOY, "pilot", {"result": "It works", "benefit": {"amount": 1}}),
    (Act.DEPLOY, "project", {"result": "It works", "benefit": {"amount": 1}, "skip_reason": "Small"}),
    (Act.HOLD, "pilot", {"text": "Later", "wake_on": date(2026, 6, 1)}),
    (Act.REOPEN, "declined", {"text": "Now it can be done"}),
    (Act.APPEAL, "declined", {"text": "Look again"}),
]


def list_missing(act: Act, stage: str, facts: dict[str, Any]) -> list[str]:
    try:
        gates.check_shown(act, stage, facts)
    except GateNotMet as refusal:
        return [problem.pointer if problem.detail else "" for problem in refusal.errors]
    return []


@pytest.mark.parametrize(("act", "stage", "facts"), SHOWN)
def test_what_is_shown_is_enough_and_nothing_of_it_can_be_left_out(
    act: Act, stage: str, facts: dict[str, Any]
) -> None:
    assert list_missing(act, stage, facts) == []
    for name in facts:
        without = {field: value for field, value in facts.items() if field != name}
        assert list_missing(act, stage, without) == [f"/{name}"]
        assert list_missing(act, stage, without | {name: None}) == [f"/{name}"]


@pytest.mark.parametrize(("act", "stage", "facts"), SHOWN)
def test_everything_that_is_missing_is_named_at_once(act: Act, stage: str, facts: dict[str, Any]) -> None:
    assert sorted(list_missing(act, stage, {})) == sorted(f"/{name}" for name in facts)


@pytest.mark.parametrize(("act", "stage", "facts"), SHOWN)
def test_a_blank_text_shows_nothing(act: Act, stage: str, facts: dict[str, Any]) -> None:
    blank = {name: " \n" if isinstance(value, str) else value for name, value in facts.items()}
    texts = [f"/{name}" for name, value in facts.items() if isinstance(value, str)]
    assert sorted(list_missing(act, stage, blank)) == sorted(texts)


@pytest.mark.parametrize(
    "act", [Act.SUBMIT, Act.ACKNOWLEDGE, Act.SELECT, Act.RESUME, Act.WITHDRAW, Act.MERGE]
)
def test_other_acts_need_show_nothing(act: Act) -> None:
    assert list_missing(act, "project", {}) == []


@pytest.mark.parametrize(
    ("text", "enough"), [("x" * 19, False), ("x" * 20, True), (" " * 20 + "x" * 19, False)]
)
def test_a_decline_is_explained_in_twenty_characters(text: str, enough: bool) -> None:
    missing = list_missing(Act.DECLINE, "evaluation", {"reason_code": "cost", "text": text})
    assert missing == ([] if enough else ["/text"])


@pytest.mark.parametrize(
    ("ends", "fits"), [("2026-01-04", False), ("2026-01-05", True), ("2026-01-06", True)]
)
def test_a_pilot_does_not_end_before_it_starts(ends: str, fits: bool) -> None:
    missing = list_missing(Act.START_PILOT, "project", PILOT | {"ends_on": date.fromisoformat(ends)})
    assert missing == ([] if fits else ["/ends_on"])


@pytest.mark.parametrize(
    ("facts", "missing"), [({}, ["/benefit"]), (DUE, []), ({"benefit": 0}, []), (DUE | {"benefit": 1}, [])]
)
def test_a_deployment_shows_its_benefit_or_when_it_is_due(facts: dict[str, Any], missing: list[str]) -> None:
    assert list_missing(Act.DEPLOY, "pilot", {"result": "It works"} | facts) == missing
