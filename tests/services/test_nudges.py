"""Nudges go out once, to whom they are for, less a tenth; what came of them is counted and then nobody is known."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database
from app.models.activity import ActivityDay
from app.models.employees import Employee
from app.models.notifications import Notification
from app.models.nudges import Nudge, NudgeRecipient
from app.models.roles import RoleGrant
from app.models.segments import Unaddressed
from app.schemas.nudges import WriteNudge
from app.services import broadcasts, nudge_effects, nudges
from tests.services.test_broadcasts import tell_all
from tests.services.test_notifications import list_told
from tests.support import world
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
DAY = timedelta(days=1)
WORDS = {"title": "Un mot de vous", "body": "Il peut *aider*."}


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of seven: a group takes several."""
    monkeypatch.setattr(broadcasts, "SLICE", 7)


async def hire(database: Database, cast: Cast, number: int) -> list[str]:
    """Hire people, so that a tenth of all can be held out; return their identifiers."""
    async with database.writer() as session:
        return [
            (
                await world.make_employee(
                    session, f"P{each}", entity="Company/Sales/Lyon", manager=cast["Bob"]
                )
            ).id
            for each in range(number)
        ]


async def read_nudge(database: Database, nudge_id: str) -> Nudge:
    async with database.reader() as session:
        return await session.get_one(Nudge, nudge_id)


async def list_recipients(database: Database, nudge_id: str, *, held_out: bool) -> set[str]:
    async with database.reader() as session:
        return set(
            await session.scalars(
                select(col(NudgeRecipient.employee_id)).where(
                    col(NudgeRecipient.nudge_id) == nudge_id, col(NudgeRecipient.held_out).is_(held_out)
                )
            )
        )


async def list_reached(database: Database, nudge_id: str) -> list[str]:
    async with database.reader() as session:
        return list(
            await session.scalars(
                select(col(Notification.employee_id)).where(
                    col(Notification.kind) == "nudges.sent", col(Notification.subject_id) == nudge_id
                )
            )
        )


async def test_a_tenth_is_held_out_and_the_others_hear_once(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await hire(database, cast, 60)
    made = await speak("Mia").post("/nudges", WORDS)
    assert made["state"] == "draft"
    assert made["compared"] is True
    sent = await speak("Mia").post(f"/nudges/{made['id']}/sending")
    assert sent["state"] == "sent"
    assert sent["people"] == made["people"]
    assert sent["effect"] is None
    await tell_all(database)
    await tell_all(database)
    held = await list_recipients(database, made["id"], held_out=True)
    told = await list_recipients(database, made["id"], held_out=False)
    reached = await list_reached(database, made["id"])
    assert sorted(reached) == sorted(told)
    assert len(held) == -(-(len(held) + len(told)) // 10)
    assert cast["Mia"].id not in held | told
    async with database.reader() as session:
        everybody = await session.scalar(
            select(func.count()).where(col(Employee.active).is_(True), col(Employee.kind) == "employee")
        )
    assert len(held | told) == (everybody or 0) - 1


async def test_a_nudge_is_read_by_whom_it_went_to_alone(speak: Speak, database: Database, cast: Cast) -> None:
    entity = cast["Alice"].entity_id
    made = await speak("Mia").post("/nudges", WORDS | {"entity": entity})
    await hire(database, cast, 6)
    assert (await speak("Alice").request("GET", f"/me/nudges/{made['id']}")).status_code == 404
    await speak("Mia").post(f"/nudges/{made['id']}/sending")
    await tell_all(database)
    read = await speak("Alice").get(f"/me/nudges/{made['id']}")
    assert read["title"] == WORDS["title"]
    assert "<em>aider</em>" in read["body_html"]
    elsewhere = next(name for name, person in cast.people.items() if person.entity_id != entity)
    assert (await speak(elsewhere).request("GET", f"/me/nudges/{made['id']}")).status_code == 404
    [told] = (await speak("Alice").get("/me/notifications"))["items"]
    assert (told["kind"], told["subject"]["kind"], told["subject"]["name"]) == (
        "nudges.sent",
        "nudge",
        WORDS["title"],
    )


async def test_who_opted_out_left_or_wrote_it_gets_nothing(
    speak: Speak, database: Database, cast: Cast
) -> None:
    new = await hire(database, cast, 8)
    async with database.writer() as session:
        session.add(Unaddressed(employee_id=new[0], since=START))
        await session.execute(update(Employee).where(col(Employee.id) == new[1]).values(active=False))
    made = await speak("Mia").post("/nudges", WORDS)
    await speak("Mia").post(f"/nudges/{made['id']}/sending")
    got = await list_recipients(database, made["id"], held_out=False)
    assert not got & {new[0], new[1], cast["Mia"].id}
    assert set(new[2:]) <= got


async def test_a_group_of_fewer_than_five_is_refused_and_nothing_is_written(
    speak: Speak, database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        lonely = await world.make_employee(session, "Solo", entity="Company/Moon", manager=None)
    made = await speak("Mia").post("/nudges", WORDS | {"entity": lonely.entity_id})
    assert made["people"] is None
    refused = await speak("Mia").request("POST", f"/nudges/{made['id']}/sending")
    assert (refused.status_code, refused.json()["code"]) == (409, "nudges.too-few")
    assert await list_recipients(database, made["id"], held_out=False) == set()
    assert (await speak("Mia").get(f"/nudges/{made['id']}"))["state"] == "draft"


async def test_the_clock_sends_once_however_many_workers(
    database: Database, settings: Settings, cast: Cast
) -> None:
    await hire(database, cast, 8)
    async with database.writer() as session:
        mia = await cast.actor(session, "Mia")
        values = WriteNudge(title="Soon", body="It is.", send_at=START + DAY)
        due = (await nudges.write(session, mia, values, now=START)).id
    other = database if settings.on_sqlite else Database(settings)
    assert await nudges.send_due(database, now=START + DAY - timedelta(seconds=1)) == 0
    counted = await asyncio.gather(
        *(nudges.send_due(each, now=START + DAY) for each in [database, other] * 3)
    )
    assert sum(counted) == 1
    await tell_all(database)
    reached = await list_reached(database, due)
    assert len(reached) == len(set(reached)) == len(await list_recipients(database, due, held_out=False))
    if other is not database:
        await other.close()


async def test_a_scheduled_nudge_whose_group_is_gone_is_cancelled(
    speak: Speak, database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        lonely = await world.make_employee(session, "Solo", entity="Company/Moon", manager=None)
        mia = await cast.actor(session, "Mia")
        values = WriteNudge(title="Soon", body="It is.", entity=lonely.entity_id, send_at=START + DAY)
        made = await nudges.write(session, mia, values, now=START)
    assert await nudges.send_due(database, now=START + DAY) == 1
    assert await nudges.send_due(database, now=START + DAY) == 0
    assert (await speak("Mia").get(f"/nudges/{made.id}"))["state"] == "cancelled"


async def test_nobody_nudges_any_more_who_lost_the_role_or_left(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await hire(database, cast, 8)
    made = []
    for number in range(2):
        async with database.writer() as session:
            mia = await cast.actor(session, "Mia")
            values = WriteNudge(title="Soon", body="It is.", send_at=START + (number + 1) * DAY)
            made.append((await nudges.write(session, mia, values, now=START)).id)
    assert await nudges.send_due(database, now=START + DAY) == 1
    async with database.writer() as session:
        await session.execute(
            update(RoleGrant).where(col(RoleGrant.employee_id) == cast["Mia"].id).values(ended_at=START + DAY)
        )
    assert await nudges.send_due(database, now=START + 2 * DAY) == 1
    first, second = [await read_nudge(database, each) for each in made]
    assert first.sent_at is not None
    assert (second.sent_at, second.told) == (None, 0)
    assert second.cancelled_at is not None


async def test_the_effect_is_counted_once_and_then_nobody_is_known(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await hire(database, cast, 120)
    made = await speak("Mia").post("/nudges", WORDS)
    async with database.writer() as session:
        mia = await cast.actor(session, "Mia")
        await nudges.send(session, mia, made["id"], now=START)
    await tell_all(database)
    told = sorted(await list_recipients(database, made["id"], held_out=False))
    held = sorted(await list_recipients(database, made["id"], held_out=True))
    day = START.date()

    def act(person: str, after: int, **did: int) -> ActivityDay:
        none = dict.fromkeys(
            "sign_ins ideas named_ideas comments named_comments votes answers points named_points".split(), 0
        )
        return ActivityDay(employee_id=person, day=day + after * DAY, **(none | did))

    async with database.writer() as session:
        session.add_all(
            [
                *(act(person, 1, sign_ins=1) for person in told[:20]),
                *(act(person, 7, votes=1) for person in told[20:40]),
                # Too late, too early, and without a name.
                *(act(person, 8, votes=1) for person in told[40:60]),
                *(act(person, 0, votes=1) for person in told[60:80]),
                *(act(person, 3, ideas=1, comments=1) for person in told[80:90]),
                *(act(person, 2, named_comments=1, comments=1) for person in held[:6]),
            ]
        )
        await session.execute(
            update(Notification)
            .where(col(Notification.kind) == "nudges.sent", col(Notification.employee_id).in_(told[:30]))
            .values(read_at=START + DAY)
        )
    assert await nudge_effects.measure_due(database, now=START + 7 * DAY) == 0
    assert (await speak("Mia").get(f"/nudges/{made['id']}"))["effect"] is None
    assert await nudge_effects.measure_due(database, now=START + 9 * DAY) == 1
    assert await nudge_effects.measure_due(database, now=START + 9 * DAY) == 0
    found = await read_nudge(database, made["id"])
    assert (found.opened, found.acted, found.held_acted) == (30, 40, 6)
    assert await list_recipients(database, made["id"], held_out=False) == set()
    assert await list_recipients(database, made["id"], held_out=True) == set()
    effect = (await speak("Mia").get(f"/nudges/{made['id']}"))["effect"]
    assert effect["acted"] == round(100 * 40 / len(told))
    assert effect["acted_without"] == round(100 * 6 / len(held))
    assert effect["difference"]["low"] <= effect["difference"]["points"] <= effect["difference"]["high"]
    assert "hasard" in effect["says"]


async def test_what_was_sent_or_cancelled_stays_as_it_is(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await hire(database, cast, 6)
    mia = speak("Mia")
    for act, code in (("sending", "nudges.sent"), ("cancellation", "nudges.cancelled")):
        made = await mia.post("/nudges", WORDS)
        await mia.post(f"/nudges/{made['id']}/{act}")
        for again in ("sending", "cancellation"):
            refused = await mia.request("POST", f"/nudges/{made['id']}/{again}")
            assert (refused.status_code, refused.json()["code"]) == (409, code)
        changed = await mia.request(
            "PATCH", f"/nudges/{made['id']}", json={"title": "Autre"}, headers={"If-Match": "*"}
        )
        assert changed.json()["code"] == code
    assert await list_told(database, cast, "Mia") == []
