"""Decisions, transitions, reviews and the itinerary on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.reasons import Reason
from app.schemas.prices import StatedPrice
from app.schemas.shapes import Answer, Day, Filled, Identifier, Named, Readable, Request, Time

Explanation = Annotated[Readable, Field(max_length=5_000)]
Fact = Annotated[Readable, Field(max_length=5_000)]


class Decide(Request):
    """An act of the holder, or the author's answer."""

    action: Literal["acknowledge", "clarify", "answer", "forward", "recommend", "decline"]
    reason_code: Reason | None = None
    text: Explanation | None = None
    function: Identifier | None = None


class StatedMoney(StatedPrice):
    """An amount of money; `amount` is a number or a decimal as text."""

    per: Literal["once", "year"]


class MoveIdea(Request):
    """An act of the committee.

    `cost` is what a project is to cost, or has cost when it is deployed; `due_on` is the day that is
    promised for the next step, to `selected` or further.
    """

    to: Literal["selected", "project", "pilot", "deployed", "declined", "on_hold", "resumed", "reopened"]
    reason_code: Reason | None = None
    text: Explanation | None = None
    owner: Identifier | None = None
    estimate: StatedMoney | None = None
    cost: StatedPrice | None = None
    place: Fact | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    wake_on: Day | None = None
    due_on: Day | None = None
    success_measure: Fact | None = None
    result: Fact | None = None
    benefit: StatedMoney | None = None
    benefit_due_on: Day | None = None
    skip_reason: Fact | None = None


class AppealDecline(Request):
    """The author's appeal against a decline."""

    text: Annotated[Filled, Field(max_length=5_000)]


class MergeIdea(Request):
    """Merging an idea into the one that says the same."""

    into: Identifier
    text: Explanation | None = None


class FillScorecard(Request):
    """An evaluation: a score from 1 to 5 for each criterion, and why."""

    scores: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=5, strict=True)]], Field(min_length=1, max_length=50)
    ]
    text: Annotated[Filled, Field(max_length=5_000)]


class Scorecard(Answer):
    """A filled scorecard; `total` is the weighted mean."""

    scores: dict[str, int]
    text: str
    total: float
    filled_at: Time


class Criterion(Answer):
    """A criterion of the scorecard."""

    id: str
    key: str
    name: str
    weight: int


class IdeaInQueue(Answer):
    """The idea of a review."""

    id: str
    title: str
    stage: str
    clarification: bool
    votes: int
    votes_hidden: bool
    comments: int


class Review(Answer):
    """One turn on an idea, with its clock; `age_days` counts from its opening."""

    id: str
    idea: IdeaInQueue
    kind: str
    function: Named | None
    opened_at: Time
    age_days: int
    first_answer_due_at: Time | None
    decision_due_at: Time | None
    late: bool
    acknowledged_at: Time | None
    closed_at: Time | None
    outcome: str | None
    can: list[str]


class ItineraryStep(Answer):
    """One entry of the itinerary; `actor` is null where nobody may know, or the product itself acted."""

    position: int
    at: Time
    act: str
    actor: Named | None
    from_stage: str
    to_stage: str
    function: Named | None
    holder: Named | None
    reason_code: str | None
    text: str | None
    facts: dict[str, str | int | None]
    hash: str


class Itinerary(Answer):
    """Everything that happened to an idea, the oldest first."""

    items: list[ItineraryStep]


class Verification(Answer):
    """Whether the chain of an itinerary holds, how many rows it has, and its last hash."""

    valid: bool
    rows: int
    head: str


class RoutingExplanation(Answer):
    """Why an idea is where it is, in words and in stable codes, and until when an answer is due there."""

    holder: Named | None
    function: Named | None
    since: Time | None
    due_at: Time | None
    paused: bool
    late: bool
    explanation: list[str]
    function_by: str | None
    tier: str | None
