"""What changes a rule or a right stands in the register: every operation that needs a managing permission."""

from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.integrations.register import ACTS
from app.models.employees import Employee
from app.models.register import RegisterEntry, RegisterName
from app.queries import register
from tests.matrix import changes
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS

MANAGED = changes.list_managed()
ENTERING = sorted(MANAGED - set(changes.EXCEPTIONS))
WHO = {"admin": "Adam", "innovation manager": "Ian", "community manager": "Mia", "hr": "Hana"}
DRAWN = {
    "decide_case": "Mia",
    "withdraw_identity_opening": "Mia",
    "approve_identity_opening": "Walt",
    "refuse_identity_opening": "Walt",
}
"""Who acts where it is not the role alone that decides."""


class Entered(NamedTuple):
    """What of an entry is looked at, and who acted."""

    act: str
    facts: dict[str, Any]
    actor: str | None


def pick(house: House, operation: str) -> Employee:
    """Return somebody of the cast who may call an operation; webhooks are the innovation manager's."""
    roles = OPERATIONS[operation].roles
    name = DRAWN.get(operation) or next((who for role, who in WHO.items() if role in roles), "Ian")
    return house.company.cast[name]


async def list_entered(house: House, after: int) -> list[Entered]:
    """Return what was entered beyond a position."""
    async with house.database.reader() as session:
        rows = await session.execute(
            select(col(RegisterEntry.act), col(RegisterEntry.facts), col(RegisterName.employee_id))
            .outerjoin(RegisterName, col(RegisterName.ref) == col(RegisterEntry.actor_ref))
            .where(col(RegisterEntry.position) > after)
        )
        return [Entered(*row) for row in rows]


def test_what_is_excepted_is_there() -> None:
    assert len(MANAGED) > 50
    assert not set(changes.EXCEPTIONS) - MANAGED


def test_the_operations_are_those_that_are_published(house: House) -> None:
    assert not MANAGED - set(house.operations)


@pytest.mark.parametrize("operation", ENTERING)
async def test_what_is_done_is_entered(house: House, operation: str) -> None:
    """A new operation enters what it does, or stands with its reason in `changes.EXCEPTIONS`."""
    call = await changes.write(operation, house)
    async with house.database.reader() as session:
        before = (await register.check_chain(session)).rows
    person = pick(house, operation)
    answer = await house.call(person, operation, call.places, **call.sent)
    assert answer.is_success, answer.text
    entered = await list_entered(house, before)
    assert entered, f"{operation} left nothing in the register"
    assert {each.actor for each in entered} == {person.id}
    assert not [each.act for each in entered if each.act not in ACTS]
    people = {each.id for each in house.company.cast.people.values()}
    assert not [each for each in entered if any(person in str(each.facts) for person in people)]
