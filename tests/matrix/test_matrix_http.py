"""The matrix over HTTP: every two of act, role, relation, situation, anonymity met; refusals leave no trace."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any

import httpx2
import pytest

from app.models.ideas import Idea
from tests.matrix import pairs, policy, requests, stage
from tests.matrix.house import House
from tests.matrix.policy import ACTS, RELATIONS, ROLES, SITUATIONS, Act, Situation, Verdict

SEED, CELLS = 7, 1_000
HELD = {"pilot"}
"""Of the four stages in which an idea can be on hold, the one that is paired with everything."""

DECIDING = [
    act for act in ACTS if act.hand not in (policy.Hand.ANYBODY, policy.Hand.OTHERS, policy.Hand.AUTHORS)
]
SILENT = {"take the vote back", "unfollow"}
"""What is accepted and writes nothing, because there is nothing to take back."""

STOOD_BACK = {"stood back", "former co-author"}
Photograph = dict[str, list[Any]]


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
    named = [each for each in SITUATIONS if not each.anonymous and (not each.on_hold or each.stage in HELD)]
    rows = pairs.cover(
        {
            "act": ACTS,
            "situation": named,
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
            replace(row["situation"], anonymous=row["anonymous"]),
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


def list_near() -> list[Cell]:
    """Return for each act that decides on an idea everybody and every role where it could be made.

    And strangers at the ends of ideas: that it is over is said to those only whose act it would be.
    """
    random, found = Random(SEED), []
    everyday = sorted(set(ROLES) - policy.COMMITTEE)
    for act in DECIDING:
        right = [each for each in SITUATIONS if policy.fits(act, "holder", each) and not each.anonymous]
        found += [
            Cell(act, random.choice(everyday), relation, random.choice(right)) for relation in RELATIONS
        ]
        found += [
            Cell(act, role, random.choice(("peer", "stranger")), random.choice(right)) for role in ROLES
        ]
        found += [
            Cell(act, random.choice(everyday), "stranger", Situation(end)) for end in sorted(policy.ENDS)
        ]
    return found


PAIRWISE, SUCCESSES, NEAR = list_pairwise(), list_successes(), list_near()


@dataclass
class Theatre:
    """Ideas by what is asked of them, each with all that was written about it; a changed one is not used again."""

    house: House
    ideas: dict[Any, Idea] = field(default_factory=dict)
    written: dict[str, Photograph] = field(default_factory=dict)

    async def get(self, cell: Cell) -> Idea:
        """Return an idea for a cell."""
        if (key := find_key(cell)) not in self.ideas:
            async with self.house.database.writer() as session:
                idea = await stage.put(
                    session,
                    self.house.company,
                    cell.situation,
                    holder=cell.relation if cell.relation == "line manager who holds" else "holder",
                    scored=key[2],
                )
                self.ideas[key], self.written[idea.id] = idea, await stage.photograph(session, idea.id)
        return self.ideas[key]

    async def prepare(self, cell: Cell, idea: Idea) -> tuple[dict[str, str], str]:
        """Put beside an idea what an act needs: a comment of one's own, an idea to merge into."""
        places, into = {"idea_id": idea.id}, ""
        if "comment_id" in self.house.operations[cell.act.operation][1]:
            async with self.house.database.writer() as session:
                comment = await stage.say(session, idea, self.house.company.people[cell.relation].id)
                self.written[idea.id] = await stage.photograph(session, idea.id)
                places["comment_id"] = comment.id
        if cell.act.name == "merge":
            async with self.house.database.writer() as session:
                into = (await stage.put_elsewhere(session, self.house.company)).id
        return places, into

    async def glance(self, idea: Idea) -> Any:
        """Return what every write changes."""
        async with self.house.database.reader() as session:
            return await stage.glance(session, idea.id)

    async def find_changed(self) -> dict[str, list[str]]:
        """Return the ideas that something was written about though every request was refused."""
        async with self.house.database.reader() as session:
            changes = {
                str(key): stage.find_changes(self.written[idea.id], await stage.photograph(session, idea.id))
                for key, idea in self.ideas.items()
            }
        return {key: tables for key, tables in changes.items() if tables}


def find_key(cell: Cell) -> tuple[Situation, bool, bool]:
    """Return what an idea for a cell is like: where it stands, whether Bob holds it, whether it has a scorecard."""
    return (
        cell.situation,
        cell.relation == "line manager who holds",
        not (cell.act.name == "select" and cell.unmet),
    )


async def play(theatre: Theatre, cell: Cell) -> list[str]:
    """Make the request of a cell; return what went otherwise than predicted."""
    house, idea = theatre.house, await theatre.get(cell)
    await house.wear(cell.role)
    places, into = await theatre.prepare(cell, idea)
    asked = requests.write(cell.act, house.company, unmet=cell.unmet, into=into)
    before = await theatre.glance(idea)
    person = house.company.people[cell.relation]
    answer = await house.call(
        person, cell.act.operation, asked.places | places, json=asked.json, headers=asked.headers
    )
    changed = await theatre.glance(idea) != before
    wrong = find_wrong(cell, answer, changed=changed)
    if changed:
        del theatre.ideas[find_key(cell)]
        async with house.database.reader() as session:
            holder = await stage.find_holder(session, idea.id)
        if holder != idea.holder_id and holder in house.company.barred:
            wrong.append("the idea went to somebody who is too close to it")
    return [f"{cell}: {what}" for what in wrong]


def find_wrong(cell: Cell, answer: httpx2.Response, *, changed: bool) -> list[str]:
    """Return what is otherwise than the table says: the status, the form of a refusal, traces."""
    predicted, status = cell.predicted, answer.status_code
    if predicted is Verdict.DONE:
        silent = cell.act.name in SILENT or not cell.act.writes
        silent = silent or (cell.act.name == "stand back" and cell.relation in STOOD_BACK)
        if status not in (200, 201, 204):
            return [f"{status} {answer.text[:200]}, not done"]
        if not changed and not silent:
            return ["done, and nothing changed"]
        if changed and (cell.act.name in SILENT or not cell.act.writes):
            return ["done, and something changed"]
        return []
    if predicted is Verdict.CONFLICT and cell.act.name == "stand back" and cell.relation in STOOD_BACK:
        # Saying again what one has said is taken and writes nothing, wherever the idea stands since.
        return [f"{status}, said again"] if changed or status != 204 else []
    expected = 428 if predicted is Verdict.GATE and cell.act.name in requests.VERSIONED else int(predicted)
    wrong = []
    if status != expected:
        wrong.append(f"{status} {answer.text[:200]}, not {expected}")
    elif answer.headers["content-type"] != "application/problem+json":
        wrong.append("no problem document")
    if changed:
        wrong.append("refused, and something changed")
    return wrong


@pytest.fixture(scope="module")
async def theatre(house: House) -> AsyncIterator[Theatre]:
    """The ideas of the module; in the end those that were only refused stand as they did, to the last row."""
    made = Theatre(house)
    yield made
    assert not await made.find_changed()


def test_every_two_values_meet() -> None:
    assert len(PAIRWISE) + len(SUCCESSES) + len(NEAR) > CELLS
    for one, other in (("act", "role"), ("act", "relation"), ("role", "relation")):
        met = {(getattr(cell, one), getattr(cell, other)) for cell in PAIRWISE}
        whole = {"act": len(ACTS), "role": len(ROLES), "relation": len(RELATIONS)}
        assert len(met) == whole[one] * whole[other]
    assert {(cell.act, cell.situation.stage) for cell in PAIRWISE} == set(product(ACTS, policy.EVERY))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
async def test_requests_are_answered_as_the_table_says(theatre: Theatre, act: Act) -> None:
    cells = [cell for cell in PAIRWISE + SUCCESSES + NEAR if cell.act is act]
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
        idea = await theatre.get(cell)
        answer = await house.call(house.company.people[relation], "read_idea", {"idea_id": idea.id})
        said, predicted = set(answer.json()["can"]), policy.list_abilities(role, relation, situation)
        wrong += [f"{cell}: {sorted(said ^ predicted)}"] if said != predicted else []
    assert not wrong, "\n".join(wrong)
