"""Employees: what stands against letting one go or taking one back."""

from typing import Protocol

from app.domain.actors import Actor
from app.domain.errors import Conflict, NotFound

PLACEHOLDER = "placeholder"
"""The kind of accounts that stand for the authors of imported ideas: nobody is behind them."""


class NoSuchEmployee(NotFound):
    """There is no such employee."""

    code = "employees.not-found"


class OwnDeactivation(Conflict):
    """Nobody deactivates their own account: ask another admin."""

    code = "employees.own-deactivation"


class NotActive(Conflict):
    """This person is not active."""

    code = "employees.not-active"


class AlreadyActive(Conflict):
    """This person is active already."""

    code = "employees.already-active"


class Person(Protocol):
    """An account as these rules see it."""

    id: str
    active: bool


def check_may_leave(actor: Actor, person: Person) -> None:
    """Let pass an active person other than the actor.

    Raises: OwnDeactivation, NotActive.
    """
    if actor.id == person.id:
        raise OwnDeactivation
    if not person.active:
        raise NotActive
