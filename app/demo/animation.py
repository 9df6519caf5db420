"""How the demonstration's world is animated: help with ideas, and gatherings; one small frozen record each."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AskHelp:
    """An author asks for help; `wants` is a role, and whom to ask is the application's to say."""

    at: datetime
    request: str
    idea: str
    person: str
    wants: str
    text: str


@dataclass(frozen=True, slots=True)
class Help:
    """Whoever was asked accepts, and says something."""

    at: datetime
    request: str
    text: str


@dataclass(frozen=True, slots=True)
class Thank:
    """The author thanks for the help."""

    at: datetime
    request: str
    person: str


@dataclass(frozen=True, slots=True)
class Credit:
    """An author says that a comment changed the idea."""

    at: datetime
    comment: str
    person: str


@dataclass(frozen=True, slots=True)
class Announce:
    """A community manager announces a gathering; `campaign` is none when it is about no campaign."""

    at: datetime
    gathering: str
    person: str
    kind: str
    title: str
    description: str
    place: str
    starts_at: datetime
    ends_at: datetime
    places: int | None
    campaign: str | None


@dataclass(frozen=True, slots=True)
class SignUp:
    """A person signs up for a gathering."""

    at: datetime
    gathering: str
    person: str


@dataclass(frozen=True, slots=True)
class Attend:
    """The host notes that a person is there."""

    at: datetime
    gathering: str
    person: str
    host: str


@dataclass(frozen=True, slots=True)
class SumUp:
    """The host says what came of a gathering."""

    at: datetime
    gathering: str
    person: str
    text: str


OfHelp = AskHelp | Help | Thank | Credit
OfGatherings = Announce | SignUp | Attend | SumUp
