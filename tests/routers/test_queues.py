"""The queues of those who answer, what each takes, and what a function foretells."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.models.reviews import Review
from app.queries import forecasts
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast, grant, make_function

Speak = Callable[[str], Client]


async def submit(speak: Speak, cast: Cast) -> Any:
    idea = {
        "title": "A lamp",
        "problem": "dark",
        "solution": "a lamp",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
    }
    return await speak("Alice").post("/ideas", idea)


async def decline(speak: Speak, cast: Cast, idea: Any) -> None:
    holder = next(name for name, person in cast.people.items() if person.id == idea["holder"]["id"])
    refusal = {"action": "decline", "reason_code": "cost", "text": "It would cost far more than it brings."}
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", refusal)


async def test_who_is_full_is_passed_over_until_everybody_is(speak: Speak, cast: Cast) -> None:
    assert await speak("Ian").put(f"/employees/{cast['Dan'].id}/capacity", {"reviews": 1}) == {"reviews": 1}
    holders = [(await submit(speak, cast))["holder"]["name"] for _ in range(4)]
    assert sorted(holders) == ["Dan", "Dora", "Dora", "Dora"]
    await speak("Ian").put(f"/employees/{cast['Dora'].id}/capacity", {"reviews": 0})
    assert (await submit(speak, cast))["holder"]["name"] == "Eve"
    await speak("Ian").put(f"/employees/{cast['Eve'].id}/capacity", {"reviews": 0})
    assert (await submit(speak, cast))["holder"]["name"] == "Dan"
    await speak("Ian").put(f"/employees/{cast['Dora'].id}/capacity", {"reviews": None})
    await speak("Ian").put(f"/employees/{cast['Eve'].id}/capacity", {"reviews": None})
    assert (await submit(speak, cast))["holder"]["name"] == "Dora"


async def test_a_queue_shows_load_lateness_age_and_who_is_away(
    speak: Speak, cast: Cast, database: Database
) -> None:
    for _ in range(3):
        await submit(speak, cast)
    today = clock.now().date()
    away = {"from": str(today - timedelta(days=3)), "until": str(today + timedelta(days=3))}
    await speak("Eve").put("/me/absence", away)
    await speak("Ian").put(f"/employees/{cast['Dan'].id}/capacity", {"reviews": 9})
    async with database.writer() as session:
        await session.execute(
            update(Review)
            .where(col(Review.reviewer_id) == cast["Dan"].id)
            .values(due_at=clock.now() - timedelta(hours=1), opened_at=clock.now() - timedelta(days=9))
        )
    with counted(database) as statements:
        queues = (await speak("Irma").get("/queues"))["items"]
    assert len(statements) <= 6
    finance, it = queues
    assert (finance["function"]["name"], it["function"]["name"]) == ("Finance", "IT")
    assert (finance["open"], finance["oldest_days"], finance["forecast"]) == (3, 9, None)
    people = {each["person"]["name"]: each for each in finance["people"]}
    assert people["Dan"]["late"] == people["Dan"]["open"] == finance["late"]
    assert (people["Dan"]["capacity"], people["Dora"]["capacity"]) == (9, None)
    (eve,) = it["people"]
    assert (eve["open"], eve["absent"], eve["oldest_since"]) == (0, True, None)


async def test_the_committee_has_a_queue_of_its_own(speak: Speak, cast: Cast) -> None:
    idea = await submit(speak, cast)
    holder = next(name for name, person in cast.people.items() if person.id == idea["holder"]["id"])
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "acknowledge"})
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "recommend", "text": "Yes"})
    committee = (await speak("Irma").get("/queues"))["items"][-1]
    assert (committee["function"], committee["open"]) == (None, 1)


async def test_queues_come_by_page_the_committee_last(speak: Speak, cast: Cast, database: Database) -> None:
    idea = await submit(speak, cast)
    holder = next(name for name, person in cast.people.items() if person.id == idea["holder"]["id"])
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "acknowledge"})
    await speak(holder).post(f"/ideas/{idea['id']}/decisions", {"action": "recommend", "text": "Yes"})
    async with database.writer() as session:
        for name in ("Archive", "Zoo"):
            function = await make_function(session, name)
            await grant(session, cast["Max"], Role.CORRESPONDENT, function=function)
        await make_function(session, "Nobody answers for it")
    whole = (await speak("Irma").get("/queues"))["items"]
    names = [queue["function"]["name"] if queue["function"] else None for queue in whole]
    assert names == ["Archive", "Finance", "IT", "Zoo", None]
    for limit in (1, 2, 3, 4, 5):
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await speak("Irma").get(f"/queues?limit={limit}{cursor and '&cursor='}{cursor}")
            assert 0 < len(page["items"]) <= limit
            found += page["items"]
            cursor = page["next_cursor"]
        assert found == whole


async def test_a_function_foretells_its_answer_once_it_gave_some(
    speak: Speak, cast: Cast, database: Database
) -> None:
    async def read() -> dict[str, int | None]:
        forecasts.forget()
        shown = (await speak("Max").get("/functions"))["items"]
        return {each["name"]: each["forecast"] for each in shown}

    assert (await read())["Finance"] is None
    for _ in range(3):
        await decline(speak, cast, await submit(speak, cast))
    await submit(speak, cast)
    foretold = await read()
    # One more than waits, at three answers in some 43 working days.
    assert 27 <= (foretold["Finance"] or 0) <= 30
    assert foretold["IT"] is None
    with counted(database) as statements:
        await speak("Max").get("/functions")
    assert len(statements) <= 2
