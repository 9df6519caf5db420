"""The transition table against an independent reading of the product's table."""

from dataclasses import dataclass
from itertools import product

import pytest

from app.domain import pipeline
from app.domain.pipeline import Act, By, MoveNotPossible, Stage

REVIEW = ("submitted", "evaluation")
COMMITTEE = ("recommended", "selected", "project", "pilot")
PUBLISHED: dict[tuple[str, By], dict[str, str]] = {
    ("submit", By.AUTHOR): {"draft": "submitted"},
    ("acknowledge", By.HOLDER): {"submitted": "evaluation"},
    ("forward", By.HOLDER): dict.fromkeys(REVIEW, "submitted"),
    ("clarify", By.HOLDER): {stage: stage for stage in REVIEW},
    ("answer", By.AUTHOR): {stage: stage for stage in REVIEW},
    ("recommend", By.HOLDER): {"evaluation": "recommended"},
    ("select", By.COMMITTEE): {"recommended": "selected"},
    ("start_project", By.COMMITTEE): {"selected": "project"},
    ("start_pilot", By.COMMITTEE): {"project": "pilot"},
    ("deploy", By.COMMITTEE): {"pilot": "deployed", "project": "deployed"},
    ("decline", By.HOLDER): dict.fromkeys(REVIEW, "declined"),
    ("decline", By.COMMITTEE): dict.fromkeys(COMMITTEE, "declined"),
    ("hold", By.COMMITTEE): {stage: stage for stage in COMMITTEE},
    ("resume", By.COMMITTEE): {stage: stage for stage in COMMITTEE},
    ("reopen", By.SEAT): {"declined": "evaluation"},
    ("appeal", By.AUTHOR): {"declined": "evaluation"},
    ("withdraw", By.AUTHOR): dict.fromkeys(REVIEW + COMMITTEE, "withdrawn"),
    ("merge", By.REVIEWERS): dict.fromkeys(REVIEW + COMMITTEE, "merged"),
}


@dataclass
class Somewhere:
    stage: str
    clarification: bool = False
    on_hold: bool = False
    declined_at: str | None = "evaluation"


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("act", list(Act))
def test_only_published_moves_are_possible(stage: Stage, act: Act) -> None:
    for by, clarification, on_hold in product(By, (False, True), (False, True)):
        if (clarification and stage not in REVIEW) or (on_hold and stage not in COMMITTEE):
            continue
        idea = Somewhere(stage, clarification, on_hold)
        target = PUBLISHED.get((act.value, by), {}).get(stage)
        possible = target is not None
        if act is Act.CLARIFY:
            possible = possible and not clarification
        if act is Act.ANSWER:
            possible = possible and clarification
        if act in (Act.SELECT, Act.START_PROJECT, Act.START_PILOT, Act.DEPLOY, Act.HOLD):
            possible = possible and not on_hold
        if act is Act.RESUME:
            possible = possible and on_hold
        if possible:
            move = pipeline.get_move(idea, act, by)
            assert pipeline.get_target(idea, move) == target
        else:
            with pytest.raises(MoveNotPossible):
                pipeline.get_move(idea, act, by)


def test_a_reopened_idea_returns_to_where_it_was_declined() -> None:
    idea = Somewhere("declined", declined_at="pilot")
    assert pipeline.get_target(idea, pipeline.get_move(idea, Act.REOPEN, By.SEAT)) is Stage.PILOT


def test_what_is_not_possible_tells_where_the_idea_stands() -> None:
    told = []
    for idea in (
        Somewhere("pilot"),
        Somewhere("pilot", on_hold=True),
        Somewhere("pilot", clarification=True),
    ):
        with pytest.raises(MoveNotPossible) as refused:
            pipeline.get_move(idea, Act.START_PROJECT, By.COMMITTEE)
        assert "pilot" in refused.value.detail
        assert "start project" in refused.value.detail
        told.append(refused.value.detail)
    assert len(set(told)) == 3
    assert "on hold" in told[1]


def test_a_decline_is_in_other_hands_at_each_stage() -> None:
    for stage, by in (("evaluation", By.HOLDER), ("pilot", By.COMMITTEE)):
        assert [move.by for move in pipeline.list_moves(Somewhere(stage)) if move.act is Act.DECLINE] == [by]


def test_what_was_declined_before_stages_were_kept_returns_to_the_beginning() -> None:
    idea = Somewhere("declined", declined_at=None)
    for act, by in ((Act.REOPEN, By.SEAT), (Act.APPEAL, By.AUTHOR)):
        assert pipeline.get_target(idea, pipeline.get_move(idea, act, by)) is Stage.SUBMITTED


def test_the_moves_that_are_shown_are_those_that_are_possible() -> None:
    idea = Somewhere("evaluation")
    acts = [move.act for move in pipeline.list_moves(idea)]
    assert acts == [Act.FORWARD, Act.CLARIFY, Act.RECOMMEND, Act.DECLINE, Act.WITHDRAW, Act.MERGE]
