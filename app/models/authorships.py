"""Who wrote an idea, and who was asked to."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import moment, optional_moment, reference

_ACCEPTED = text("state = 'accepted'")


class Authorship(SQLModel, table=True):
    """A person as author of an idea; `state` is `invited`, `accepted`, `refused` or `ended`.

    The person who started the idea has `position` 0; only `accepted` rows are authors.
    """

    __tablename__ = "authorships"
    __table_args__ = (
        Index("ix_authorships_employee_id_idea_id", "employee_id", "idea_id"),
        Index(
            "ix_authorships_accepted",
            "idea_id",
            "employee_id",
            sqlite_where=_ACCEPTED,
            postgresql_where=_ACCEPTED,
        ),
    )

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True)
    position: int = 0
    state: str = Field(default="accepted", max_length=20)
    invited_at: datetime = moment()
    answered_at: datetime | None = optional_moment()
