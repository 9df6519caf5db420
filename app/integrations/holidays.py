"""Public holidays: which days of a year a region has off, from the `holidays` package."""

import asyncio
import importlib
from collections.abc import Container
from datetime import date
from functools import cache, lru_cache
from typing import Any

_SEPARATOR = "-"


class PublicHolidays(Container[date]):
    """The public holidays of a region (ISO 3166: `FR`, `DE-BY`); of an unknown one there are none."""

    def __init__(self, region: str) -> None:
        self._region = region

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _list_days(self._region, day.year)


def is_known(region: str) -> bool:
    """Tell whether the holidays of a region are known."""
    country, _, subdivision = region.partition(_SEPARATOR)
    known = _list_regions().get(country)
    return known is not None and (not subdivision or subdivision in known)


async def load() -> None:
    """Load the package, which takes half a second once, beside the loop; whoever comes first waits for it."""
    if not _load.cache_info().currsize:
        await asyncio.to_thread(_list_regions)


@cache
def _load() -> Any:
    # As much memory as the web framework: only a process that plans due dates has it.
    return importlib.import_module("holidays")


@cache
def _list_regions() -> dict[str, list[str]]:
    found: dict[str, list[str]] = _load().list_supported_countries()
    return found


@lru_cache(maxsize=1024)
def _list_days(region: str, year: int) -> frozenset[date]:
    if not is_known(region):
        return frozenset()
    country, _, subdivision = region.partition(_SEPARATOR)
    return frozenset(_load().country_holidays(country, subdiv=subdivision or None, years=year))
