"""What contributions are worth, over HTTP: open to all, changed from tomorrow on, tried out before."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core import clock, ids
from app.core.db import Database
from app.domain.rewards import SCALE
from app.jobs.drain import drain
from app.models.comments import Comment
from app.models.events import Event
from app.models.point_rules import PointRule
from app.models.votes import Vote
from app.schemas.ideas import SubmitIdea
from app.services import ideas, votes
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
TODAY = clock.day_in("Europe/Paris", clock.now() + timedelta(minutes=2))


def day(later: int) -> str:
    return (TODAY + timedelta(days=later)).isoformat()


async def test_everybody_reads_the_scale_and_who_changed_it(speak: Speak, cast: Cast) -> None:
    rules = (await speak("Max").get("/point-rules"))["items"]
    assert [(rule["rule"], rule["points"], rule["per_day"]) for rule in rules] == [
        (rule.value, worth.points, worth.per_day) for rule, worth in SCALE.items()
    ]
    assert all(rule["default"] and rule["changes"] == [] for rule in rules)
    body = {"points": 2, "per_day": 5, "from": day(1)}
    shown = await speak("Ian").put("/point-rules/vote", body)
    assert (shown["points"], shown["default"]) == (1, True), "it holds from tomorrow on"
    (change,) = shown["changes"]
    assert change | {"at": ""} == body | {"by": {"id": cast["Ian"].id, "name": "Ian"}, "at": ""}
    assert shown in (await speak("Max").get("/point-rules"))["items"]


async def test_a_change_is_an_event_and_the_same_again_is_none(speak: Speak, database: Database) -> None:
    for points, later in ((2, 1), (2, 1), (3, 9), (4, 1), (4, 1)):
        await speak("Ian").put("/point-rules/comment", {"points": points, "from": day(later)})
    async with database.reader() as session:
        changes = select(Event).where(col(Event.kind) == "point-rules.changed").order_by(col(Event.sequence))
        events = list(await session.scalars(changes))
        rows = (await session.scalars(select(PointRule))).all()
    assert [(event.subject, event.payload["points"]) for event in events] == [
        ("comment", 2),
        ("comment", 3),
        ("comment", 4),
    ]
    assert len(rows) == 3, "what was planned before stays in the register"


@pytest.mark.parametrize(
    ("rule", "body", "status", "code", "pointer"),
    [
        ("vote", {"points": 1, "from": day(0)}, 422, "point-rules.too-soon", "/from"),
        ("vote", {"points": 1, "from": day(3651)}, 422, "point-rules.too-soon", "/from"),
        ("vote", {"points": -1, "from": day(1)}, 422, None, "/points"),
        ("vote", {"points": 10_001, "from": day(1)}, 422, None, "/points"),
        ("vote", {"points": True, "from": day(1)}, 422, None, "/points"),
        ("vote", {"points": 1, "per_day": 0, "from": day(1)}, 422, None, "/per_day"),
        ("vote", {"points": 1, "per_day": 1001, "from": day(1)}, 422, None, "/per_day"),
        ("vote", {"points": 1}, 422, None, "/from"),
        ("vote", {"points": 1, "from": "tomorrow"}, 422, None, "/from"),
        ("vote", {"points": 1, "from": day(1), "to": day(2)}, 422, None, "/to"),
        (
            "submitted",
            {"points": 1, "per_day": 1, "from": day(1)},
            422,
            "point-rules.never-capped",
            "/per_day",
        ),
        ("prize", {"points": 1, "from": day(1)}, 404, "point-rules.unknown", None),
        ("votes", {"points": 1, "from": day(1)}, 404, "point-rules.unknown", None),
    ],
)
async def test_what_can_not_be_a_rule_changes_nothing(
    speak: Speak,
    database: Database,
    rule: str,
    body: dict[str, Any],
    status: int,
    code: str | None,
    pointer: str | None,
) -> None:
    problem = await speak("Ian").refused("PUT", f"/point-rules/{rule}", status, code, json=body)
    assert [each["pointer"] for each in problem.get("errors") or []] == ([pointer] if pointer else [])
    async with database.reader() as session:
        assert (await session.scalars(select(PointRule))).all() == []


@pytest.mark.parametrize("name", ["Max", "Mia", "Hana", "Walt", "Adam", "Sam"])
async def test_only_innovation_managers_change_and_try_rules(speak: Speak, name: str) -> None:
    body = {"points": 1, "from": day(1)}
    await speak(name).refused("PUT", "/point-rules/vote", 403, json=body)
    preview = {"rule": "vote", "points": 1}
    await speak(name).refused("POST", "/point-rule-previews", 403, json=preview)


def last_month() -> tuple[date, datetime]:
    last = TODAY.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    return first, datetime.fromisoformat(f"{first}T10:00:00+00:00")


async def make_month(database: Database, cast: Cast) -> None:
    """Six people vote for four ideas each on one day of the last month; one vote was withdrawn."""
    _, moment = last_month()
    async with database.writer() as session:
        alice = await cast.actor(session, "Alice")
        made = [
            await ideas.create(
                session,
                alice,
                SubmitIdea(title=f"Idea {place}", problem="p", solution="s", theme=cast.themes["brand"]),
                now=moment,
            )
            for place in range(4)
        ]
    for name in ("Max", "Dev", "Fay", "Mia", "Sam", "Hana"):
        async with database.writer() as session:
            actor = await cast.actor(session, name)
            for place, idea in enumerate(made):
                await votes.cast(session, actor, idea.id, now=moment + timedelta(minutes=place))
    async with database.writer() as session:
        await votes.withdraw(session, await cast.actor(session, "Max"), made[0].id, now=moment)
        session.add(
            Comment(
                idea_id=made[0].id,
                author_id=cast["Max"].id,
                body="Yes",
                created_at=moment,
                source="there",
                source_id="1",
            )
        )
        session.add(Comment(idea_id=made[0].id, author_id=cast["Dev"].id, body="Yes", created_at=moment))
        # The day after the month, at midnight in Paris.
        until = datetime.fromisoformat(f"{TODAY.replace(day=1)}T00:00:00+01:00")
        session.add(
            Vote(
                id=ids.new(), idea_id=made[0].id, voter_id=cast["Eve"].id, cast_at=until + timedelta(hours=1)
            )
        )
    while await drain(database, now=clock.now()):
        pass


@pytest.mark.parametrize(
    ("body", "before", "after"),
    [
        ({"rule": "vote", "points": 1, "per_day": 3}, (17, 6, 17), (17, 6, 17)),
        ({"rule": "vote", "points": 2, "per_day": 4}, (17, 6, 17), (23, 6, 46)),
        ({"rule": "vote", "points": 2}, (17, 6, 17), (23, 6, 46)),
        ({"rule": "vote", "points": 5, "per_day": 1}, (17, 6, 17), (5, 5, 25)),
        ({"rule": "vote", "points": 0}, (17, 6, 17), (0, 0, 0)),
        ({"rule": "comment", "points": 3}, (1, None, 1), (1, None, 3)),
        ({"rule": "submitted", "points": 7}, (4, None, 40), (4, None, 28)),
        ({"rule": "deployed", "points": 7}, (0, 0, 0), (0, 0, 0)),
        ({"rule": "first_sign_in", "points": 7}, (0, 0, 0), (0, 0, 0)),
        ({"rule": "coaching", "points": 7}, (0, 0, 0), (0, 0, 0)),
    ],
)
async def test_a_preview_shows_the_last_month_as_it_was_and_as_it_would_have_been(
    speak: Speak,
    database: Database,
    cast: Cast,
    body: dict[str, Any],
    before: tuple[int, int | None, int],
    after: tuple[int, int | None, int],
) -> None:
    await make_month(database, cast)
    shown = await speak("Ian").post("/point-rule-previews", body)
    first, _ = last_month()
    assert shown["from"] == first.isoformat()
    assert shown["until"] == (TODAY.replace(day=1) - timedelta(days=1)).isoformat()
    for name, (awards, people, points) in (("before", before), ("after", after)):
        assert shown[name] == {"awards": awards, "people": people, "points": points}, name


async def test_a_preview_needs_a_rule_that_can_be(speak: Speak) -> None:
    ian = speak("Ian")
    path = "/point-rule-previews"
    await ian.refused("POST", path, 422, json={"rule": "prize", "points": 1})
    await ian.refused("POST", path, 422, json={"rule": "vote", "points": -1})
    refused = await ian.refused("POST", path, 422, json={"rule": "pilot", "points": 1, "per_day": 1})
    assert refused["errors"][0]["pointer"] == "/per_day"
