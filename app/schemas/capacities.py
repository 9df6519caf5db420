"""Capacities on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.shapes import Answer, Request

MOST_REVIEWS = 1000


class SetCapacity(Request):
    """How many open reviews a person takes before others are asked; null for any number."""

    reviews: Annotated[int, Field(strict=True, ge=0, le=MOST_REVIEWS)] | None


class Capacity(Answer):
    """How many open reviews a person takes before others are asked; null for any number."""

    reviews: int | None
