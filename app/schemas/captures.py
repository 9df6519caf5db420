"""Ideas captured in the room, on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.ideas import OptionalText, StageName, Tags, Text, Title
from app.schemas.shapes import Answer, Identifier, Request


class CaptureIdea(Request):
    """An idea of people in the room, written down by a host.

    `authors` came, or have a place. Those of `agreed` came and said to the host that it is theirs: they are authors at
    once, and the idea is submitted. The others are asked. When nobody agreed it is a draft of those who are asked.
    """

    title: Title
    problem: Text
    solution: Text
    benefit: OptionalText = ""
    theme: Identifier
    function: Identifier | None = None
    tags: Tags = []
    authors: Annotated[list[Identifier], Field(min_length=1, max_length=10)]
    agreed: Annotated[list[Identifier], Field(max_length=10)] = []


class CapturedIdea(Answer):
    """An idea that was written down in the room, and what became of it."""

    id: str
    title: str
    stage: StageName
    votes: int
    comments: int


class CaptureTold(Answer):
    """An idea that was written down: its authors, and those who are asked; a draft until one of them agrees."""

    idea: str
    draft: bool
    authors: list[str]
    asked: list[str]
