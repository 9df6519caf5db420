"""The matrix over HTTP: every two of act, role, relation, situation, anonymity met; refusals leave no trace."""

from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import httpx2
import pytest

from app.models.ideas import Idea
from tests.matrix import pairs, policy, requests, stage
from tests.matrix.house import House
from tests.matrix.policy import ACTS, RELATIONS, ROLES, SITUATIONS, Act, Situation, Verdict

SEED = 7
SILENT = {"take the vote back"}
"""What is accepted and writes nothing, because there is nothing to take back."""


@dataclass(frozen=True)
class Cell:
    """One request of the matrix; `unmet` lacks what the act must show."""

    act: Act
    role: str
    relation: str
    situation: Situation
    unmet: bool = False

    @property
    def predicted(self) -> Verdict:
        """What the table says."""
        return policy.predict(self.act, self.role, self.relation, self.situation, unmet=self.unmet)

    def __str__(self) -> str:
        lacking = ", lacking what it must show" if self.unmet else ""
        return f"{self.act.name}{lacking} × {self.role} × {self.relation} × {self.situation}"


def list_pairwise() -> list[Cell]:
    """Return cells in which every two values of different dimensions meet."""
    named = {
        (each.stage, each.clarification, each.on_hold, each.appealed): None for each in SITUATIONS
    }
    rows = pairs.cover(
        {
            "act": ACTS,
            "situation": list(named),
            "relation": RELATIONS,
            "role": list(ROLES),
            "anonymous": [False, True],
            "unmet": [False, True],
        },
        seed=SEED,
    )
    return [
        Cell(
            row["act"],
            row["role"],
            row["relation"],
            Situation(*row["situation"], anonymous=row["anonymous"]),
            unmet=row["unmet"] and row["act"].unmet,
        )
        for row in rows
    ]


def list_successes() -> list[Cell]:
    """Return for each act and stage somebody who may make it there, with all it must show and without."""
    random = Random(SEED)
    found: dict[tuple[str, str, bool], Cell] = {}
    combinations = list(product(ROLES, RELATIONS, SITUATIONS))
    random.shuffle(combinations)
    for act, (role, relation, situation) in product((*policy.MOVES, *policy.OTHERS), combinations):
        for unmet in (False, True) if act.unmet else (False,):
            cell = Cell(act, role, relation, situation, unmet=unmet)
            key = (act.name, situation.stage, unmet)
            if key not in found and policy.predict(act, role, relation, situation) is Verdict.DONE:
                found[key] = cell
    return list(found.values())


PAIRWISE, SUCCESSES = list_pairwise(), list_successes()


@dataclass
class Theatre:
    """Ideas by what is asked of them; one that was changed is not used again."""

    house: House
    ideas: dict[Any, Idea] = field(default_factory=dict)

    async def get(self, cell: Cell) -> tuple[Any, Idea]:
        """Return an idea for a cell, with the key under which it is kept."""
        holds = cell.relation == "line manager who holds"
        scored = not (cell.act.name == "select" and cell.unmet)
        key = (cell.situation, holds, scored)
        if key not in self.ideas:
            async with self.house.database.writer() as session:
                self.ideas[key] = await stage.put(
                    session,
                    self.house.company,
                    cell.situation,
                    holder=cell.relation if holds else "holder",
                    scored=scored,
                )
        return key, self.ideas[key]


async def play(theatre: Theatre, cell: Cell) -> list[str]:
    """Make the request of a cell; return what went otherwise than predicted."""
    house = theatre.house
    await house.wear(cell.role)
    key, idea = await theatre.get(cell)
    person = house.company.people[cell.relation]
    async with house.database.writer() as session:
        places = {"idea_id": idea.id}
        if "comment_id" in house.operations[cell.act.operation][1]:
            places["comment_id"] = (await stage.say(session, idea, person.id)).id
        into = ""
        if cell.act.name == "merge":
            into = (await stage.put_elsewhere(session, house.company)).id
    asked = requests.write(cell.act, house.company, unmet=cell.unmet, into=into)
    async with house.database.reader() as session:
        before = await stage.photograph(session, idea.id)
    answer = await house.call(
        person, cell.act.operation, asked.places | places, json=asked.json, headers=asked.headers
    )
    async with house.database.reader() as session:
        after = await stage.photograph(session, idea.id)
        holder = await stage.find_holder(session, idea.id)
    changes = stage.find_changes(before, after)
    if changes:
        del theatre.ideas[key]
    wrong = find_wrong(cell, answer, changes)
    if holder != idea.holder_id and holder in house.company.barred:
        wrong.append("the idea went to somebody who is too close to it")
    return [f"{cell}: {what}" for what in wrong]


def find_wrong(cell: Cell, answer: httpx2.Response, changes: list[str]) -> list[str]:
    """Return what is otherwise than the table says: the status, the form of a refusal, traces."""
    predicted, status = cell.predicted, answer.status_code
    if predicted is Verdict.DONE:
        silent = cell.act.name in SILENT or not cell.act.writes or cell.relation == "stood back"
        if status not in (200, 201, 204):
            return [f"{status} {answer.text[:200]}, not done"]
        if not changes and not silent:
            return ["done, and nothing changed"]
        if changes and (cell.act.name in SILENT or not cell.act.writes):
            return [f"done, and {changes} changed"]
        return []
    expected = 428 if predicted is Verdict.GATE and cell.act.name in requests.VERSIONED else int(predicted)
    wrong = []
    if status != expected:
        wrong.append(f"{status} {answer.text[:200]}, not {expected}")
    elif answer.headers["content-type"] != "application/problem+json":
        wrong.append("no problem document")
    if changes:
        wrong.append(f"{changes} changed")
    return wrong


@pytest.fixture(scope="module")
def theatre(house: House) -> Theatre:
    """The ideas of the module."""
    return Theatre(house)


def test_every_two_values_meet() -> None:
    size = len(ACTS) * len(SITUATIONS) // 2
    assert len(PAIRWISE) >= size
    for one, other in (("act", "role"), ("act", "relation"), ("role", "relation")):
        met = {(getattr(cell, one), getattr(cell, other)) for cell in PAIRWISE}
        whole = {"act": len(ACTS), "role": len(ROLES), "relation": len(RELATIONS)}
        assert len(met) == whole[one] * whole[other]
    assert {(cell.act, cell.situation.stage, cell.situation.on_hold) for cell in PAIRWISE} == {
        (act, situation.stage, situation.on_hold) for act, situation in product(ACTS, SITUATIONS)
    }


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
async def test_requests_are_answered_as_the_table_says(theatre: Theatre, act: Act) -> None:
    cells = [cell for cell in PAIRWISE + SUCCESSES if cell.act is act]
    wrong = []
    for cell in sorted(cells, key=lambda cell: cell.role):
        wrong += await play(theatre, cell)
    assert not wrong, f"{len(wrong)} of {len(cells)} requests:\n" + "\n".join(wrong[:8])


@pytest.mark.parametrize("role", ROLES)
async def test_can_over_http_says_what_the_table_says(theatre: Theatre, role: str) -> None:
    house, random = theatre.house, Random(f"{SEED} {role}")
    await house.wear(role)
    wrong = []
    for relation in RELATIONS:
        situation = random.choice([each for each in SITUATIONS if policy.may_see(relation, each)])
        cell = Cell(policy.READS[0], role, relation, situation)
        _, idea = await theatre.get(cell)
        answer = await house.call(house.company.people[relation], "read_idea", {"idea_id": idea.id})
        said, predicted = set(answer.json()["can"]), policy.list_abilities(role, relation, situation)
        wrong += [f"{cell}: {sorted(said ^ predicted)}"] if said != predicted else []
    assert not wrong, "\n".join(wrong)
