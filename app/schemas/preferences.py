"""What people choose to be told, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.shapes import Answer, Readable, Request

TimingName = Literal["at_once", "digest", "never"]
ChannelName = Literal["email", "push", "slack", "teams"]
KindName = Literal[
    "reviews.assigned",
    "reviews.reminded",
    "reviews.taken",
    "reviews.escalated",
    "reviews.woken",
    "ideas.acknowledged",
    "ideas.forwarded",
    "ideas.late",
    "ideas.reassigned",
    "ideas.recommended",
    "ideas.selected",
    "ideas.project",
    "ideas.pilot",
    "ideas.deployed",
    "ideas.declined",
    "ideas.reopened",
    "ideas.on_hold",
    "ideas.resumed",
    "ideas.merged",
    "ideas.clarification_asked",
    "ideas.clarification_answered",
    "comments.written",
    "comments.replied",
    "authorships.invited",
    "authorships.answered",
    "help.asked",
    "help.answered",
    "help.message",
    "help.thanked",
    "comments.credited",
    "gatherings.seated",
    "gatherings.moved",
    "gatherings.cancelled",
    "awards.waiting",
    "awards.granted",
    "awards.refused",
    "awards.ceremony",
    "campaigns.opened",
    "campaigns.voting",
    "campaigns.ending",
    "campaigns.reported",
    "badges.awarded",
    "news.published",
    "nudges.sent",
    "follows.moved",
    "follows.commented",
    "identities.asked",
    "identities.answered",
    "identities.opened",
    "moderation.hidden",
    "moderation.upheld",
    "moderation.restored",
    "restrictions.put",
    "restrictions.waiting",
    "restrictions.late",
    "restrictions.answered",
    "restrictions.lifted",
]
Hour = Annotated[int, Field(strict=True, ge=0, le=23)]


class Timings(Answer):
    """When something is told by each channel; inside the product it is told always."""

    email: TimingName
    push: TimingName
    slack: TimingName
    teams: TimingName


class KindPreference(Answer):
    """When a kind of message is told; `asks` says that it asks the reader for an act."""

    kind: KindName
    asks: bool
    timings: Timings


class Preferences(Answer):
    """Every kind of message there is."""

    items: list[KindPreference]


class Choice(Request):
    """When one kind is to be told by one channel."""

    kind: KindName
    channel: ChannelName
    timing: TimingName


class ChoosePreferences(Request):
    """Choices; kinds and channels that are not named go back to the default."""

    choices: list[Choice] = Field(max_length=400)


class MessageHabits(Answer):
    """When the reader wants messages; hours are of the time zone, which is the company's when it is null.

    `weekday` 1 is Monday. From `quiet_from` to `quiet_until` nothing is sent; the same hour twice means never quiet.
    """

    digest: Literal["daily", "weekly", "never"]
    hour: int
    weekday: int
    time_zone: str | None
    quiet_from: int
    quiet_until: int
    per_day: int


class SetMessageHabits(Request):
    """When somebody wants messages."""

    digest: Literal["daily", "weekly", "never"] = "daily"
    hour: Hour = 9
    weekday: Annotated[int, Field(strict=True, ge=1, le=7)] = 1
    time_zone: Annotated[Readable, Field(min_length=1, max_length=60)] | None = None
    quiet_from: Hour = 20
    quiet_until: Hour = 7
    per_day: Annotated[int, Field(strict=True, ge=1, le=100)] = 10
