"""Conflicts of interest that people declare themselves."""

from datetime import datetime

from sqlmodel import SQLModel

from app.models.columns import moment, reference


class ConflictDeclaration(SQLModel, table=True):
    """A person who stands back from one idea."""

    __tablename__ = "conflict_declarations"

    idea_id: str = reference("ideas.id", primary_key=True, cascade=True)
    employee_id: str = reference("employees.id", primary_key=True)
    declared_at: datetime = moment()
