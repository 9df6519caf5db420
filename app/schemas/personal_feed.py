"""The personal feed on the wire."""

from typing import Literal

from app.schemas.follows import FollowedName
from app.schemas.shapes import Answer, Named, Time

StoryName = Literal[
    "idea_submitted", "idea_moved", "idea_commented", "phase_began", "campaign_closed", "news_published"
]
"""`domain.personal_feed.Story` on the wire."""


class FeedIdea(Answer):
    """The idea that something happened to, where it stands now."""

    id: str
    title: str
    stage: str


class FeedComment(Answer):
    """A comment, with its beginning."""

    id: str
    excerpt: str


class FeedItem(Answer):
    """Something that happened to what the reader follows.

    `because` says what of it the reader follows; it is empty for news, and for campaigns that the reader takes part in.
    `person` is who did it, null where that is nobody's business. `act` and `to_stage` belong to a move.
    """

    at: Time
    story: StoryName
    because: list[FollowedName]
    idea: FeedIdea | None
    person: Named | None
    act: str | None
    to_stage: str | None
    comment: FeedComment | None
    campaign: Named | None
    phase: str | None
    news: Named | None
