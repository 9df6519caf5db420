"""What happens in the demonstration's world: one small frozen record for each thing a person does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.demo.animation import OfGatherings, OfHelp
from app.demo.figures import Figures


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units of a currency, `per` once or year."""

    amount: int
    currency: str
    per: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person signs in interactively."""

    at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Submit:
    """A person submits an idea, alone or with others; `function` and `campaign` are none when not chosen."""

    at: datetime
    idea: str
    person: str
    co_authors: tuple[str, ...]
    anonymous: bool
    title: str
    problem: str
    solution: str
    benefit: str | None
    theme: str
    function: str | None
    campaign: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """A person votes for an idea."""

    at: datetime
    idea: str
    person: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A person comments on an idea."""

    at: datetime
    comment: str
    idea: str
    person: str
    body: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A person answers a comment of the first level."""

    at: datetime
    comment: str
    idea: str
    reply_to: str
    person: str
    body: str


@dataclass(frozen=True, slots=True)
class Review:
    """Whoever holds the idea acts: `acknowledge`, `clarify`, `forward`, `recommend` or `decline`."""

    at: datetime
    idea: str
    action: str
    text: str | None = None
    reason_code: str | None = None
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The author answers the open clarification."""

    at: datetime
    idea: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """The holder or the committee fills a scorecard.

    Marks go from 1 to 5; the first ones are taken, as many as there are criteria.
    """

    at: datetime
    idea: str
    marks: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Transition:
    """The committee moves an idea; `to` as in the API, `on_hold`, `resumed` and `reopened` included."""

    at: datetime
    idea: str
    to: str
    text: str
    reason_code: str | None = None
    owner: str | None = None
    estimate: Money | None = None
    cost: Money | None = None
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    success_measure: str | None = None
    result: str | None = None
    benefit: Money | None = None
    benefit_due_on: date | None = None
    skip_reason: str | None = None
    wakes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The author withdraws the idea."""

    at: datetime
    idea: str
    person: str


OfPipeline = Review | Answer | Score | Transition | Withdraw
Act = SignIn | Submit | Vote | Comment | Reply | OfPipeline | OfHelp | OfGatherings


@dataclass(frozen=True, slots=True)
class Campaign:
    """A time-boxed challenge, open from one moment to the other; `theme` is that of all its ideas."""

    key: str
    name: str
    question: str
    theme: str
    sponsor: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on one day in Paris, in the order of time."""

    date: date
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole history: `stages` says where each idea ends, by its key."""

    as_of: date
    figures: Figures
    campaigns: tuple[Campaign, ...]
    days: tuple[Day, ...]
    stages: Mapping[str, str]

    def acts(self) -> Iterator[Act]:
        """Every act, in the order of time."""
        for day in self.days:
            yield from day.acts
