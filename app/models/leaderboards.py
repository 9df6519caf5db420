"""Leaderboards: what people earned by season and unit, where units stand, and who wants to be compared."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import moment, optional_moment, reference

_SCOPE = 40


class SeasonPoints(SQLModel, table=True):
    """What somebody earned under their name in a season or campaign, for the unit that they were in then.

    `scope` is `2027-Q1` or `campaign:…`; an empty `entity_id` stands for days on which the person was in none.
    """

    __tablename__ = "season_points"
    __table_args__ = (Index("ix_season_points_scope", "scope", "entity_id"),)

    employee_id: str = reference("employees.id", primary_key=True)
    scope: str = Field(primary_key=True, max_length=_SCOPE)
    entity_id: str = Field(primary_key=True, max_length=24)
    points: int


class PersonStanding(SQLModel, table=True):
    """What somebody earned under their name in a season, a campaign, or (`all`) ever."""

    __tablename__ = "person_standings"
    __table_args__ = (Index("ix_person_standings_scope", "scope", "points", "employee_id"),)

    employee_id: str = reference("employees.id", primary_key=True)
    scope: str = Field(primary_key=True, max_length=_SCOPE)
    points: int


class UnitStanding(SQLModel, table=True):
    """Where a unit stands on its board, `entity` or `team`; `per_head` is in hundredths of a point."""

    __tablename__ = "unit_standings"
    __table_args__ = (Index("ix_unit_standings_scope", "scope", "board", "rank", "entity_id"),)

    scope: str = Field(primary_key=True, max_length=_SCOPE)
    entity_id: str = reference("entities.id", primary_key=True)
    board: str = Field(max_length=10)
    points: int
    people: int
    per_head: int
    rank: int


class StandingScope(SQLModel, table=True):
    """A season or campaign of which there are boards; a stale one is to be worked out again."""

    __tablename__ = "standing_scopes"

    scope: str = Field(primary_key=True, max_length=_SCOPE)
    stale: bool = True
    computed_at: datetime | None = optional_moment()


class StandingChange(SQLModel, table=True):
    """Somebody whose days of activity were counted since their points were taken over."""

    __tablename__ = "standing_changes"

    employee_id: str = reference("employees.id", primary_key=True)


class Contender(SQLModel, table=True):
    """Somebody who wants to be compared with others by name, until they withdraw."""

    __tablename__ = "contenders"

    employee_id: str = reference("employees.id", primary_key=True)
    since: datetime = moment()
