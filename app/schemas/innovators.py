"""Innovators on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.schemas.shapes import Answer, Named, Readable, Request

ReaderName = Literal[
    "community_manager",
    "innovation_manager",
    "sponsor",
    "idea_developer",
    "facilitator",
    "correspondent",
]
"""`domain.innovators.READERS` on the wire."""

OfferName = Literal["help", "projects"]
_ABOUT = 1_000


class SetInnovatorProfile(Request):
    """Whether one is found, by the holders of which roles, and with what.

    `offers` is what one can be asked for; `skills` shows one's words of skill too. Of who is not `shown` nothing is
    kept.
    """

    shown: StrictBool
    readers: Annotated[list[ReaderName], Field(max_length=6)] = []
    offers: Annotated[list[OfferName], Field(max_length=2)] = []
    about: Annotated[Readable, Field(max_length=_ABOUT)] = ""
    skills: StrictBool = False


class InnovatorFacts(Answer):
    """What somebody did under their name, as of now; nothing anonymous, and no score.

    `functions` is for how many functions they had ideas; `helps_thanked` and `comments_credited` what others said of
    their help and comments.
    """

    ideas: int
    pilots: int
    deployed: int
    functions: int
    helps_thanked: int
    comments_credited: int


class Innovator(Answer):
    """Somebody who chose to be found, exactly as their readers see them."""

    person: Named
    entity: Named | None
    about: str
    offers: list[OfferName]
    skills: list[str]
    facts: InnovatorFacts
    since: date


class InnovatorProfile(Answer):
    """What one chose, and `card`: what its readers see, null while one is not shown."""

    shown: bool
    readers: list[ReaderName]
    offers: list[OfferName]
    about: str
    skills: bool
    card: Innovator | None
