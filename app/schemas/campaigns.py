"""Campaigns on the wire."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from app.schemas.fields import CampaignField, SetField
from app.schemas.references import Campaign
from app.schemas.shapes import Answer, Filled, Identifier, Named, Readable, Request, Time
from app.schemas.statistics import Stages

PhaseName = Literal["collect", "enrich", "vote", "select", "results"]
"""`domain.phases.PhaseKind` on the wire."""

StateName = Literal["drafted", "announced", "closed"]
"""`domain.campaigns.CampaignState` on the wire."""

_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def _read_local(given: object) -> object:
    if isinstance(given, str) and _LOCAL.fullmatch(given):
        return datetime.fromisoformat(given)
    message = "must be a time without a zone (2027-01-31T08:00)"
    raise ValueError(message)


def _write_local(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


LocalTime = Annotated[
    datetime,
    BeforeValidator(_read_local),
    PlainSerializer(_write_local, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_LOCAL.pattern}$"}),
]
"""A time as the clocks on the wall show it, to the second, without a zone."""

WrittenLocalTime = Annotated[
    datetime,
    PlainSerializer(_write_local, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_LOCAL.pattern}$"}, mode="serialization"),
]
"""The same in an answer."""

Name = Annotated[Filled, Field(min_length=3, max_length=200)]
Question = Annotated[Filled, Field(min_length=3, max_length=500)]
Context = Annotated[Readable, Field(max_length=20_000)]
Zone = Annotated[Readable, Field(min_length=1, max_length=64)]
Explanation = Annotated[Filled, Field(min_length=20, max_length=20_000)]


class SetPhase(Request):
    """A phase, in the time zone of the campaign; its end is the first second that does not belong to it."""

    phase: PhaseName
    starts: LocalTime
    ends: LocalTime


class SetAudience(Request):
    """Whom a campaign is for: the people of some units and of the units below them."""

    entities: Annotated[list[Identifier], Field(min_length=1, max_length=200)]


Phases = Annotated[list[SetPhase], Field(min_length=1, max_length=5)]
SetFields = Annotated[list[SetField], Field(max_length=20)]


class PlanCampaign(Request):
    """A new campaign, which nobody else sees before it is announced; without an audience it is for everybody."""

    name: Name
    question: Question
    context: Context = ""
    sponsor: Identifier | None = None
    time_zone: Zone | None = None
    phases: Phases
    audience: SetAudience | None = None
    fields: SetFields = []


class EditCampaign(Request):
    """A change of a campaign; fields that are left out stay as they are. Another time zone comes with its phases."""

    name: Name = ""
    question: Question = ""
    context: Context = ""
    sponsor: Identifier | None = None
    time_zone: Zone = ""
    phases: Phases = []
    audience: SetAudience | None = None
    fields: SetFields = []


class SetCorrespondents(Request):
    """Who answers for the ideas of a campaign, before the correspondents of functions."""

    employees: Annotated[list[Identifier], Field(max_length=50)]


class WriteReport(Request):
    """What came of a campaign: what was learnt, which of its ideas go on, and why the others don't."""

    learnt: Explanation
    ideas: Annotated[list[Identifier], Field(max_length=200)]
    others: Explanation


class CampaignCard(Campaign):
    """A campaign in a list, with the phase that runs now; ideas are taken until `collects_until`."""

    state: StateName
    phase: PhaseName | None
    collects_until: Time | None


class ShownPhase(Answer):
    """A phase with its moments, and with its times in the zone of the campaign."""

    phase: PhaseName
    starts_at: Time
    ends_at: Time
    starts: WrittenLocalTime
    ends: WrittenLocalTime


class Audience(Answer):
    """The units whose people a campaign is for, with those below them."""

    entities: list[Named]


class CampaignReport(Answer):
    """What came of a campaign; texts as they were typed (Markdown) and as safe HTML."""

    learnt: str
    learnt_html: str
    ideas: list[Named]
    others: str
    others_html: str
    written_at: Time


class CampaignProgress(Answer):
    """How far a campaign has come; `people` wrote ideas under their names, null below five.

    `answered` are ideas that got a first answer. Numbers of ideas are not numbers of people: anonymous ones count.
    """

    ideas: int
    stages: Stages
    comments: int
    answered: int
    answered_share: float | None
    people: int | None


class CampaignDetail(CampaignCard):
    """A campaign; `phase` runs now, `next` comes then, `days_left` are the days until the running one ends."""

    context: str
    context_html: str
    time_zone: str
    sponsor: Named | None
    audience: Audience | None
    correspondents: list[Named]
    phases: list[ShownPhase]
    fields: list[CampaignField]
    next: PhaseName | None
    days_left: int | None
    progress: CampaignProgress | None
    report: CampaignReport | None
    closed_at: Time | None
    version: int
    can: list[str]
