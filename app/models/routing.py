"""Routing rules: which function an idea belongs to when its author chose none."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.columns import key, moment, optional_reference, reference


class RoutingRule(SQLModel, table=True):
    """A row of the rule table; every condition that is set must hold, the lowest `position` wins.

    `words` are separated by spaces; one of them in the title or the texts is enough.
    """

    __tablename__ = "routing_rules"

    id: str = key()
    position: int = Field(unique=True)
    theme_id: str | None = optional_reference("themes.id")
    entity_id: str | None = optional_reference("entities.id")
    words: str = ""
    function_id: str = reference("functions.id")
    created_at: datetime = moment()
