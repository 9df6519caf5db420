"""Public holidays: which days of a year a region has off, from the `holidays` package, in a process of its own.

The package takes 20 MB and half a second. So no process of the application imports it: one that needs days which
nobody has found before runs this file as a script, and keeps what it prints.
"""

import asyncio
import importlib
import json
import subprocess
import sys
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

Days = frozenset[date]
Years = Mapping[int, Days]
"""The days off of a region by year; there are none of a region that is not known."""

_DECADE = 10
_PATIENCE = 30.0
_SEPARATOR = "-"

_found: dict[tuple[str, int], Days] = {}
_known: dict[str, bool] = {}


class PublicHolidays(Container[date]):
    """The public holidays of a region (ISO 3166: `FR`, `DE-BY`); of an unknown one there are none.

    A year that was neither noted nor looked up is looked up when a day of it is asked for, which takes half a second.
    """

    def __init__(self, region: str) -> None:
        self._region = region

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date) or not self._region:
            return False
        if (self._region, day.year) not in _found:
            begin = day.year - day.year % _DECADE
            _look_up([self._region], range(begin, begin + _DECADE))
        return day in _found[self._region, day.year]


def is_noted(region: str, years: Iterable[int]) -> bool:
    """Tell whether this process knows the days off of a region in some years."""
    return not region or all((region, year) in _found for year in years)


def note(region: str, years: Years) -> None:
    """Have this process know days off that were found before, by whomever."""
    _found.update({(region, year): days for year, days in years.items()})


def is_known(region: str) -> bool:
    """Tell whether the holidays of a region are known; blocks for half a second when nobody asked before."""
    if region not in _known:
        _look_up([region], range(0))
    return _known[region]


async def check_known(region: str) -> bool:
    """Tell the same, beside the loop."""
    return await asyncio.to_thread(is_known, region)


async def look_up(regions: Iterable[str], years: range) -> dict[str, Years]:
    """Return the days off of regions as the package has them, and have this process know them."""
    wanted = sorted(set(regions) - {""})
    if wanted:
        await asyncio.to_thread(_look_up, wanted, years)
    return {region: {year: _found[region, year] for year in years} for region in wanted}


def _look_up(regions: list[str], years: range) -> None:
    for region, days in json.loads(_run(json.dumps([regions, years.start, years.stop]))).items():
        _known[region] = days is not None
        off = [date.fromisoformat(day) for day in days or ()]
        note(region, {year: frozenset(day for day in off if day.year == year) for year in years})


def _run(asked: str) -> str:
    # Without the folder of the script on its path, where this very file would be taken for the package.
    command = [sys.executable, "-P", __file__, asked]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE).stdout  # noqa: S603  our own


def _find(package: Any, region: str, years: range) -> list[str] | None:
    """Return the days off of a region, None for one that the package does not know."""
    country, _, subdivision = region.partition(_SEPARATOR)
    known = package.list_supported_countries().get(country)
    if known is None or (subdivision and subdivision not in known):
        return None
    days = package.country_holidays(country, subdiv=subdivision or None, years=list(years)) if years else {}
    return sorted(day.isoformat() for day in days)


if __name__ == "__main__":
    _regions, _start, _stop = json.loads(sys.argv[1])
    _package = importlib.import_module("holidays")
    json.dump({each: _find(_package, each, range(_start, _stop)) for each in _regions}, sys.stdout)
