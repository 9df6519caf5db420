"""Personal data: no column that refers to a person is forgotten when they are erased or read their own data."""

from collections.abc import Mapping

from sqlalchemy import JSON, MetaData

from app.domain.personal_data import DOCUMENTS, IDENTITIES, OWN_COLUMNS, TREATMENTS, Fate, Treatment, split
from app.models import metadata

UNREAD = {"access_version", "entity_id", "erased_at", "folded_name", "id", "password_hash"}
"""Columns of the account that say nothing to the person, or are shown in another way."""


def find_untreated(tables: MetaData, treatments: Mapping[str, Treatment]) -> list[str]:
    """Columns that refer to people without a treatment, and treatments of what there is not."""
    there = {
        f"{table.name}.{key.parent.name}": key.parent.nullable
        for table in tables.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "employees"
    }
    found = [f"{name} has no treatment" for name in sorted(there.keys() - treatments.keys())]
    found += [f"{name} is not there" for name in sorted(treatments.keys() - there.keys())]
    for name, treatment in treatments.items():
        table, _ = split(name)
        if bool(treatment.shown) == bool(treatment.unshown) or bool(treatment.shown) != (
            treatment.section is not None
        ):
            found.append(f"{name} is neither shown nor excused")
        if table in tables.tables and set(treatment.shown) - set(tables.tables[table].columns.keys()):
            found.append(f"{name} shows a column that is not there")
        if treatment.fate is Fate.EMPTIED and there.get(name) is False:
            found.append(f"{name} can't be empty")
    return found


def find_documents(tables: MetaData) -> set[str]:
    """Columns of JSON, in which anything can stand."""
    return {
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON)
    }


def test_every_column_that_refers_to_people_is_treated() -> None:
    found = find_untreated(metadata, TREATMENTS)
    assert not found, f"Say in domain/personal_data.py what becomes of it: {found}"


def test_every_document_is_known() -> None:
    assert find_documents(metadata) == set(DOCUMENTS), "Say whether identifiers of people can stand in it."


def test_identities_are_there() -> None:
    for name in IDENTITIES:
        table, column = split(name)
        assert column in metadata.tables[table].columns


def test_the_account_is_shown_whole() -> None:
    assert set(metadata.tables["employees"].columns.keys()) == set(OWN_COLUMNS) | UNREAD


def test_the_rules_see_planted_faults() -> None:
    missing = {name: each for name, each in TREATMENTS.items() if name != "votes.voter_id"}
    assert find_untreated(metadata, missing) == ["votes.voter_id has no treatment"]
    wrong = Treatment(Fate.EMPTIED, unshown="x")
    assert find_untreated(metadata, dict(TREATMENTS) | {"votes.voter_id": wrong}) == [
        "votes.voter_id can't be empty"
    ]
    assert find_untreated(metadata, dict(TREATMENTS) | {"votes.nobody": wrong})[0].endswith("not there")
    bare = Treatment(Fate.DELETED)
    assert len(find_untreated(metadata, dict(TREATMENTS) | {"votes.voter_id": bare})) == 1
