"""Skills on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.skills import LONGEST, MOST, MOST_HELPS, fold
from app.schemas.shapes import Answer, Filled, Named, Request

_MOST_CAPACITY = 20

Word = Annotated[Filled, Field(min_length=1, max_length=LONGEST)]
Words = Annotated[list[Word], Field(max_length=MOST), AfterValidator(fold)]
"""Short words, folded as tags are."""


class SetSkills(Request):
    """What one can help with, in short words; `capacity` is how many open requests for help one takes, 0 for none."""

    skills: Words
    capacity: Annotated[int, Field(strict=True, ge=0, le=_MOST_CAPACITY)] = MOST_HELPS


class Skills(Answer):
    """What one can help with: own words, and the functions that one has a role for."""

    skills: list[str]
    functions: list[Named]
    capacity: int
