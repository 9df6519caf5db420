"""Seasons: the quarters of the calendar, in the days of the company."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_NAME = re.compile(r"(2[0-9]{3})-Q([1-4])")


class Season(NamedTuple):
    """A quarter of a year, 1 to 4; seasons are in order of time."""

    year: int
    quarter: int

    @property
    def name(self) -> str:
        """The season as it is written: `2027-Q1`."""
        return f"{self.year}-Q{self.quarter}"

    @property
    def first_day(self) -> date:
        """The day it begins on."""
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def last_day(self) -> date:
        """The day it ends on."""
        after = date(self.year + 1, 1, 1) if self.quarter == 4 else date(self.year, 3 * self.quarter + 1, 1)  # noqa: PLR2004  quarters of a year
        return after - timedelta(days=1)


def get_season(day: date) -> Season:
    """Return the season that a day is in."""
    return Season(day.year, (day.month + 2) // 3)


def find_season(name: str) -> Season | None:
    """Return the season of a name (`2027-Q1`), None for anything else."""
    found = _NAME.fullmatch(name)
    return Season(int(found[1]), int(found[2])) if found else None
