"""What figures are narrowed to, as it stands in the query."""

from typing import Annotated

from fastapi import Depends, Query

from app.queries.statistics import Filters
from app.schemas.statistics import Day

Id = Annotated[str | None, Query(min_length=1, max_length=64)]


async def read_filters(
    as_of: Annotated[Day | None, Query(description="End of which day; today without it.")] = None,
    entity: Id = None,
    campaign: Id = None,
    since: Annotated[Day | None, Query(alias="from", description="First day of what counts.")] = None,
    to: Annotated[Day | None, Query(description="Last day of what counts.")] = None,
) -> Filters:
    """Return what the figures are narrowed to."""
    return Filters(as_of, entity, campaign, since, to)


Narrowed = Annotated[Filters, Depends(read_filters)]


async def read_topics(filters: Narrowed, theme: Id = None, function: Id = None) -> Filters:
    """Return what figures of ideas are narrowed to."""
    return Filters(
        filters.as_of, filters.entity, filters.campaign, filters.since, filters.to, theme, function
    )


async def read_days(
    as_of: Annotated[Day | None, Query(description="End of which day; today without it.")] = None,
    since: Annotated[Day | None, Query(alias="from", description="First day of what counts.")] = None,
    to: Annotated[Day | None, Query(description="Last day of what counts.")] = None,
) -> Filters:
    """Return the days of a figure of the whole company."""
    return Filters(as_of, since=since, to=to)


Topics = Annotated[Filters, Depends(read_topics)]
Days = Annotated[Filters, Depends(read_days)]
