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
