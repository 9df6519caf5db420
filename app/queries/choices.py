"""Choosing which sums make a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import col

from app.domain.breakdowns import Tree
from app.domain.measures import Period
from app.domain.rollups import CAMPAIGN, ENTITY, FUNCTION, MONTH, PLACED, THEME, WHOLE
from app.models.rollups import RollUp
from app.queries.rollups import BOTH, Summed
from app.queries.statistics import Scope


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sums make a figure: of a dimension a value, or those from a first to a last one."""

    dimension: str
    first: str = ""
    last: str | None = None
    tree: Tree | None = None

    @property
    def summed(self) -> Summed:
        """Of what they are sums."""
        return next(each for each in BOTH if self.dimension in each.dimensions)

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition on their rows."""
        given = col(RollUp.value)
        if self.first == self.last:
            return and_(col(RollUp.dimension) == self.dimension, given == self.first)
        until = true() if self.last is None else given <= self.last
        return and_(col(RollUp.dimension) == self.dimension, given >= self.first, until)

    def has(self, values: Collection[tuple[str, str]]) -> list[str]:
        """Return the values among those of an idea that belong to the figure."""
        return [
            value
            for dimension, value in values
            if dimension == self.dimension
            and self.first <= value
            and (self.last is None or value <= self.last)
        ]


def choose(scope: Scope, *, placed: bool) -> Chosen | None:
    """Return which sums make a figure, None if none do."""
    given = [
        (dimension, value)
        for dimension, value in ((CAMPAIGN, scope.campaign), (THEME, scope.theme), (FUNCTION, scope.function))
        if value is not None
    ]
    if not scope.is_whole and scope.entity is not None:
        given.append((ENTITY, scope.entity))
    if placed:
        given.append((PLACED, ""))
    if scope.period.windowed:
        return None if given else _choose_months(scope.period)
    if len(given) > 1:
        return None
    dimension, value = given[0] if given else (WHOLE, "")
    return Chosen(dimension, value, value, scope.tree if dimension == ENTITY else None)


def _choose_months(period: Period) -> Chosen | None:
    """Return the sums of ideas that were submitted in some months, None for days that are no whole months."""
    begins = period.first is None or period.first.day == 1
    ends = period.last == period.as_of or (period.last + timedelta(days=1)).day == 1
    first = "" if period.first is None else f"{period.first:%Y-%m}"
    return Chosen(MONTH, first, f"{period.last:%Y-%m}") if begins and ends else None
