"""Clock policies that differ from the defaults."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import moment


class ClockPolicy(SQLModel, table=True):
    """The clock of one stage, in working days; see `domain/clock_policies.py`."""

    __tablename__ = "clock_policies"

    stage: str = Field(primary_key=True, max_length=20)
    days: int
    remind_before: int
    reassign_after: int
    escalate_after: int
    updated_at: datetime = moment()
