"""Entities and functions of a file: known ones in any spelling, new ones once and parents first."""

import pytest

from app.domain.directory_register import Register


@pytest.mark.parametrize("spelling", ["Finance", "FINANCE", " finance ", "\uff46inance"])
def test_a_known_name_is_found_in_any_spelling(spelling: str) -> None:
    register = Register(["Sales", "Finance"])
    assert register.resolve(spelling) == "Finance"
    assert register.new == []


def test_of_two_known_spellings_each_stays_and_the_first_is_found_by_others() -> None:
    register = Register(["Finance", "FINANCE"])
    assert [register.resolve(name) for name in ("Finance", "FINANCE", "finance")] == [
        "Finance",
        "FINANCE",
        "Finance",
    ]
    assert register.new == []


def test_a_new_name_is_new_once_in_the_spelling_that_came_first() -> None:
    register = Register(["Sales"])
    assert [register.resolve(name) for name in ("Legal", "LEGAL", "Legal", "Design")] == [
        "Legal",
        "Legal",
        "Legal",
        "Design",
    ]
    assert register.new == ["Legal", "Design"]


def test_a_path_is_known_level_by_level_and_new_parents_come_first() -> None:
    register = Register(["Company", "Company/Sales"])
    assert register.resolve_path("COMPANY/sales") == "Company/Sales"
    assert register.new == []
    assert register.resolve_path("company/SALES/Lyon/North") == "Company/Sales/Lyon/North"
    assert register.resolve_path("Company/Sales/LYON/South") == "Company/Sales/Lyon/South"
    assert register.new == ["Company/Sales/Lyon", "Company/Sales/Lyon/North", "Company/Sales/Lyon/South"]


def test_the_same_name_at_two_places_is_two_entities() -> None:
    register = Register([])
    assert register.resolve_path("Company/Sales") == "Company/Sales"
    assert register.resolve_path("Sales") == "Sales"
    assert register.resolve_path("Sales/Company") == "Sales/Company"
    assert register.new == ["Company", "Company/Sales", "Sales", "Sales/Company"]


def test_a_known_path_stays_though_another_is_spelled_alike() -> None:
    register = Register(["Company", "company", "company/Sales"])
    assert register.resolve_path("company/Sales") == "company/Sales"
    assert register.new == []


def test_a_sign_that_looks_like_a_slash_parts_no_levels() -> None:
    register = Register(["a/b"])
    assert register.resolve_path("a\uff0fb") == "a\uff0fb"
    assert register.new == ["a\uff0fb"]
