"""Who may be let go."""

from dataclasses import dataclass

import pytest

from app.domain import employees
from app.domain.actors import Actor
from app.domain.employees import NotActive, OwnDeactivation

ADMIN = Actor("admin")


@dataclass
class Person:
    id: str
    active: bool


def test_an_active_colleague_is_let_go_once() -> None:
    employees.check_may_leave(ADMIN, Person("colleague", active=True))
    with pytest.raises(NotActive):
        employees.check_may_leave(ADMIN, Person("colleague", active=False))


@pytest.mark.parametrize("active", [True, False])
def test_nobody_lets_themselves_go(active: bool) -> None:
    with pytest.raises(OwnDeactivation):
        employees.check_may_leave(ADMIN, Person("admin", active=active))
