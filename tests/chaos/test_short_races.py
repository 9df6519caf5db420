"""The races and the state machine of `make chaos`, in the short form that every test run carries."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import (
    model_play,
    races_decisions,
    races_keys,
    races_people,
    races_planted,
    races_prizes,
    races_tokens,
    races_votes,
)
from tests.chaos.installation import Installation
from tests.chaos.races_ground import Racer, prepare
from tests.chaos.trials import Outcome
from tests.conftest import ENGINE, Templates

VOTES = races_votes.Size(planted=6, ideas=1, shots=30, people=8, turns=4, closings=2)
DECISIONS = races_decisions.Size(reviews=4, committees=2, comments=1, moves_twice=1)
KEYS = races_keys.Size(
    edits=1, edit_shots=10, keys=1, key_shots=8, families=1, refreshes=10, links=1, redemptions=4, drafts=1
)
TOKENS = races_tokens.Size(campaigns=1, ideas=30, tokens=5)
PRIZES = races_prizes.Size(rounds=1, people=10, claims=10, decisions=2)
PEOPLE = races_people.Size(admins=2, roles=2, imports=2, campaigns=2, authors=8)


@pytest.fixture
def installation(templates: Templates, tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own, with nobody in it."""
    url = templates.make_copy(peopled=False)
    yield Installation(ENGINE, url, tmp_path)
    templates.drop(url)


async def test_what_happens_at_once_happens_once(installation: Installation) -> None:
    outcome = Outcome()
    await races_planted.measure(installation, outcome, rounds=VOTES.planted, shots=20)
    challenges = await races_people.announce(installation, PEOPLE.campaigns)
    everybody: dict[str, Racer] = {}
    for racers in (
        races_votes.list_racers(VOTES),
        races_decisions.RACERS,
        races_keys.list_racers(KEYS),
        races_people.list_racers(PEOPLE),
    ):
        everybody |= {racer.name: racer for racer in racers}
    async with prepare(installation, outcome, 1, list(everybody.values()), workers=1) as ground:
        await races_votes.race(ground, VOTES)
        await races_decisions.race(ground, DECISIONS)
        await races_keys.race(ground, KEYS)
        await races_people.race(ground, PEOPLE, challenges)
    assert outcome.faults == []


async def test_no_token_is_spent_twice(installation: Installation) -> None:
    outcome = Outcome()
    challenges = await races_people.announce(installation, TOKENS.campaigns)
    async with prepare(installation, outcome, 1, races_tokens.RACERS, workers=1) as ground:
        await races_tokens.race(ground, TOKENS, challenges)
    assert outcome.faults == []


async def test_no_prize_is_given_twice(installation: Installation) -> None:
    outcome = Outcome()
    await races_people.announce(installation, 1)
    racers = races_prizes.list_racers(PRIZES)
    async with prepare(installation, outcome, 1, racers, workers=1) as ground:
        await races_prizes.race(ground, PRIZES)
    assert outcome.faults == []


async def test_some_order_of_what_was_asked_explains_what_is_seen(installation: Installation) -> None:
    outcome = await model_play.play(installation, 1, steps=100)
    assert outcome.faults == []
    assert outcome.counts["of 100 steps"] == 100
