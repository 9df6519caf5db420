"""The published schema, held against the application: cases of every operation, as one role or another.

What an operation does with odd input depends on the engine only in its last step: each engine has other roles.
"""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.config import Settings
from app.models.employees import Employee
from app.routers import documentation
from app.services.authentication import DEVELOPMENT_SESSION
from tests.conftest import ENGINE
from tests.fuzz import campaign
from tests.fuzz.serving import serving
from tests.support.wiring import wire_up
from tests.support.world import Cast

SEED = 20120101
EXAMPLES = 1


@pytest.fixture
def address(built: FastAPI, settings: Settings, cast: Cast) -> Iterator[str]:
    """A server with the cast in its database."""
    built.state.wiring = wire_up(settings)
    with serving(built) as base_url:
        yield base_url


def sign_in(app: FastAPI, person: Employee) -> str:
    token: str = app.state.wiring.signer.issue(person.id, DEVELOPMENT_SESSION, now=clock.now())
    return token


def speak(address: str, token: str) -> httpx2.Client:
    return httpx2.Client(
        base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )


def furnish(address: str, app: FastAPI, cast: Cast) -> str:
    """Let some things happen; return the identifier of the correspondent who holds them."""
    texts: dict[str, Any] = {
        "problem": "It takes long.",
        "solution": "Do it sooner.",
        "theme": cast.themes["quality_of_service"],
    }
    texts["function"] = cast.functions["IT"]
    with speak(address, sign_in(app, cast["Alice"])) as alice:
        made = [alice.post("/ideas", json={"title": f"Idea {number}", **texts}).json() for number in range(4)]
        alice.post("/ideas", json={"title": "Not ready", "draft": True, **texts})
        alice.post("/ideas", json={"title": "Who said it", "anonymous": True, **texts})
        alice.post(f"/ideas/{made[0]['id']}/comments", json={"body": "What do you think?"})
    holder: str = made[0]["holder"]["id"]
    person = next(person for person in cast.people.values() if person.id == holder)
    with speak(address, sign_in(app, person)) as correspondent:
        for idea in made[:2]:
            correspondent.post(
                f"/ideas/{idea['id']}/decisions", json={"action": "acknowledge"}
            ).raise_for_status()
    return holder


def test_every_operation_keeps_to_the_published_schema(built: FastAPI, address: str, cast: Cast) -> None:
    holder = furnish(address, built, cast)
    correspondent = next(person for person in cast.people.values() if person.id == holder)
    document = documentation.describe(built)
    found, cases = [], 0
    people = [cast["Alice"]] if ENGINE == "sqlite" else [correspondent, cast["Ian"]]
    for place, person in enumerate(people):
        token = sign_in(built, person)
        outcome = campaign.run(
            document,
            base_url=address,
            token=token,
            known=campaign.survey(address, token),
            seed=SEED + place,
            examples=EXAMPLES,
            phases=("fuzzing",),
        )
        cases += outcome.cases
        found += [f"As {person.name}: {failure}" for failure in outcome.failures]
    assert not found, "\n".join(found)
    assert cases >= 50 * len(people)
