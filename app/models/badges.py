"""Badges: who was awarded which and when, whose are to be looked at again, and who shows theirs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, reference


class BadgeAward(SQLModel, table=True):
    """A badge of a person, or one tier of it, since the day on which its rule came true.

    The one that is `shown` stands for what others may see: it comes from named contributions alone, and may be of a
    later day, or not there. `tier` is empty where a badge has none. `rule` is the one that it was earned by
    (`badge_rules.write_rule`), `facts` the numbers at the end of that day.
    """

    __tablename__ = "badge_awards"
    __table_args__ = (Index("uq_badge_awards_once", "employee_id", "shown", "badge", "tier", unique=True),)

    id: str = key()
    employee_id: str = reference("employees.id")
    badge: str = Field(max_length=40)
    tier: str = Field(default="", max_length=10)
    shown: bool = False
    awarded_on: date
    rule: str = Field(max_length=200)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class BadgeChange(SQLModel, table=True):
    """Somebody who did something since their badges were looked at."""

    __tablename__ = "badge_changes"

    employee_id: str = reference("employees.id", primary_key=True)


class BadgeCatalogue(SQLModel, table=True):
    """The digest of the rules by which everybody was looked at last; a single row."""

    __tablename__ = "badge_catalogues"

    id: int = Field(default=1, primary_key=True)
    digest: str = Field(max_length=64)
    since: datetime = moment()


class BadgeDisplay(SQLModel, table=True):
    """What somebody lets others see; whoever has no row shows nothing."""

    __tablename__ = "badge_displays"

    employee_id: str = reference("employees.id", primary_key=True)
    badges: bool = False
    level: bool = False
    since: datetime = moment()
