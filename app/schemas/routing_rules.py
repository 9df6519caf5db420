"""Routing rules on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.shapes import Answer, Filled, Identifier, Named, Request

Word = Annotated[Filled, Field(max_length=60)]


class AddRule(Request):
    """Adding a rule; without a position it comes last. One of `words` in an idea is enough."""

    position: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    theme: Identifier | None = None
    entity: Identifier | None = None
    words: Annotated[list[Word], Field(max_length=100)] = []
    function: Identifier


class RoutingRule(Answer):
    """A row of the rule table: every condition that is set must hold, the lowest position wins."""

    id: str
    position: int
    theme: Named | None
    entity: Named | None
    words: list[str]
    function: Named
    can: list[str]
