"""News on the wire."""

from typing import Literal

from app.schemas.ideas import Text, Title
from app.schemas.shapes import Answer, Identifier, Moment, Named, Request, Time

AudienceName = Literal["everybody", "entity", "function", "campaign"]
StateName = Literal["draft", "scheduled", "published", "withdrawn"]
"""`domain.news.Audience` and `NewsState` on the wire."""


class WriteNews(Request):
    """A news post (Markdown): a draft without `publish_at`, else published at that moment, which is to come.

    `audience` says which of `entity` (with all below), `function` and `campaign` is named.
    """

    title: Title
    body: Text
    audience: AudienceName = "everybody"
    entity: Identifier | None = None
    function: Identifier | None = None
    campaign: Identifier | None = None
    publish_at: Moment | None = None


class EditNews(Request):
    """A change of a news post; fields that are left out stay, a new `audience` comes with what it names.

    Once it is published the words alone can change.
    """

    title: Title = ""
    body: Text = ""
    audience: AudienceName = "everybody"
    entity: Identifier | None = None
    function: Identifier | None = None
    campaign: Identifier | None = None
    publish_at: Moment | None = None


class NewsCard(Answer):
    """A news post in a list, with the beginning of its text.

    `edited` says that it was changed after it was published.
    """

    id: str
    title: str
    excerpt: str
    audience: AudienceName
    entity: Named | None
    function: Named | None
    campaign: Named | None
    author: Named
    state: StateName
    publish_at: Time | None
    edited: bool
    version: int
    updated_at: Time
    can: list[str]


class NewsPost(NewsCard):
    """A news post with its text."""

    body: str
    body_html: str
