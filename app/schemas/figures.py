"""Figures of ideas on the wire."""

from datetime import date
from decimal import Decimal
from typing import Literal

from app.schemas.shapes import Answer
from app.schemas.statistics import Delay

FlowStage = Literal["submitted", "evaluation", "recommended", "selected", "project", "pilot", "deployed"]
OpenStage = Literal["submitted", "evaluation", "recommended", "selected", "project", "pilot"]


class Stay(Answer):
    """How many ideas stood in a stage, and within how many days half and nine tenths of them had.

    The days are null where none did, and below the whole company for fewer than 5 ideas.
    """

    ideas: int
    median_days: float | None
    p90_days: float | None


class FunnelStep(Answer):
    """A stage with the ideas that ever reached it, as numbers and as fractions; `waiting` stand there now."""

    stage: FlowStage
    reached: int
    of_submitted: float | None
    of_previous: float | None
    waiting: Stay | None


class Funnel(Answer):
    """How far ideas came until the end of `as_of`, and how many ended otherwise."""

    as_of: date
    steps: list[FunnelStep]
    declined: int
    withdrawn: int
    merged: int


class StageStay(Answer):
    """How long ideas stood in a stage before they went on."""

    stage: OpenStage
    stay: Stay


class Promise(Answer):
    """First answers that were due until now or came before, and how many came in time, also as a fraction of 1."""

    due: int
    kept: int | None
    share: float | None


class Times(Answer):
    """How long ideas took until the end of `as_of`: to their first answer, to a decision, in each stage."""

    as_of: date
    first_answer: Delay
    decision: Delay
    stages: list[StageStay]
    promise: Promise


class Load(Answer):
    """What waits at the correspondents of a function, or of all; null below five people who carry it.

    Late is what was due before today; `median_days` are whole days of the calendar.
    """

    function: str | None
    name: str | None
    open: int | None
    late: int | None
    waiting_for_somebody: int | None
    median_days: float | None


class Loads(Answer):
    """What waits now, in all and by function; `hidden` is the number of functions that the total alone tells of."""

    total: Load
    functions: list[Load]
    hidden: int


class Crossing(Answer):
    """Ideas of people of one entity that were answered first by somebody of another one; null is hidden."""

    answered_by: str
    name: str
    ideas: int | None


class Origin(Answer):
    """Where the ideas of an entity were answered; `outside` is the share answered by other entities."""

    entity: str
    name: str
    ideas: int | None
    outside: float | None
    answered: list[Crossing]


class Travel(Answer):
    """Signed ideas that got a first answer until the end of `as_of`: whose they were, and who answered."""

    as_of: date
    ideas: int
    outside: float | None
    origins: list[Origin]


class Benefit(Answer):
    """Amounts in one currency, gained `once` or each `year`: estimated before a project, measured after deployment.

    `realised` is what was measured as a fraction of what was estimated, of the ideas that have both.
    """

    currency: str
    per: Literal["once", "year"]
    estimated_ideas: int
    estimated: Decimal
    measured_ideas: int
    measured: Decimal
    realised: float | None


class Return(Answer):
    """What was measured in one currency without what projects and prizes cost; `net` is what is left of it.

    `measured` is what came once, and one year of what comes each year. `costs` are those of `cost_ideas`, deployed or
    not: of each the last one told. `prizes` were granted; null where they can't be told apart from others. `roi` is
    `net` as a fraction of all costs.
    """

    currency: str
    measured: Decimal
    cost_ideas: int
    costs: Decimal
    prizes: Decimal | None
    net: Decimal
    roi: float | None


class Benefits(Answer):
    """What ideas were expected to bring, and brought, until the end of `as_of`."""

    as_of: date
    benefits: list[Benefit]
    returns: list[Return]


class CampaignFigures(Answer):
    """What came in to a campaign, and how far it came."""

    id: str
    name: str
    ideas: int
    answered: int
    with_potential: int
    deployed: int
    implementation_rate: float | None


class Rates(Answer):
    """Ideas beside people: of the ideas submitted within the days, and the headcount at the end of `as_of`."""

    as_of: date
    headcount: int | None
    active: int | None
    ideas: int
    ideas_per_100: float | None
    implementation_rate: float | None
    benefit_rate: float | None
    ideation_rate: float | None


class Measure(Answer):
    """What a figure means: its definition, what is counted over what, as of when, and where it is told."""

    key: str
    name: str
    definition: str
    numerator: str
    denominator: str | None
    unit: Literal["people", "ideas", "days", "share", "amount", "turns", "cases"]
    as_of: str
    where: str
    by: list[Literal["entity", "campaign", "theme", "function", "days"]]
