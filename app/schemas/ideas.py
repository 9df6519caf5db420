"""Ideas on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from app.schemas.fields import FieldAnswers, IdeaField
from app.schemas.prices import Price
from app.schemas.restrictions import RestrictionKindName
from app.schemas.shapes import Answer, Filled, Identifier, Named, Readable, Request, Time

StageName = Literal[
    "draft",
    "submitted",
    "evaluation",
    "recommended",
    "selected",
    "project",
    "pilot",
    "deployed",
    "declined",
    "withdrawn",
    "merged",
]
"""`domain.pipeline.Stage` on the wire."""

Sort = Literal["new", "hot", "top", "discussed", "needs_eyes"]


def _fold_tags(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(tag.casefold().split()) for tag in tags))


Title = Annotated[Filled, Field(min_length=3, max_length=250)]
Text = Annotated[Filled, Field(min_length=1, max_length=20_000)]
OptionalText = Annotated[Readable, Field(max_length=20_000)]
Tag = Annotated[Filled, Field(min_length=1, max_length=60)]
Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(_fold_tags)]


class SubmitIdea(Request):
    """A new idea; it is submitted at once unless it is a draft, or goes to the readers of a lane alone."""

    title: Title
    problem: Text
    solution: Text
    benefit: OptionalText = ""
    theme: Identifier
    function: Identifier | None = None
    campaign: Identifier | None = None
    tags: Tags = []
    anonymous: StrictBool = False
    fields: FieldAnswers = {}
    draft: StrictBool = False
    restriction: RestrictionKindName | None = None


class EditIdea(Request):
    """A change of an idea; fields that are left out stay as they are."""

    title: Title = ""
    problem: Text = ""
    solution: Text = ""
    benefit: OptionalText = ""
    theme: Identifier = ""
    function: Identifier | None = None
    campaign: Identifier | None = None
    tags: Tags = []
    anonymous: StrictBool = False
    fields: FieldAnswers = {}


class IdeaCard(Answer):
    """An idea in a list; while `votes_hidden`, nobody is told how many `votes` it has, and 0 stands there.

    `hidden` is the reason for which a moderator hid its texts, for everybody. `restriction` is the kind for which its
    authors and a few readers alone see it; then it stands as a draft.
    """

    id: str
    title: str
    stage: StageName
    clarification: bool
    on_hold: bool
    votes: int
    votes_hidden: bool
    comments: int
    voted: bool
    anonymous: bool
    hidden: str | None
    restriction: str | None
    author: Named | None
    function: Named | None
    theme: Named
    campaign: Named
    holder: Named | None
    created_at: Time
    can: list[str]


class ElsewhereVotes(Answer):
    """What an imported idea had earned elsewhere; these are not votes here."""

    source: str
    votes: dict[str, int]


class Money(Answer):
    """An amount of money: a decimal as text, an ISO 4217 code, `once` or `year`."""

    amount: str
    currency: str
    per: str


class GatePassed(Answer):
    """What was shown at a gate."""

    stage: str
    at: Time
    owner: Named | None
    estimate: Money | None
    benefit: Money | None
    cost: Price | None
    place: str | None
    starts_on: date | None
    ends_on: date | None
    success_measure: str | None
    result: str | None
    benefit_due_on: date | None
    skip_reason: str | None


class Decline(Answer):
    """Why an idea was declined, and where it stood."""

    reason_code: str
    text: str | None
    at: Time
    stage: str


class Waiting(Answer):
    """Since when the holder has an idea and until when an answer is due; the clock stands still while `paused`."""

    since: Time
    due_at: Time | None
    paused: bool


class IdeaDetail(IdeaCard):
    """An idea with its texts: as they were typed (Markdown) and as safe HTML."""

    problem: str
    solution: str
    benefit: str
    problem_html: str
    solution_html: str
    benefit_html: str
    authors: list[Named]
    tags: list[str]
    fields: list[IdeaField]
    version: int
    updated_at: Time
    wake_on: date | None
    canonical: str | None
    waiting: Waiting | None
    decline: Decline | None
    gates: list[GatePassed]
    elsewhere: ElsewhereVotes | None


class SimilarIdea(Answer):
    """An idea that may say the same; `last_reason` is why it was declined, if it was."""

    id: str
    title: str
    stage: StageName
    votes: int
    votes_hidden: bool
    comments: int
    last_reason: Decline | None
    score: float


class SimilarIdeas(Answer):
    """The likeliest duplicates first."""

    items: list[SimilarIdea]
