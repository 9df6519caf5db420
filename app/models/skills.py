"""Skills: what people offer to help with, and how much of it."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain import skills
from app.models.columns import moment, reference


class Skill(SQLModel, table=True):
    """A folded word by which a person says what they know."""

    __tablename__ = "skills"
    __table_args__ = (Index("ix_skills_skill_employee_id", "skill", "employee_id"),)

    employee_id: str = reference("employees.id", primary_key=True)
    skill: str = Field(primary_key=True, max_length=skills.LONGEST)
    position: int = 0


class HelpCapacity(SQLModel, table=True):
    """The most open requests for help that a person takes; whoever has none takes `skills.MOST_HELPS`."""

    __tablename__ = "help_capacities"

    employee_id: str = reference("employees.id", primary_key=True)
    helps: int
    updated_at: datetime = moment()
