"""Payloads: what receivers of webhooks get, by what it is about."""

from pydantic import Field

from app.schemas.ideas import StageName
from app.schemas.references import Campaign
from app.schemas.shapes import Answer, Named, Time


class ToldIdea(Answer):
    """An idea as everybody sees it in a list; `author` is null for an anonymous one."""

    id: str
    url: str = Field(description="Its page, for people.")
    title: str
    stage: StageName
    clarification: bool
    on_hold: bool
    votes: int
    votes_hidden: bool
    comments: int
    anonymous: bool
    author: Named | None
    function: Named | None
    theme: Named
    campaign: Named
    holder: Named | None
    created_at: Time


class ToldComment(Answer):
    """A comment; `body` is null when it was taken back."""

    id: str
    author: Named | None
    body: str | None
    reply_to: str | None
    created_at: Time
    edited_at: Time | None
    deleted: bool


class ToldMove(Answer):
    """An act, with the stages before and after it, which may be the same."""

    act: str
    from_stage: StageName
    to_stage: StageName


class ToldReview(Answer):
    """A turn on an idea: since when, until when an answer is due, and when it ended."""

    since: Time
    due_at: Time | None
    ended_at: Time | None


class AboutIdea(Answer):
    """Something about an idea."""

    idea: ToldIdea


class AboutMove(Answer):
    """An act that moved an idea."""

    idea: ToldIdea
    move: ToldMove


class AboutComment(Answer):
    """Something about a comment."""

    idea: ToldIdea
    comment: ToldComment


class AboutReview(Answer):
    """Something about a turn on an idea."""

    idea: ToldIdea
    review: ToldReview


class AboutCampaign(Answer):
    """Something about a campaign."""

    campaign: Campaign


class AboutWebhook(Answer):
    """Something about the webhook itself, by its identifier."""

    webhook: str


Data = AboutMove | AboutComment | AboutReview | AboutCampaign | AboutWebhook | AboutIdea


class Payload(Answer):
    """The body of a delivery (Standard Webhooks): what happened, when, and the present state of what it is about."""

    type: str
    timestamp: Time
    data: Data
