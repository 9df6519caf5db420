"""Gatherings on the wire."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.schemas.captures import CapturedIdea
from app.schemas.ideas import OptionalText, Title
from app.schemas.shapes import Answer, Filled, Identifier, Moment, Named, Readable, Request, Time
from app.schemas.sign_ups import StateName

KindName = Literal["roadshow", "workshop", "focus_group"]
RoomName = Literal["unlimited", "open", "few", "full"]
"""`domain.gatherings.Kind` and `Room` on the wire."""

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)

Place = Annotated[Filled, Field(max_length=300)]
Link = Annotated[Readable, Field(min_length=1, max_length=1000)]
Zone = Annotated[str, Field(min_length=1, max_length=64)]
Places = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Hosts = Annotated[list[Identifier], Field(min_length=1, max_length=20)]


class AnnounceGathering(Request):
    """A gathering that is to come.

    `time_zone` (IANA) is the one its times are told in, the company's if left out. Without `places` everybody finds
    room; without `entity` it is for everybody. `walk_ins` lets people in who did not sign up. Whoever announces it
    hosts it, unless others are named.
    """

    kind: KindName
    title: Title
    description: OptionalText = ""
    place: Place | None = None
    link: Link | None = None
    starts_at: Moment
    ends_at: Moment
    time_zone: Zone | None = None
    places: Places | None = None
    walk_ins: StrictBool = False
    entity: Identifier | None = None
    campaign: Identifier | None = None
    hosts: Hosts | None = None


class ChangeGathering(Request):
    """A change of a gathering; fields that are left out stay as they are."""

    kind: KindName = "workshop"
    title: Title = ""
    description: OptionalText = ""
    place: Place | None = None
    link: Link | None = None
    starts_at: Moment = _NEVER
    ends_at: Moment = _NEVER
    time_zone: Zone = "UTC"
    places: Places | None = None
    walk_ins: StrictBool = False
    entity: Identifier | None = None
    campaign: Identifier | None = None
    hosts: Hosts = []


class CancelGathering(Request):
    """Why a gathering does not take place."""

    reason: Annotated[Filled, Field(max_length=1000)]


class SumUpGathering(Request):
    """What came of a gathering, in the words of a host (Markdown); an empty text takes it back."""

    text: OptionalText


class GatheringCard(Answer):
    """A gathering in a list.

    `room` says how much room there is, `left` the number of places where that tells of nobody. `sign_up` is the
    reader's own, `waiting_position` their place on the waiting list.
    """

    id: str
    kind: KindName
    title: str
    place: str | None
    online: bool
    starts_at: Time
    ends_at: Time
    time_zone: str
    places: int | None
    room: RoomName
    left: int | None
    walk_ins: bool
    entity: Named | None
    campaign: Named | None
    cancelled_at: Time | None
    sign_up: StateName | None
    waiting_position: int | None
    can: list[str]


class Counted(Answer):
    """How many people have a place, wait, and were there: for hosts."""

    seated: int
    waiting: int
    attended: int


class GatheringDetail(GatheringCard):
    """A gathering with its texts, and what came of it.

    `link` is shown to hosts and to those who have a place. `attended` is how many people came, from five on, when it
    is over. `counted` is for hosts. `ideas` are the newest of the `ideas_captured`.
    """

    description: str
    description_html: str
    link: str | None
    hosts: list[Named]
    cancel_reason: str | None
    attends: bool
    attended: int | None
    counted: Counted | None
    summary: str
    summary_html: str
    ideas_captured: int
    ideas: list[CapturedIdea]
    version: int
    updated_at: Time
