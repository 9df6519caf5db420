"""Operations that are not about an idea: every role calls each; and without a sign-in none is answered."""

import re

import pytest

from tests.matrix import calls, stage
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS, Kind
from tests.matrix.policy import RELATIONS, ROLES
from tests.matrix.requests import UNKNOWN

BY_ROLE = sorted(name for name, row in OPERATIONS.items() if row.kind not in (Kind.PUBLIC, Kind.IDEA))
NOT_TOKENS = ["", "Bearer", "Bearer ", "Bearer x", "Basic QWxpY2U6eA==", "Bearer a.b.c"]


def fill(path: str) -> dict[str, str]:
    return dict.fromkeys(re.findall(r"{(\w+)}", path), UNKNOWN)


def test_every_operation_that_asks_for_roles_has_a_request() -> None:
    missing, stale = set(BY_ROLE) - calls.WRITTEN, calls.WRITTEN - set(BY_ROLE)
    assert not missing, f"Say in tests/matrix/calls.py what is sent to {sorted(missing)}"
    assert not stale, f"No such row any more: {sorted(stale)}"


@pytest.mark.parametrize("operation", BY_ROLE)
async def test_each_role_is_answered_as_the_table_says(house: House, operation: str) -> None:
    row, wrong = OPERATIONS[operation], []
    for role, relation in zip(ROLES, RELATIONS, strict=False):
        await house.wear(role)
        call = await calls.write(operation, house)
        allowed = row.kind is not Kind.ROLE or role in row.roles
        async with house.database.reader() as session:
            before = {} if allowed else await stage.count_rows(session)
        answer = await house.call(house.company.people[relation], operation, call.places, **call.sent)
        expected = call.allowed if allowed else call.refused
        if answer.status_code != expected:
            wrong.append(f"{role}: {answer.status_code} {answer.text[:200]}, not {expected}")
        if not allowed:
            async with house.database.reader() as session:
                changes = stage.find_changes(before, await stage.count_rows(session))
            wrong += [f"{role}: refused, and {changes} changed"] if changes else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("header", NOT_TOKENS)
async def test_nobody_is_answered_before_signing_in(house: House, header: str) -> None:
    """Not even that a body is wrong: what is sent here has the wrong type everywhere."""
    async with house.database.reader() as session:
        before = await stage.count_rows(session)
    for operation, (method, path) in house.operations.items():
        answer = await house.call(
            None,
            operation,
            fill(path),
            params={"nonsense": "1"},
            json=None if method == "GET" else ["nonsense"],
            headers={"Authorization": header} if header else {},
        )
        if OPERATIONS[operation].kind is Kind.PUBLIC:
            assert answer.status_code in (200, 415, 422), f"{operation}: {answer.status_code}"
        else:
            assert answer.status_code == 401, f"{operation}: {answer.status_code}"
            assert answer.json()["code"] == "auth.required"
            assert answer.headers["www-authenticate"].startswith("Bearer")
    async with house.database.reader() as session:
        assert await stage.count_rows(session) == before


async def test_who_left_is_nobody(house: House) -> None:
    call = await calls.write("reactivate_employee", house)
    async with house.database.reader() as session:
        person = await stage.get_employee(session, call.places["employee_id"])
    for operation, (_, path) in house.operations.items():
        if OPERATIONS[operation].kind is not Kind.PUBLIC:
            answer = await house.call(person, operation, fill(path))
            assert answer.status_code == 401, f"{operation}: {answer.status_code}"
