"""What a role can be granted for."""

from itertools import product

import pytest

from app.domain import roles
from app.domain.roles import Role, ScopeNotRight

SCOPES = ("function", "entity", "campaign")
GIVEN = [
    tuple(scope for scope, yes in zip(SCOPES, chosen, strict=True) if yes)
    for chosen in product((False, True), repeat=3)
]


def is_right(role: Role, given: tuple[str, ...]) -> bool:
    """Say it the other way round: one scope or none, a correspondent's and an admin's as they are."""
    if role is Role.ADMIN:
        return not given
    if role is Role.CORRESPONDENT:
        return given in (("function",), ("campaign",))
    return len(given) <= 1


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_granted_for_all_or_for_one_scope(role: Role, given: tuple[str, ...]) -> None:
    scopes = {scope: "somewhere" if scope in given else None for scope in SCOPES}
    if is_right(role, given):
        roles.check_scope(role, **scopes)
    else:
        with pytest.raises(ScopeNotRight):
            roles.check_scope(role, **scopes)


@pytest.mark.parametrize(
    ("role", "given", "pointer", "about"),
    [
        (Role.CORRESPONDENT, (), "/function", "correspondent"),
        (Role.CORRESPONDENT, ("entity",), "/function", "correspondent"),
        (Role.ADMIN, ("entity",), "/entity", "admin"),
        (Role.ADMIN, ("function", "campaign"), "/function", "admin"),
        (Role.SPONSOR, ("function", "campaign"), "/campaign", "for all or for one"),
        (Role.SPONSOR, ("function", "entity", "campaign"), "/entity", "for all or for one"),
        (Role.CORRESPONDENT, ("function", "entity"), "/entity", "for all or for one"),
    ],
)
def test_the_scope_that_is_not_right_is_named(
    role: Role, given: tuple[str, ...], pointer: str, about: str
) -> None:
    with pytest.raises(ScopeNotRight) as refused:
        roles.check_scope(role, **{scope: "somewhere" if scope in given else None for scope in SCOPES})
    assert [problem.pointer for problem in refused.value.errors] == [pointer]
    assert about in refused.value.detail
