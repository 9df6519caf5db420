"""Public holidays by region."""

from datetime import date

import pytest

from app.integrations import holidays
from app.integrations.holidays import PublicHolidays


@pytest.mark.parametrize(
    ("region", "day", "off"),
    [
        ("FR", "2026-04-06", True),
        ("FR", "2026-04-07", False),
        ("FR", "2026-12-26", False),
        ("FR-57", "2026-12-26", True),
        ("DE", "2026-10-03", True),
        ("", "2026-12-25", False),
        ("QQ", "2026-12-25", False),
        ("FR-99", "2026-12-25", False),
    ],
)
def test_a_region_has_its_days_off(region: str, day: str, off: bool) -> None:
    assert (date.fromisoformat(day) in PublicHolidays(region)) is off


def test_only_days_can_be_off() -> None:
    assert "2026-12-25" not in PublicHolidays("FR")


@pytest.mark.parametrize(
    ("region", "known"), [("FR", True), ("FR-57", True), ("FR-99", False), ("QQ", False), ("", False)]
)
def test_regions_are_known_or_not(region: str, known: bool) -> None:
    assert holidays.is_known(region) is known


def test_a_year_that_nobody_found_before_is_looked_up() -> None:
    assert not holidays.is_noted("FR", [2051])
    assert date(2051, 7, 14) in PublicHolidays("FR")
    assert holidays.is_noted("FR", range(2050, 2060))


async def test_what_was_looked_up_is_kept() -> None:
    found = await holidays.look_up(["FR", "QQ", ""], range(2026, 2028))
    assert date(2026, 5, 1) in found["FR"][2026]
    assert date(2027, 5, 1) in found["FR"][2027]
    assert found["QQ"] == {2026: frozenset(), 2027: frozenset()}
    assert set(found) == {"FR", "QQ"}
