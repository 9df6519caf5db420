"""The clock policies over HTTP, and the clock as authors and holders see it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.reviews import Review
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
TEXT = "A text that is long enough to explain it."


async def submit(speak: Speak, cast: Cast) -> Any:
    idea = {
        "title": "A lamp",
        "problem": "dark",
        "solution": "a lamp",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
    }
    return await speak("Alice").post("/ideas", idea)


async def bring_to(speak: Speak, cast: Cast, stage: str, **shown: Any) -> Any:
    """Bring an idea to the committee, or to a stage after that."""
    idea = await submit(speak, cast)
    path = f"/ideas/{idea['id']}"
    holder = next(name for name, person in cast.people.items() if person.id == idea["holder"]["id"])
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await speak(holder).post(f"{path}/decisions", {"action": "recommend", "text": TEXT})
    criteria = (await speak("Alice").get("/scorecard-criteria"))["items"]
    card = {"scores": {each["id"]: 3 for each in criteria}, "text": TEXT}
    await speak("Irma").put(f"{path}/scorecard", card)
    if stage != "recommended":
        await speak("Irma").post(f"{path}/transitions", {"to": stage, **shown})
    return await speak("Alice").get(path)


async def test_policies_are_shown_to_all_and_set_by_innovation_managers(speak: Speak) -> None:
    shown = (await speak("Max").get("/clock-policies"))["items"]
    assert [(each["stage"], each["days"]) for each in shown] == [
        ("submitted", 5),
        ("evaluation", 30),
        ("recommended", 30),
        ("selected", 60),
        ("project", 60),
        ("pilot", 60),
    ]
    assert all(each["default"] for each in shown)
    changed = await speak("Ian").put("/clock-policies/submitted", {"days": 3, "escalate_after": 4})
    assert (changed["days"], changed["remind_before"], changed["default"]) == (3, 1, False)
    assert await speak("Max").get("/clock-policies/submitted") == changed
    again = await speak("Ian").put("/clock-policies/submitted", {"days": 5})
    assert again["default"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("deployed", {"days": 5}, 404, "clock-policies.not-found"),
        ("submitted", {"days": 2, "remind_before": 2}, 422, "clock-policies.reminded-too-early"),
        ("submitted", {"days": 0}, 422, "request.not-valid"),
        ("submitted", {"days": 251}, 422, "request.not-valid"),
    ],
)
async def test_what_can_not_be_a_policy(
    speak: Speak, path: str, body: dict[str, int], status: int, code: str
) -> None:
    refused = await speak("Ian").request("PUT", f"/clock-policies/{path}", json=body)
    assert refused.status_code == status
    assert refused.json()["code"] == code or status == 422


async def test_a_policy_holds_for_waits_that_begin_after_it(speak: Speak, cast: Cast) -> None:
    before = await submit(speak, cast)
    await speak("Ian").put("/clock-policies/submitted", {"days": 20})
    after = await submit(speak, cast)
    dues = [
        (await speak("Alice").get(f"/ideas/{idea['id']}"))["waiting"]["due_at"] for idea in (before, after)
    ]
    first, second = (datetime.fromisoformat(due) for due in dues)
    assert timedelta(days=14) < second - first < timedelta(days=40)


async def test_the_author_sees_since_when_until_when_and_whether_it_is_late(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await submit(speak, cast)
    path = f"/ideas/{idea['id']}"
    waiting = (await speak("Alice").get(path))["waiting"]
    routing = await speak("Alice").get(f"{path}/routing")
    assert waiting == {"since": routing["since"], "due_at": routing["due_at"], "paused": False}
    assert (routing["late"], routing["paused"]) == (False, False)
    assert (await speak("Max").get(path))["waiting"] == waiting
    async with database.writer() as session:
        await session.execute(
            update(Review)
            .where(col(Review.idea_id) == idea["id"])
            .values(due_at=clock.now() - timedelta(days=1))
        )
    assert (await speak("Alice").get(f"{path}/routing"))["late"]
    await speak("Alice").post(f"{path}/withdrawal")
    assert (await speak("Alice").get(path))["waiting"] is None
    assert not (await speak("Alice").get(f"{path}/routing"))["late"]


async def test_a_promised_day_is_when_the_next_step_is_due(speak: Speak, cast: Cast) -> None:
    promised = (clock.now() + timedelta(days=90)).date()
    idea = await bring_to(speak, cast, "selected", due_on=str(promised))
    due = datetime.fromisoformat(idea["waiting"]["due_at"])
    assert due.date() == promised
    path = f"/ideas/{idea['id']}"
    money = {"amount": 10, "currency": "EUR", "per": "once"}
    project = {"to": "project", "owner": cast["Max"].id, "estimate": money}
    refused = await speak("Irma").request(
        "POST", f"{path}/transitions", json=project | {"due_on": "2020-01-01"}
    )
    assert refused.json()["code"] == "clock-policies.promise-in-the-past"
    await speak("Irma").post(f"{path}/transitions", project)
    default = datetime.fromisoformat((await speak("Alice").get(path))["waiting"]["due_at"])
    assert timedelta(days=80) < default - clock.now() < timedelta(days=100)
    ends_on = (clock.now() + timedelta(days=30)).date()
    pilot = {"to": "pilot", "place": "Lyon", "success_measure": "-10 %"}
    dates = {"starts_on": str(clock.now().date()), "ends_on": str(ends_on)}
    await speak("Irma").post(f"{path}/transitions", pilot | dates)
    assert datetime.fromisoformat((await speak("Alice").get(path))["waiting"]["due_at"]).date() == ends_on


async def test_a_hold_stops_the_clock_and_going_on_gives_the_time_back(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await bring_to(speak, cast, "recommended")
    path = f"/ideas/{idea['id']}"
    hold = {"to": "on_hold", "text": TEXT, "wake_on": "2099-01-01"}
    await speak("Irma").post(f"{path}/transitions", hold)
    held = (await speak("Alice").get(path))["waiting"]
    assert held == idea["waiting"] | {"paused": True}
    async with database.writer() as session:
        earlier = clock.now() - timedelta(days=14)
        await session.execute(update(Review).where(col(Review.closed_at).is_(None)).values(paused_at=earlier))
    await speak("Irma").post(f"{path}/transitions", {"to": "resumed"})
    resumed = (await speak("Alice").get(path))["waiting"]
    gained = datetime.fromisoformat(resumed["due_at"]) - datetime.fromisoformat(held["due_at"])
    assert not resumed["paused"]
    assert timedelta(days=8) < gained < timedelta(days=22)
    assert datetime.fromisoformat(resumed["due_at"]).tzinfo == UTC
