"""The grants that a row asks for: the file is the truth for the columns that it has."""

import pytest

from app.domain import directory_grants
from app.domain.directory_records import Grant, Wish
from app.domain.roles import Role

HR, ADMIN = Grant(Role.HR), Grant(Role.ADMIN)
FINANCE, LEGAL = (Grant(Role.CORRESPONDENT, name) for name in ("Finance", "Legal"))
HELD = frozenset({HR, FINANCE})


def wish(
    roles: set[Role] | None = None, functions: tuple[str, ...] | None = None, *, active: bool = True
) -> Wish:
    return Wish(2, roles=None if roles is None else frozenset(roles), functions=functions, active=active)


@pytest.mark.parametrize(
    ("asked", "grants"),
    [
        (wish(), None),
        (wish(roles=set()), set()),
        (wish(roles={Role.HR}), {HR}),
        (wish(roles={Role.ADMIN}), {ADMIN}),
        (wish(roles={Role.CORRESPONDENT}), {FINANCE}),
        (wish(roles={Role.CORRESPONDENT, Role.ADMIN}), {FINANCE, ADMIN}),
        (wish(functions=()), {HR}),
        (wish(functions=("Legal",)), {HR, LEGAL}),
        (wish(functions=("Finance", "Legal")), {HR, FINANCE, LEGAL}),
        (wish(roles=set(), functions=("Legal",)), {LEGAL}),
        (wish(roles={Role.ADMIN}, functions=()), {ADMIN}),
        (wish(roles={Role.CORRESPONDENT}, functions=("Legal",)), {LEGAL}),
        (wish(active=False), set()),
        (wish(roles={Role.ADMIN}, functions=("Legal",), active=False), set()),
    ],
)
def test_a_row_is_the_truth_for_the_columns_that_it_has(asked: Wish, grants: set[Grant] | None) -> None:
    found = directory_grants.ask_grants(asked, HELD)
    assert (None if found is None else set(found)) == grants


def test_a_new_person_holds_nothing() -> None:
    assert directory_grants.ask_grants(wish(roles={Role.HR})) == frozenset({HR})
    assert directory_grants.ask_grants(wish(functions=("Legal",))) == frozenset({LEGAL})


@pytest.mark.parametrize(
    ("asked", "held", "bad"),
    [
        (wish(roles={Role.CORRESPONDENT}), frozenset(), True),
        (wish(roles={Role.CORRESPONDENT}), frozenset({HR}), True),
        (wish(roles={Role.CORRESPONDENT}, functions=()), HELD, True),
        (wish(roles={Role.CORRESPONDENT}), HELD, False),
        (wish(roles={Role.CORRESPONDENT}, functions=("Legal",)), frozenset(), False),
        (wish(roles={Role.HR}), frozenset(), False),
        (wish(roles=set(), functions=()), HELD, False),
        (wish(functions=()), HELD, False),
        (wish(roles={Role.CORRESPONDENT}, active=False), frozenset(), False),
    ],
)
def test_a_correspondent_answers_for_a_function(asked: Wish, held: frozenset[Grant], bad: bool) -> None:
    found = directory_grants.find_bad_grants(asked, held)
    assert (found is not None) is bad
    if found is not None:
        assert (found.line, found.column) == (2, "functions")
        assert found.code == "directory.correspondent-without-function"
        assert found.detail


def test_of_a_new_correspondent_nothing_is_held() -> None:
    assert directory_grants.find_bad_grants(wish(roles={Role.CORRESPONDENT})) is not None
