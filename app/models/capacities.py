"""Capacities: how many open reviews somebody takes."""

from datetime import datetime

from sqlmodel import SQLModel

from app.models.columns import moment, reference


class Capacity(SQLModel, table=True):
    """The most open reviews of a person; whoever has none takes any number."""

    __tablename__ = "capacities"

    employee_id: str = reference("employees.id", primary_key=True)
    reviews: int
    updated_at: datetime = moment()
