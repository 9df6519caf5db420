"""Innovators: who chose to be found, for what, and by whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.columns import moment, reference


class InnovatorProfile(SQLModel, table=True):
    """That somebody is shown as an innovator; whoever has no row is not."""

    __tablename__ = "innovator_profiles"

    employee_id: str = reference("employees.id", primary_key=True)
    about: str = ""
    offers: list[Any] = Field(default_factory=list, sa_type=JSON)
    skills: bool = False
    since: datetime = moment()


class InnovatorReader(SQLModel, table=True):
    """A role whose holders find somebody."""

    __tablename__ = "innovator_readers"

    role: str = Field(primary_key=True, max_length=30)
    employee_id: str = reference("employees.id", primary_key=True, index=True)
