"""Requests for help on the wire, and the coaching that follows."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.schemas.ideas import StageName
from app.schemas.shapes import Answer, Filled, Named, Request, Time
from app.schemas.skills import Words

WantedName = Literal["facilitator", "idea_developer", "anyone"]
"""`domain.offers.Wanted` on the wire."""

HelpStateName = Literal["asked", "helping", "unmatched", "withdrawn", "ended"]
"""`domain.help_requests.HelpState` on the wire."""


class AskForHelp(Request):
    """What help an author looks for; without skills the tags of the idea say what it is about."""

    text: Annotated[Filled, Field(min_length=1, max_length=2_000)]
    wants: WantedName
    skills: Words = []


class AnswerHelpRequest(Request):
    """The answer of who was asked."""

    accept: StrictBool


class WriteHelpMessage(Request):
    """Something said in a coaching (Markdown)."""

    body: Annotated[Filled, Field(min_length=1, max_length=5_000)]


class IdeaHelped(Answer):
    """The idea that help is asked for; the title of a draft that the reader may not read is null."""

    id: str
    title: str | None
    stage: StageName


class HelpRequest(Answer):
    """A request for help, as one of the two sees it.

    `asker` is null for the helper of an anonymous idea. `helper` is who helps or helped, with the skills that they
    named; whoever is asked sees themselves there, and the asker nobody until somebody accepts. `due_at` is when the
    next one is asked, or when a coaching ends in which nothing is said any more.
    """

    id: str
    idea: IdeaHelped
    asker: Named | None
    helper: Named | None
    helper_skills: list[str]
    wants: WantedName
    text: str
    text_html: str
    skills: list[str]
    state: HelpStateName
    created_at: Time
    due_at: Time | None
    accepted_at: Time | None
    ended_at: Time | None
    thanked_at: Time | None
    can: list[str]


class HelpMessage(Answer):
    """Something said in a coaching; `author` is null for the helper when the author of an anonymous idea wrote it."""

    id: str
    by: Literal["asker", "helper"]
    author: Named | None
    body: str
    body_html: str
    created_at: Time
    can: list[str]
