"""The company of the demonstration is a proper one, at any size."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo import organisation
from app.demo.organisation import COLUMNS, Organisation
from app.demo.topics import FUNCTION_FILES

FULL = organisation.build(Random(1), 4573)
CAST = {
    "alice.martin": "",
    "farid.benali": "correspondent",
    "ines.garcia": "correspondent",
    "samuel.costa": "correspondent",
    "fanny.petit": "facilitator",
    "denis.moreau": "idea_developer",
    "camille.roux": "community_manager",
    "irene.lefevre": "innovation_manager",
    "ivan.nguyen": "innovation_manager",
    "sophie.dubois": "sponsor",
    "helene.bernard": "hr",
    "walter.schmitt": "works_council",
    "adele.fontaine": "admin",
}


def check(company: Organisation, employees: int) -> None:
    people = company.employees
    assert len(people) == employees == len(company.by_id)
    assert len({one.email for one in people}) == employees
    assert [one.manager for one in people].count("") == 1
    for one in people:
        line = company.list_line(one.external_id)
        assert one.external_id not in line
        assert len(line) <= 8
        assert one.email.isascii()
        assert one.email == one.email.lower()
        assert one.entity.split("/")[0] == "Eurêka"
        assert ("correspondent" in one.roles) == bool(one.functions)
    for function in FUNCTION_FILES:
        holders = [one for one in people if function in one.functions]
        assert len({one.entity for one in holders}) >= 2
        assert not {one.external_id for one in holders} & company.managers
    cast = {one.email.partition("@")[0]: one for one in people[: len(CAST)]}
    assert list(cast) == list(CAST)
    for name, role in CAST.items():
        assert (role in cast[name].roles) if role else not cast[name].roles
        above = set(company.list_line(cast[name].external_id))
        assert not above & {one.external_id for one in cast.values()}
    judges = company.list_with("innovation_manager")
    assert len({one.manager for one in judges}) >= 2


@settings(max_examples=40, deadline=None)
@given(employees=st.integers(20, 900), seed=st.integers(0, 2**32))
def test_a_company_of_any_size_is_sound(employees: int, seed: int) -> None:
    check(organisation.build(Random(seed), employees), employees)


def test_the_full_company_is_sound() -> None:
    check(FULL, 4573)
    assert 60 <= len(FULL.entities) <= 120
    assert 2 <= max(len(one.entity.split("/")) for one in FULL.employees) <= 4
    for function in FUNCTION_FILES:
        assert sum(function in one.functions for one in FULL.employees) >= 3
    names = " ".join(one.name for one in FULL.employees)
    assert all(mark in names for mark in "'-éèëïôÉç")


def test_the_cast_answers_for_its_functions() -> None:
    people = {one.email.partition("@")[0]: one for one in FULL.employees}
    assert "Finance" in people["farid.benali"].functions
    assert "Informatique" in people["ines.garcia"].functions
    assert "Service client" in people["samuel.costa"].functions


def test_rows_are_those_of_a_directory_import() -> None:
    rows = FULL.rows()
    assert tuple(rows[0]) == COLUMNS
    ids = {row["external_id"] for row in rows}
    assert all(row["manager_external_id"] in ids or not row["manager_external_id"] for row in rows)
    assert {row["active"] for row in rows} == {"true"}
    assert rows[1]["email"] == "farid.benali@eureka.example"
    assert rows[1]["roles"] == "correspondent"


def test_the_same_seed_draws_the_same_company() -> None:
    assert organisation.build(Random(4), 300) == organisation.build(Random(4), 300)
    assert organisation.build(Random(4), 300) != organisation.build(Random(5), 300)


def test_a_company_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="20"):
        organisation.build(Random(0), 19)
