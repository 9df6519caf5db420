"""Crowds are told slice by slice: everybody once, whatever dies on the way and however many are at it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database
from app.domain.phases import Phase
from app.models.broadcasts import Broadcast
from app.models.campaigns import Campaign, CampaignEntity
from app.models.employees import Employee
from app.models.notifications import Notification
from app.queries import crowds
from app.schemas.campaigns import WriteReport
from app.services import broadcasts, campaign_reports, campaigns, deliveries, phases
from tests.services.test_awards import do
from tests.services.test_notifications import drain_all, list_told
from tests.support.client import Client
from tests.support.gatherings import announce as announce_gathering
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of three: a crowd takes several."""
    monkeypatch.setattr(broadcasts, "SLICE", 3)


async def tell_all(database: Database) -> None:
    await drain_all(database)
    while await broadcasts.tell(database, now=START):
        pass


async def announce(database: Database, cast: Cast, *audience: str) -> str:
    """Announce a campaign that collects for ten days and has people vote for ten more."""
    async with database.writer() as session:
        campaign = await campaigns.announce(
            session,
            name="Water",
            question="?",
            sponsor_id=None,
            starts_at=START,
            ends_at=START + 10 * DAY,
            now=START,
            later=[Phase("vote", START + 10 * DAY, START + 20 * DAY)],
        )
        session.add_all(
            CampaignEntity(campaign_id=campaign.id, entity_id=cast[name].entity_id or "") for name in audience
        )
    return campaign.id


async def count_told(database: Database, kind: str) -> Counter[str]:
    async with database.reader() as session:
        people = await session.scalars(
            select(col(Notification.employee_id)).where(col(Notification.kind) == kind)
        )
        return Counter(people)


async def read_only_broadcast(database: Database) -> Broadcast:
    async with database.reader() as session:
        return (await session.scalars(select(Broadcast))).one()


async def list_employees(database: Database) -> set[str]:
    async with database.reader() as session:
        people = select(col(Employee.id)).where(
            col(Employee.kind) == "employee", col(Employee.active).is_(True)
        )
        return set(await session.scalars(people))


async def test_whoever_signed_up_hears_that_it_moves_and_that_it_is_off(
    speak: Speak, database: Database, cast: Cast
) -> None:
    path = await announce_gathering(speak, cast, places=1)
    for name in ("Pete", "Max"):
        await speak(name).put(f"{path}/sign-up")
    mia = speak("Mia")
    changes: tuple[dict[str, Any], ...] = ({"description": "x"}, {"place": "Paris"})
    for change in changes:
        answer = await mia.request("PATCH", path, json=change, headers={"If-Match": "*"})
        assert answer.status_code == 200
        await tell_all(database)
    await mia.post(f"{path}/cancellation", {"reason": "Grippe"})
    await tell_all(database)
    for name in ("Pete", "Max", "Fay"):
        assert await list_told(database, cast, name) == ["gatherings.moved", "gatherings.cancelled"]
    assert await list_told(database, cast, "Rita") == []
    assert await list_told(database, cast, "Mia") == []


async def test_an_audience_hears_of_phases_each_once(database: Database, cast: Cast) -> None:
    await announce(database, cast)
    for days in (0, 1, 9.5, 9.6, 10, 19.5, 20, 21):
        await phases.advance(database, now=START + days * DAY)
        await tell_all(database)
    everybody = await list_employees(database)
    for kind, times in (("campaigns.opened", 1), ("campaigns.ending", 2), ("campaigns.voting", 1)):
        assert await count_told(database, kind) == dict.fromkeys(everybody, times), kind


async def test_what_is_over_when_the_clock_comes_back_is_not_told(database: Database, cast: Cast) -> None:
    await announce(database, cast)
    await phases.advance(database, now=START + 30 * DAY)
    await tell_all(database)
    assert await list_told(database, cast, "Max") == []


async def test_only_the_audience_hears_and_those_below_it(database: Database, cast: Cast) -> None:
    await announce(database, cast, "Carol")
    await phases.advance(database, now=START)
    await tell_all(database)
    told = await count_told(database, "campaigns.opened")
    names = {person.id: name for name, person in cast.people.items()}
    assert {names[person] for person in told} == {"Carol", "Bob", "Alice", "Pete", "Olga", "Rita"}


async def test_a_report_is_told_once_and_not_to_who_wrote_it(database: Database, cast: Cast) -> None:
    campaign_id = await announce(database, cast)
    report = WriteReport(learnt="l" * 20, others="o" * 20, ideas=[])
    for _ in range(2):
        await do(database, cast, "Mia", campaign_reports.put, campaign_id, report)
        await tell_all(database)
    told = await count_told(database, "campaigns.reported")
    assert told == dict.fromkeys(await list_employees(database) - {cast["Mia"].id}, 1)


async def test_a_slice_that_fails_told_nobody_and_comes_again(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await announce(database, cast)
    await phases.advance(database, now=START)
    await drain_all(database)
    queue, calls = deliveries.queue, 0

    async def fail_at_times(session: Any, told: Sequence[Notification], **rest: Any) -> None:
        nonlocal calls
        calls += 1
        await queue(session, told, **rest)
        if calls % 3 == 2:
            raise RuntimeError("killed")

    monkeypatch.setattr(deliveries, "queue", fail_at_times)
    now = START
    while not (row := await read_only_broadcast(database)).ended_at:
        handled = await broadcasts.tell(database, now=now)
        assert (handled > 0) == (row.retry_at is None or row.retry_at <= now)
        now += timedelta(seconds=1)
    assert calls > 6
    assert await count_told(database, "campaigns.opened") == dict.fromkeys(await list_employees(database), 1)


async def test_several_workers_tell_everybody_once(
    database: Database, settings: Settings, cast: Cast
) -> None:
    await announce(database, cast)
    await phases.advance(database, now=START)
    await drain_all(database)
    other = database if settings.on_sqlite else Database(settings)

    async def work(one: Database) -> None:
        while await broadcasts.tell(one, now=START):
            pass

    await asyncio.gather(*(work(one) for one in (database, other, database, other)))
    assert await count_told(database, "campaigns.opened") == dict.fromkeys(await list_employees(database), 1)
    async with database.reader() as session:
        rows = await session.scalars(select(Notification).order_by(col(Notification.position)))
        positions = [row.position for row in rows]
        assert len(positions) == len(set(positions))
    if other is not database:
        await other.close()


async def test_one_that_always_fails_holds_up_no_other(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await announce(database, cast)
    await phases.advance(database, now=START)
    async with database.writer() as session:
        await session.execute(update(Campaign).where(col(Campaign.name) == "Water").values(name="Fire"))
    await announce(database, cast)
    await phases.advance(database, now=START)
    await drain_all(database)
    poisoned: list[str] = []
    find = crowds.list_slice

    async def fail_for_one(session: Any, topic: Any, **rest: Any) -> list[str]:
        if not poisoned:
            poisoned.append(topic.id)
        if topic.id in poisoned:
            raise RuntimeError("poisoned")
        return await find(session, topic, **rest)

    monkeypatch.setattr(crowds, "list_slice", fail_for_one)
    await tell_all(database)
    assert await count_told(database, "campaigns.opened") == dict.fromkeys(await list_employees(database), 1)
