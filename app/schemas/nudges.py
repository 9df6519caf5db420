"""Nudges on the wire."""

from datetime import date
from typing import Literal

from app.schemas.ideas import Text, Title
from app.schemas.shapes import Answer, Identifier, Moment, Named, Request, Time

SegmentName = Literal[
    "passive", "regular", "big_contributor", "influencer", "facilitator", "idea_developer", "top_manager"
]
NudgeStateName = Literal["draft", "scheduled", "sent", "cancelled"]
SuggestionName = Literal["unanswered", "sleeping", "moved", "gathering"]
"""`domain.segments.Segment`, `domain.nudges.NudgeState` and `domain.nudge_suggestions.Reason` on the wire."""


class WriteNudge(Request):
    """A nudge (Markdown): a draft without `send_at`, else sent at that moment, which is to come.

    It goes to the active people in `segment`, in `entity` with all below, and near `function` (a role for it, or
    following it); each that is named narrows the group, none is everybody. It is about one of `idea`, `campaign` and
    `gathering`, or none.
    """

    title: Title
    body: Text
    segment: SegmentName | None = None
    entity: Identifier | None = None
    function: Identifier | None = None
    idea: Identifier | None = None
    campaign: Identifier | None = None
    gathering: Identifier | None = None
    send_at: Moment | None = None


class EditNudge(Request):
    """A change of a nudge that was not sent; fields that are left out stay."""

    title: Title = ""
    body: Text = ""
    segment: SegmentName | None = None
    entity: Identifier | None = None
    function: Identifier | None = None
    idea: Identifier | None = None
    campaign: Identifier | None = None
    gathering: Identifier | None = None
    send_at: Moment | None = None


class NudgeDifference(Answer):
    """By how many points of a hundred more acted of those who were told.

    The truth lies between `low` and `high` in 95 of 100 cases.
    """

    points: int
    low: int
    high: int


class NudgeEffect(Answer):
    """What came of a nudge, in hundredths; null where it could tell of somebody, or where nobody was held out.

    `acted` counts a sign-in, a named idea or comment, or a vote within seven days from the day after; `acted_without`
    is the same of those who were held out. `says` is all of it as a sentence.
    """

    measured_on: date
    opened: int | None
    acted: int | None
    acted_without: int | None
    difference: NudgeDifference | None
    says: str


class Nudge(Answer):
    """A nudge as those see it who write nudges.

    `people` is how many it goes to, or went to, in whole fives, null below five. `effect` is null until it is measured.
    """

    id: str
    title: str
    body: str
    body_html: str
    segment: SegmentName | None
    entity: Named | None
    function: Named | None
    idea: Named | None
    campaign: Named | None
    gathering: Named | None
    author: Named
    state: NudgeStateName
    send_at: Time | None
    sent_at: Time | None
    people: int | None
    compared: bool
    effect: NudgeEffect | None
    version: int
    updated_at: Time
    can: list[str]


class NudgeCard(Answer):
    """A nudge in a list."""

    id: str
    title: str
    segment: SegmentName | None
    author: Named
    state: NudgeStateName
    send_at: Time | None
    sent_at: Time | None
    measured: bool
    version: int
    updated_at: Time


class ReceivedNudge(Answer):
    """A nudge as those read it to whom it was sent."""

    id: str
    title: str
    body_html: str
    idea: Named | None
    campaign: Named | None
    gathering: Named | None
    sent_at: Time


class NudgeSuggestion(Answer):
    """Something to write a nudge about, and a first wording of it; nothing is ever sent from here.

    `days` says how long it has waited, or how soon it is; `people` whom it would reach, in whole fives.
    """

    reason: SuggestionName
    title: str
    body: str
    segment: SegmentName | None
    entity: Named | None
    function: Named | None
    idea: Named | None
    gathering: Named | None
    days: int
    people: int | None


class NudgeSuggestions(Answer):
    """What could be worth a nudge now, the most urgent first."""

    items: list[NudgeSuggestion]
