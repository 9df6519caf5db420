"""What a measure is: its definition, what is counted over what, as of when, and where it is told."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.translations import Translation


class By(StrEnum):
    """What a measure is told by, or narrowed to."""

    ENTITY = "entity"
    CAMPAIGN = "campaign"
    THEME = "theme"
    FUNCTION = "function"
    DAYS = "days"


class Unit(StrEnum):
    """What a measure counts in."""

    PEOPLE = "people"
    IDEAS = "ideas"
    DAYS = "days"
    SHARE = "share"
    AMOUNT = "amount"
    TURNS = "turns"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class MeasureDefinition:
    """One measure: what is counted (`numerator`), over what, as of when, and where the API tells it."""

    key: str
    name: Translation
    definition: Translation
    numerator: Translation
    denominator: Translation | None
    unit: Unit
    as_of: Translation
    where: str
    by: tuple[By, ...]


IDEAS_BY = (By.ENTITY, By.CAMPAIGN, By.THEME, By.FUNCTION, By.DAYS)
"""What figures of ideas are narrowed to."""

HEADCOUNT = Translation("l'effectif à la fin du jour", "the headcount at the end of the day")
"""What shares of people are over."""
