"""Figures over HTTP: who reads them, what is refused, what small groups show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import Database
from app.models.sessions import SignIn
from app.services import releases
from tests.support import world
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
PATHS = ("/stats/participation", "/stats/pipeline")


@pytest.mark.parametrize("path", PATHS)
async def test_hr_and_innovation_managers_read_them_and_nobody_else(
    path: str, cast: Cast, speak: Speak
) -> None:
    for name in cast.people:
        if name in {"Hana", "Ian", "Irma"}:
            await speak(name).get(path)
        else:
            await speak(name).refused("GET", path, 403, "permissions.role-missing")
            await speak(name).refused("GET", f"{path}?entity=nowhere", 403)
    await speak("").refused("GET", path, 401, "auth.required")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "code", "pointers"),
    [
        ("as_of=2999-01-01", "statistics.day-to-come", ["query/as_of"]),
        ("as_of=2999-01-01T00:00:00Z", "statistics.day-to-come", ["query/as_of"]),
        ("from=2026-03-02&to=2026-03-01", "statistics.days-reversed", ["query/from"]),
        ("entity=nowhere", "statistics.unknown-filter", ["query/entity"]),
        ("campaign=aaaaaaaaaaaaaaaaaaaaaaaa", "statistics.unknown-filter", ["query/campaign"]),
        ("entity=x&campaign=y", "statistics.unknown-filter", ["query/entity", "query/campaign"]),
        ("as_of=2026-02-30", "requests.invalid", ["query/as_of"]),
        ("as_of=1700000000", "requests.invalid", ["query/as_of"]),
        ("as_of=2026-02-03T10:00:00", "requests.invalid", ["query/as_of"]),
        ("from=yesterday&to=20260301", "requests.invalid", ["query/from", "query/to"]),
        ("since=2026-02-03", "requests.invalid", ["query/since"]),
        ("k=1", "requests.invalid", ["query/k"]),
    ],
)
async def test_a_bad_filter_is_named(
    path: str, query: str, code: str, pointers: list[str], cast: Cast, speak: Speak
) -> None:
    problem = await speak("Hana").refused("GET", f"{path}?{query}", 422, code)
    assert [error["pointer"] for error in problem["errors"]] == pointers


@pytest.mark.parametrize("as_of", ["2026-02-03", "2026-02-03T22:59:00Z", "2026-02-04T00:30:00%2B02:00"])
async def test_a_moment_stands_for_its_day(as_of: str, cast: Cast, speak: Speak) -> None:
    for path in PATHS:
        assert (await speak("Ian").get(f"{path}?as_of={as_of}"))["as_of"] == "2026-02-03"


async def test_the_main_path_is_counted(cast: Cast, speak: Speak, database: Database) -> None:
    """The cast is 20 people; figures of the whole company are exact."""
    alice = speak("Alice")
    body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    idea = await alice.post("/ideas", body | {"function": cast.functions["Finance"]})
    await alice.post("/ideas", body | {"draft": True})
    await speak("Max").put(f"/ideas/{idea['id']}/vote")
    await speak("Pete").put(f"/ideas/{idea['id']}/vote")
    await speak("Pete").request("DELETE", f"/ideas/{idea['id']}/vote")
    await speak("Max").post(f"/ideas/{idea['id']}/comments", {"body": "Oui"})
    holder = next(name for name in cast.people if cast[name].id == idea["holder"]["id"])
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "acknowledge"})
    async with database.writer() as session:
        session.add(SignIn(employee_id=cast["Alice"].id, at=clock.now()))
    taken = await speak("Hana").get("/stats/participation")
    one = {"people": 1, "rate": 1 / 20}
    assert taken == {
        "as_of": taken["as_of"],
        "headcount": 20,
        **dict.fromkeys(("connected", "submitted", "commented", "voted"), one),
        "hidden": None,
        "release": None,
    }
    stood = await speak("Ian").get("/stats/pipeline")
    assert (stood["ideas"], stood["with_potential"]) == (1, 0)
    assert {stage: ideas for stage, ideas in stood["stages"].items() if ideas} == {"evaluation": 1}
    assert len(stood["stages"]) == 11
    assert stood["time_to_first_answer"] == {"median_days": 0.0, "p90_days": 0.0, "reviews": 1}
    assert stood["time_to_decision"] == {"median_days": None, "p90_days": None, "reviews": 0}
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    past = await speak("Hana").get(f"/stats/participation?as_of={yesterday}")
    assert (past["headcount"], past["submitted"]["people"]) == (20, 0)
    assert (await speak("Hana").get(f"/stats/pipeline?as_of={yesterday}"))["ideas"] == 0


async def add_group(database: Database, name: str, size: int, connected: int) -> str:
    async with database.writer() as session:
        people = [await world.make_employee(session, entity=f"Groups/{name}") for _ in range(size)]
        session.add_all(SignIn(employee_id=person.id, at=START) for person in people[:connected])
        return people[0].entity_id or ""


async def test_groups_are_shown_from_five_and_smaller_ones_look_alike(
    database: Database, cast: Cast, speak: Speak
) -> None:
    groups = {
        connected: await add_group(database, f"of {connected}", 40, connected)
        for connected in (0, 1, 4, 5, 6)
    }
    await add_group(database, "large", 400, 200)
    await releases.keep_due(database, now=clock.now())
    answers: dict[int, Any] = {}
    for connected, entity in groups.items():
        answers[connected] = await speak("Hana").get(f"/stats/participation?entity={entity}")
    assert all(answer["headcount"] == 40 for answer in answers.values())
    for small in (0, 1, 4):
        assert answers[small] == answers[0]
        assert answers[small]["connected"] == {"people": None, "rate": None}
        assert "connected" in answers[small]["hidden"]["figures"]
    shown = [answer["connected"]["people"] for answer in answers.values()]
    assert shown[3:] in ([5, 6], [None, 6], [None, None])


@pytest.mark.parametrize("size", [1, 4])
async def test_a_group_below_the_floor_shows_nothing(
    size: int, database: Database, cast: Cast, speak: Speak
) -> None:
    entity = await add_group(database, "small", size, size)
    await releases.keep_due(database, now=clock.now())
    answer = await speak("Hana").get(f"/stats/participation?entity={entity}")
    assert answer["headcount"] is None
    assert {answer[name]["people"] for name in ("connected", "submitted", "commented", "voted")} == {None}


async def test_a_campaign_or_a_window_shows_no_few_people(cast: Cast, speak: Speak) -> None:
    body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    for name in ("Alice", "Bob", "Max", "Pete"):
        await speak(name).post("/ideas", body)
    for query in (f"campaign={cast.permanent_box}", "from=2026-02-01"):
        answer = await speak("Hana").get(f"/stats/participation?{query}")
        assert answer["headcount"] == 20
        assert answer["submitted"] == {"people": None, "rate": None}
    assert (await speak("Hana").get("/stats/participation"))["submitted"]["people"] == 4
    await speak("Olga").post("/ideas", body)
    for query in (f"campaign={cast.permanent_box}", "from=2026-02-01"):
        answer = await speak("Hana").get(f"/stats/participation?{query}")
        assert answer["submitted"] == {"people": 5, "rate": 0.25}


async def test_what_is_anonymous_is_not_told_of_an_entity_in_its_month(
    database: Database, cast: Cast, speak: Speak
) -> None:
    async with database.writer() as session:
        people = [
            await world.make_employee(session, f"Quiet {number}", entity="Quiet") for number in range(40)
        ]
        await world.make_employee(session, entity="Loud")
    body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    cast.people |= {person.name: person for person in people}
    for person in people[:8]:
        await speak(person.name).post("/ideas", body | {"anonymous": True})
    for person in people[8:14]:
        await speak(person.name).post("/ideas", body)
    await releases.keep_due(database, now=clock.now())
    quiet = people[0].entity_id
    stood = await speak("Hana").get(f"/stats/pipeline?entity={quiet}")
    assert (stood["ideas"], stood["stages"]["submitted"]) == (6, 6)
    assert (await speak("Hana").get("/stats/pipeline"))["ideas"] == 14
    taken = await speak("Hana").get(f"/stats/participation?entity={quiet}")
    assert taken["submitted"]["people"] in (6, None)
    assert (await speak("Hana").get("/stats/participation"))["submitted"]["people"] == 14
