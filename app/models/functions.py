"""Functions: the functional areas that have correspondents."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import key, moment


class Function(SQLModel, table=True):
    """A functional area; one of them is the fallback of the routing."""

    __tablename__ = "functions"

    id: str = key()
    name: str = Field(unique=True, max_length=200)
    fallback: bool = False
    created_at: datetime = moment()
