"""The page for the works council names every table, and says of none with people in it that it has none."""

import re

from sqlalchemy import Table

from app.models import metadata
from tests.house.sources import ROOT

PAGE = "docs/works-council.md"
_WITHOUT = "### Nothing about people"
_BESIDE = {
    "employees",
    "events",
    "idempotency_keys",
    "itinerary_entries",
    "register_entries",
    "sign_in_throttles",
}
"""Tables about people that refer to nobody by a foreign key."""


def has_people(table: Table) -> bool:
    """Tell whether a table says something about people: who they are, or what belongs to one."""
    refers = any(key.column.table.name == "employees" for key in table.foreign_keys)
    return refers or table.name in _BESIDE


def read_page(text: str) -> tuple[set[str], set[str]]:
    """Return the tables that a page has among those with data of people, and among those without."""
    told, _, rest = text.partition(_WITHOUT)
    without = rest.partition("\n## ")[0]
    return set(re.findall(r"`(\w+)`", told)), set(re.findall(r"`(\w+)`", without))


def find_wrong(text: str, tables: list[Table]) -> list[str]:
    told, without = read_page(text)
    found = [f"{table.name} is not on the page" for table in tables if table.name not in told | without]
    found += [
        f"{table.name} has people in it" for table in tables if has_people(table) and table.name in without
    ]
    found += [
        f"{table.name} has people in it, and is not told of"
        for table in tables
        if has_people(table) and table.name not in told
    ]
    return found + [f"there is no table {name}" for name in sorted(without - {each.name for each in tables})]


def test_the_works_council_is_told_of_every_table() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    found = find_wrong(text, list(metadata.tables.values()))
    assert not found, f"Say in {PAGE} what it records, for how long, and who sees it: {found}"


def test_the_rule_sees_planted_faults() -> None:
    tables = [metadata.tables["votes"], metadata.tables["themes"]]
    assert not find_wrong(f"`votes`\n{_WITHOUT}\n`themes`\n## More", tables)
    assert len(find_wrong(f"{_WITHOUT}\n`themes`, `votes`\n", tables)) == 2
    assert len(find_wrong(f"`votes`\n{_WITHOUT}\n`lunches`\n", tables)) == 2
