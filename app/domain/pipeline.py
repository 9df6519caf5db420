"""The pipeline: the one table of moves, from which legal moves, refusals and the diagram follow."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict


class Stage(StrEnum):
    """Where an idea stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    EVALUATION = "evaluation"
    RECOMMENDED = "recommended"
    SELECTED = "selected"
    PROJECT = "project"
    PILOT = "pilot"
    DEPLOYED = "deployed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Act(StrEnum):
    """What moves an idea, or changes a flag of its stage."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    FORWARD = "forward"
    CLARIFY = "clarify"
    ANSWER = "answer"
    RECOMMEND = "recommend"
    SELECT = "select"
    START_PROJECT = "start_project"
    START_PILOT = "start_pilot"
    DEPLOY = "deploy"
    DECLINE = "decline"
    HOLD = "hold"
    RESUME = "resume"
    REOPEN = "reopen"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    MERGE = "merge"


class By(StrEnum):
    """Whose act it is; a `seat` is the committee's alone, elsewhere the holder's hand counts as theirs."""

    AUTHOR = "author"
    HOLDER = "holder"
    COMMITTEE = "committee"
    SEAT = "committee seat"
    REVIEWERS = "reviewers"


_S = Stage

REVIEW_STAGES = frozenset({_S.SUBMITTED, _S.EVALUATION})
COMMITTEE_STAGES = frozenset({_S.RECOMMENDED, _S.SELECTED, _S.PROJECT, _S.PILOT})
OPEN_STAGES = REVIEW_STAGES | COMMITTEE_STAGES
"""Stages in which an idea has a holder and a next step."""

WITH_POTENTIAL = (_S.SELECTED, _S.PROJECT, _S.PILOT, _S.DEPLOYED)


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table.

    `target` is None when the stage stays as it is, and for a reopening or an appeal, which go back to the
    stage of the decline. `in_clarification` and `on_hold` say what the flag must be; None means either.
    """

    act: Act
    sources: frozenset[Stage]
    target: Stage | None
    by: By
    in_clarification: bool | None = None
    on_hold: bool | None = None


MOVES: tuple[Move, ...] = (
    Move(Act.SUBMIT, frozenset({_S.DRAFT}), _S.SUBMITTED, By.AUTHOR),
    Move(Act.ACKNOWLEDGE, frozenset({_S.SUBMITTED}), _S.EVALUATION, By.HOLDER),
    Move(Act.FORWARD, REVIEW_STAGES, _S.SUBMITTED, By.HOLDER),
    Move(Act.CLARIFY, REVIEW_STAGES, None, By.HOLDER, in_clarification=False),
    Move(Act.ANSWER, REVIEW_STAGES, None, By.AUTHOR, in_clarification=True),
    Move(Act.RECOMMEND, frozenset({_S.EVALUATION}), _S.RECOMMENDED, By.HOLDER),
    Move(Act.DECLINE, REVIEW_STAGES, _S.DECLINED, By.HOLDER),
    Move(Act.SELECT, frozenset({_S.RECOMMENDED}), _S.SELECTED, By.COMMITTEE, on_hold=False),
    Move(Act.START_PROJECT, frozenset({_S.SELECTED}), _S.PROJECT, By.COMMITTEE, on_hold=False),
    Move(Act.START_PILOT, frozenset({_S.PROJECT}), _S.PILOT, By.COMMITTEE, on_hold=False),
    Move(Act.DEPLOY, frozenset({_S.PROJECT, _S.PILOT}), _S.DEPLOYED, By.COMMITTEE, on_hold=False),
    Move(Act.DECLINE, COMMITTEE_STAGES, _S.DECLINED, By.COMMITTEE),
    Move(Act.HOLD, COMMITTEE_STAGES, None, By.COMMITTEE, on_hold=False),
    Move(Act.RESUME, COMMITTEE_STAGES, None, By.COMMITTEE, on_hold=True),
    Move(Act.REOPEN, frozenset({_S.DECLINED}), None, By.SEAT),
    Move(Act.APPEAL, frozenset({_S.DECLINED}), None, By.AUTHOR),
    Move(Act.WITHDRAW, OPEN_STAGES, _S.WITHDRAWN, By.AUTHOR),
    Move(Act.MERGE, OPEN_STAGES, _S.MERGED, By.REVIEWERS),
)


class Placed(Protocol):
    """What the table needs to know of an idea; a table row fits by its shape."""

    stage: str
    clarification: bool
    on_hold: bool
    declined_at: str | None


class MoveNotPossible(Conflict):
    """The idea does not stand where this can be done."""

    code = "pipeline.not-possible"


class MovedMeanwhile(Conflict):
    """Somebody else moved the idea at the same moment: read it again."""

    code = "pipeline.moved-meanwhile"


def get_move(idea: Placed, act: Act, by: By) -> Move:
    """Return the row by which an idea can make an act of somebody now.

    Raises: MoveNotPossible.
    """
    move = next((move for move in list_moves(idea) if move.act is act and move.by is by), None)
    if move is None:
        where = idea.stage + (", waiting for the author's answer" if idea.clarification else "")
        where += ", on hold" if idea.on_hold else ""
        message = f"An idea that is {where} can't {act.value.replace('_', ' ')}."
        raise MoveNotPossible(message)
    return move


def get_target(idea: Placed, move: Move) -> Stage:
    """Return the stage that a move leads to."""
    if move.act in (Act.REOPEN, Act.APPEAL):
        return Stage(idea.declined_at or Stage.SUBMITTED)
    return move.target or Stage(idea.stage)


def list_moves(idea: Placed) -> list[Move]:
    """Return the rows that the table allows now, in its order, whoever makes them."""
    return [
        move
        for move in MOVES
        if idea.stage in move.sources
        and move.in_clarification in (None, idea.clarification)
        and move.on_hold in (None, idea.on_hold)
    ]
