"""The register is written with the act, in one chain whatever happens at once."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.domain import register as rules
from app.domain.chains import Verdict
from app.domain.register import Entry
from app.domain.roles import AlreadyGranted
from app.models.register import RegisterEntry, RegisterHead, RegisterName
from app.schemas.employees import GrantRole
from app.services import badges, register, releases, roles
from tests.support import campaigns
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def read(database: Database) -> tuple[Sequence[RegisterEntry], Verdict]:
    """Return the whole register and whether it holds."""
    async with database.reader() as session:
        entries = (await session.scalars(select(RegisterEntry).order_by(col(RegisterEntry.position)))).all()
        head = (await session.scalars(select(RegisterHead))).one()
    return entries, rules.verify(entries, head=head.hash, length=head.position)


async def test_a_grant_enters_with_people_apart(speak: Speak, cast: Cast, database: Database) -> None:
    await speak("Adam").post(f"/employees/{cast['Max'].id}/roles", {"role": "hr"})
    (entry,), verdict = await read(database)
    assert verdict.valid
    assert (entry.kind, entry.act, entry.facts) == ("roles", "roles.granted", {"role": "hr"})
    async with database.reader() as session:
        names = dict(
            (await session.execute(select(col(RegisterName.ref), col(RegisterName.employee_id)))).all()
        )
    assert names[entry.actor_ref or ""] == cast["Adam"].id
    assert names[entry.about_ref or ""] == cast["Max"].id
    written = str(entry.model_dump())
    assert cast["Adam"].id not in written
    assert cast["Max"].id not in written


async def test_what_is_rolled_back_does_not_enter(cast: Cast, database: Database) -> None:
    wish = GrantRole(role="hr")
    for expected in (1, 1):
        try:
            async with database.writer() as session:
                await roles.add(session, cast["Max"].id, wish, actor_id=cast["Adam"].id, now=START)
        except AlreadyGranted:
            pass
        entries, verdict = await read(database)
        assert len(entries) == expected
        assert verdict.valid


async def test_many_at_once_make_one_chain(cast: Cast, database: Database) -> None:
    async def enter(number: int) -> None:
        async with database.writer() as session:
            for part in range(3):
                entry = Entry("settings.changed", f"{number}.{part}", actor_id=cast["Adam"].id, text="why")
                register.enter(session, entry, now=START)

    await asyncio.gather(*(enter(number) for number in range(12)))
    entries, verdict = await read(database)
    assert verdict.valid
    assert [entry.position for entry in entries] == list(range(1, 37))
    assert all(
        first.subject.partition(".")[0] == last.subject.partition(".")[0]
        for first, last in zip(entries[::3], entries[2::3], strict=True)
    )


async def test_erasing_people_and_words_leaves_the_register_whole(cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        entry = Entry("exports.made", "e", actor_id=cast["Adam"].id, text="About Max", facts={"rows": 3})
        register.enter(session, entry, now=START)
    async with database.writer() as session:
        await session.execute(update(RegisterName).values(employee_id=None))
        await session.execute(update(RegisterEntry).values(text=None, salt=None))
    _, verdict = await read(database)
    assert verdict.valid


async def test_an_act_that_the_register_does_not_know_is_a_mistake(database: Database) -> None:
    async with database.writer() as session:
        with pytest.raises(KeyError):
            register.enter(session, Entry("lunches.eaten"), now=START)


async def test_a_change_is_told_as_it_was_and_as_it_is(speak: Speak, cast: Cast, database: Database) -> None:
    """Terms as facts; of a text only that it is another one."""
    mia, held = speak("Mia"), {"If-Match": "*"}
    prize = await mia.post("/prizes", {"name": "A book", "way": "points", "cost": 10})
    await mia.request("PATCH", f"/prizes/{prize['id']}", json={"name": "Ink", "cost": 20}, headers=held)
    await mia.put("/moderation/words/fr", {"words": ["zut", "flûte"]})
    await mia.put("/moderation/words/fr", {"words": ["zut"]})
    await speak("Ian").put(f"/employees/{cast['Max'].id}/capacity", {"reviews": 3})
    entries, verdict = await read(database)
    assert verdict.valid
    assert [(each.act, each.facts, each.text) for each in entries] == [
        ("prizes.added", {"after": {"way": "points", "cost": 10}}, None),
        (
            "prizes.edited",
            {
                "version": 2,
                "ceremony": False,
                "before": {"cost": 10},
                "after": {"cost": 20},
                "texts": ["name"],
            },
            None,
        ),
        (
            "moderation.words-changed",
            {"words": 2, "before": {"words": 0}, "after": {"words": 2}},
            "+ flute\n+ zut",
        ),
        ("moderation.words-changed", {"words": 1, "before": {"words": 2}, "after": {"words": 1}}, "- flute"),
        ("capacities.set", {"reviews": 3, "before": {"reviews": None}, "after": {"reviews": 3}}, None),
    ]


async def test_a_campaign_is_told_of_from_its_announcement_on(
    speak: Speak, cast: Cast, database: Database
) -> None:
    """Before, nobody else knows of it; then of its terms, and never what its texts say."""
    ian = speak("Ian")
    sales = cast["Carol"].entity_id
    field = {"key": "place", "kind": "text", "labels": {"en": "Where?", "fr": "Où ?"}, "required": True}
    made = await ian.post("/campaigns", campaigns.plan("collect", fields=[field]))
    path, held = f"/campaigns/{made['id']}", {"If-Match": "*"}
    await ian.request("PATCH", path, json={"context": "Drought"}, headers=held)
    assert (await read(database))[0] == []
    await ian.post(f"{path}/announcement")
    changed = {"question": "How much?", "audience": {"entities": [sales]}, "fields": []}
    await ian.request("PATCH", path, json=changed, headers=held)
    (announced, edited), verdict = await read(database)
    assert verdict.valid
    assert announced.facts["after"]["time_zone"] == "UTC"
    assert list(announced.facts["after"]["phases"]) == ["collect"]
    assert announced.facts["after"]["fields"]["place"]["required"] is True
    assert (edited.facts["change"], edited.facts["texts"]) == ("edited", ["question"])
    assert edited.facts["after"]["audience"] == [sales]
    assert edited.facts["before"]["audience"] == []
    assert "How" not in str(announced.facts) + str(edited.facts)


async def test_what_the_clock_does_to_the_rules_is_entered_by_nobody(database: Database, cast: Cast) -> None:
    await releases.keep_due(database, now=START + timedelta(days=40))
    await badges.award(database, now=START)
    await badges.award(database, now=START)
    entries, verdict = await read(database)
    assert verdict.valid
    assert [(each.act, each.actor_ref) for each in entries] == [
        ("releases.made", None),
        ("badges.rules-changed", None),
    ]
    assert entries[0].facts == {"day": "2026-01-31"}
