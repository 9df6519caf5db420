"""The whole matrix against the pure rules: each act × role × relation × situation, and each operation its row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI

from app.core import openapi
from app.domain import abilities, comments, conflicts, decisions, ideas, permissions, pipeline, votes
from app.domain.actors import Actor, Grant
from app.domain.conflicts import Conflicts, Link
from app.domain.errors import Conflict, Forbidden, Refusal
from app.domain.permissions import Permission
from app.domain.pipeline import By
from app.domain.roles import Role
from app.routers import documentation
from tests.matrix import policy
from tests.matrix.operations import OPERATIONS, PERMISSIONS, Kind
from tests.matrix.policy import ABILITIES, MOVES, RELATIONS, ROLES, SITUATIONS, Act, Hand, Situation, Verdict

CELLS = 100_000

SCOPES: dict[str, dict[str, str]] = {
    "all": {},
    "function": {"function_id": "finance"},
    "other function": {"function_id": "it"},
    "campaign": {"campaign_id": "spring"},
    "other campaign": {"campaign_id": "autumn"},
}
PERSONS = {"line manager who holds": "line manager"}
"""Relations in which somebody stands who is in the organisation under another name."""

LINKS = {
    "author": Link("line manager"),
    "line manager": Link("manager above"),
    "manager above": Link(None),
    "co-author": Link("co-author's manager"),
    "co-author's manager": Link(None),
    "lost author": Link(None, certain=False, entity_id="lost unit"),
}
BY = {
    Hand.AUTHORS: By.AUTHOR,
    Hand.HOLDER: By.HOLDER,
    Hand.COMMITTEE: By.COMMITTEE,
    Hand.REVIEWERS: By.REVIEWERS,
}
CHECKS: dict[str, Callable[..., None]] = {
    "vote": votes.check_may_vote,
    "take the vote back": votes.check_may_vote,
    "comment": lambda idea, **_relation: comments.check_may_comment(idea),
    "edit": ideas.check_may_edit,
    "delete": ideas.check_may_delete,
}


@dataclass
class Placed:
    """An idea as the rules see it."""

    stage: str
    clarification: bool
    on_hold: bool
    anonymous: bool
    appealed_at: datetime | None
    holder_id: str | None
    id: str = "idea"
    hidden_code: str | None = None
    restriction: str | None = None
    declined_at: str | None = "evaluation"
    function_id: str | None = "finance"
    campaign_id: str = "spring"


def place(situation: Situation, relation: str) -> Placed:
    holder = PERSONS.get(relation, "holder")
    return Placed(
        situation.stage,
        situation.clarification,
        situation.on_hold,
        situation.anonymous,
        datetime(2026, 1, 5, tzinfo=UTC) if situation.appealed else None,
        None if situation.stage == "draft" else holder,
    )


@cache
def dress(role: str, relation: str) -> Actor:
    worn = ROLES[role]
    grants = () if worn is None else (Grant(Role(worn[0]), **SCOPES[worn[1]]),)
    unit = "lost unit" if relation == "in doubt" else "somewhere"
    return Actor(id=PERSONS.get(relation, relation), entity_id=unit, grants=grants)


@cache
def find_circle() -> Conflicts:
    return conflicts.find_conflicts(
        ["author", "co-author", "lost author"], LINKS, ["direct report"], ["stood back", "former co-author"]
    )


def is_conflicted(actor: Actor) -> bool:
    return find_circle().bars(actor.id, actor.entity_id)


def list_seen() -> list[tuple[str, str, Situation]]:
    """Return the combinations in which the idea is seen at all; the others are decided by its door."""
    return [cell for cell in product(ROLES, RELATIONS, SITUATIONS) if policy.may_see(cell[1], cell[2])]


@cache
def compare_abilities() -> tuple[int, dict[str, list[str]]]:
    """Return the number of cells, and by ability where the product says otherwise than the table."""
    cells, wrong = 0, {ability: list[str]() for ability in ABILITIES}
    for role, relation, situation in list_seen():
        actor = dress(role, relation)
        said = set(
            abilities.list_abilities(
                actor,
                place(situation, relation),
                is_author=relation in policy.AUTHORS,
                conflicted=is_conflicted(actor),
                invited=relation == "invited",
            )
        )
        predicted = policy.list_abilities(role, relation, situation)
        assert said <= set(ABILITIES), f"`can` holds what the table does not know: {said - set(ABILITIES)}"
        cells += len(ABILITIES)
        for ability in said ^ predicted:
            what = "says yes" if ability in said else "says no"
            wrong[ability].append(f"{role} × {relation} × {situation}: the product {what}")
    return cells, wrong


def judge(attempt: Callable[[], Any]) -> Verdict:
    try:
        attempt()
    except Refusal as refusal:
        if isinstance(refusal, Forbidden):
            return Verdict.FORBIDDEN
        if isinstance(refusal, Conflict):
            return Verdict.CONFLICT
        raise
    return Verdict.DONE


def try_move(act: Act, actor: Actor, idea: Placed, *, is_author: bool) -> Verdict:
    """Ask whose act it is, then where the idea stands, as every service does."""
    by = By.SEAT if act.ability == "reopen" else BY[act.hand]
    conflicted = by is not By.AUTHOR and is_conflicted(actor)

    def attempt() -> None:
        decisions.check_hand(actor, idea, by, is_author=is_author, conflicted=conflicted)
        pipeline.get_move(idea, pipeline.Act(act.ability), by)

    return judge(attempt)


def list_operation_ids(document: dict[str, Any]) -> set[str]:
    return {operation["operationId"] for _, _, operation in openapi.list_operations(document)}


def find_without_row(document: dict[str, Any]) -> list[str]:
    return sorted(list_operation_ids(document) - set(OPERATIONS))


def find_stale_rows(document: dict[str, Any]) -> list[str]:
    return sorted(set(OPERATIONS) - list_operation_ids(document))


def find_wrongly_open(document: dict[str, Any]) -> list[str]:
    """Operations that the document says need no sign-in though the table does, or the other way round."""
    return [
        operation["operationId"]
        for _, _, operation in openapi.list_operations(document)
        if operation["operationId"] in OPERATIONS
        and bool(operation.get("security")) is (OPERATIONS[operation["operationId"]].kind is Kind.PUBLIC)
    ]


def test_every_operation_has_a_row(built: FastAPI) -> None:
    found = find_without_row(documentation.describe(built))
    assert not found, f"Say in tests/matrix/operations.py who may call {found}"


def test_every_row_has_an_operation(built: FastAPI) -> None:
    found = find_stale_rows(documentation.describe(built))
    assert not found, f"No such operation any more: take {found} out of tests/matrix/operations.py"


def test_only_what_the_table_says_stands_before_sign_in(built: FastAPI) -> None:
    assert not find_wrongly_open(documentation.describe(built))


def test_the_rules_see_planted_faults(built: FastAPI) -> None:
    document = documentation.describe(built)
    path = {"get": {"operationId": "unheard_of", "security": [{}]}, "put": {"operationId": "show_me"}}
    document["paths"] = {"/planted": path}
    assert find_without_row(document) == ["unheard_of"]
    assert "cast_vote" in find_stale_rows(document)
    assert find_wrongly_open(document) == ["show_me"]


def test_the_relations_are_conflicts_or_not() -> None:
    said = {relation: is_conflicted(dress(policy.EMPLOYEE, relation)) for relation in RELATIONS}
    assert said == {relation: relation in policy.CONFLICTED for relation in RELATIONS}


def test_the_matrix_is_whole() -> None:
    cells, _ = compare_abilities()
    assert cells == len(ABILITIES) * len(list_seen())
    assert cells > CELLS


@pytest.mark.parametrize("ability", ABILITIES)
def test_can_says_what_the_table_says(ability: str) -> None:
    _, wrong = compare_abilities()
    assert not wrong[ability], f"{len(wrong[ability])} cells: " + "; ".join(wrong[ability][:8])


@pytest.mark.parametrize("act", MOVES, ids=lambda act: act.name)
def test_moves_are_refused_as_the_table_says(act: Act) -> None:
    wrong = []
    for role, relation, situation in list_seen():
        predicted = policy.predict(act, role, relation, situation)
        is_author = relation in policy.AUTHORS
        said = try_move(act, dress(role, relation), place(situation, relation), is_author=is_author)
        # That an appeal was made before is asked where the appeal is written down.
        if said is not predicted and not (act.name == "appeal" and situation.appealed):
            wrong.append(f"{role} × {relation} × {situation}: {said.value}, not {predicted.value}")
    assert not wrong, f"{len(wrong)} cells: " + "; ".join(wrong[:8])


@pytest.mark.parametrize(
    "act", [act for act in policy.OTHERS if act.name in CHECKS], ids=lambda act: act.name
)
def test_other_acts_are_refused_as_the_table_says(act: Act) -> None:
    wrong = []
    for role, relation, situation in list_seen():
        idea, is_author = place(situation, relation), relation in policy.AUTHORS
        said = judge(lambda idea=idea, is_author=is_author: CHECKS[act.name](idea, is_author=is_author))  # type: ignore[misc]
        if said is not policy.predict(act, role, relation, situation):
            wrong.append(f"{role} × {relation} × {situation}: {said.value}")
    assert not wrong, f"{len(wrong)} cells: " + "; ".join(wrong[:8])


def test_roles_carry_the_permissions_of_the_table() -> None:
    assert {each.value for each in Permission} == set(PERMISSIONS), "Give each permission its row"
    wrong = [
        f"{role}: {name}"
        for role, name in product(ROLES, PERMISSIONS)
        if permissions.may(dress(role, "stranger"), Permission(name)) is not (role in PERMISSIONS[name].roles)
    ]
    assert not wrong


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.INNOVATION_MANAGER])
@pytest.mark.parametrize("scope", ["other function", "other campaign"])
def test_a_role_for_something_else_is_no_seat_in_the_committee(role: Role, scope: str) -> None:
    actor = Actor(id="stranger", grants=(Grant(role, **SCOPES[scope]),))
    assert not decisions.is_committee(actor, place(Situation("recommended"), "stranger"))


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.INNOVATION_MANAGER])
def test_a_role_for_one_entity_is_no_seat_in_the_committee_of_all(role: Role) -> None:
    actor = Actor(id="stranger", grants=(Grant(role, entity_id="elsewhere"),))
    assert not decisions.is_committee(actor, place(Situation("recommended"), "stranger"))


def test_an_idea_developer_of_another_function_fills_no_scorecard() -> None:
    actor = Actor(id="stranger", grants=(Grant(Role.IDEA_DEVELOPER, function_id="it"),))
    assert not abilities.may_score(actor, place(Situation("evaluation"), "stranger"), conflicted=False)
