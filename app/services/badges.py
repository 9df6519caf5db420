"""Badges: looking at what people did, and keeping their awards what the rules say; choosing what others see."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from app.core import clock, ids
from app.core.db import Database, WriteSession
from app.domain import badge_rules, badges
from app.domain import register as rules
from app.domain.actors import Actor
from app.domain.badge_catalogue import CATALOGUE, describe
from app.domain.badge_events import BadgeAwarded, BadgeDisplaySet, BadgeLapsed
from app.domain.badges import Badge, Earned, Slot
from app.domain.register import Entry
from app.models.badges import BadgeAward, BadgeCatalogue, BadgeChange, BadgeDisplay
from app.queries.merits import read_merits
from app.schemas.badges import ChooseDisplay
from app.services import activity, events, register
from app.services.badge_notes import note_everybody

PEOPLE = 400
"""People who are looked at in one transaction."""

FRESH = timedelta(days=7)
"""How long ago somebody may have earned a badge to be told of it as news."""

Catalogue = Sequence[Badge]


async def award(database: Database, *, now: datetime, catalogue: Catalogue = CATALOGUE) -> int:
    """Look at everybody who did something since the last time; returns how many awards came, went or changed.

    Days of activity are brought up to date first. After a change of the rules everybody is looked at. Awards follow
    from the record, so looking twice, or in other portions, gives the same.
    """
    await activity.refresh(database, now=now)
    await _note_new_rules(database, catalogue, now=now)
    changed = 0
    while True:
        async with database.writer() as session:
            people = await _take(session)
            changed += await _look(session, people, catalogue, now=now)
        if len(people) < PEOPLE:
            return changed


async def award_again(database: Database, *, now: datetime, catalogue: Catalogue = CATALOGUE) -> int:
    """Look at everybody anew, whoever did something since or not; returns how many awards came, went or changed."""
    async with database.writer() as session:
        await note_everybody(session)
    return await award(database, now=now, catalogue=catalogue)


async def choose(session: WriteSession, actor: Actor, values: ChooseDisplay, *, now: datetime) -> None:
    """Say what others see of one's badges, from the next request on; doing it again changes nothing."""
    display = await session.get(BadgeDisplay, actor.id, with_for_update=True)
    chosen = values.model_dump()
    if display is None:
        display = BadgeDisplay(employee_id=actor.id, since=now)
        session.add(display)
    if chosen == {"badges": display.badges, "level": display.level}:
        return
    display.badges, display.level, display.since = values.badges, values.level, now
    events.record(session, BadgeDisplaySet(actor.id, chosen), actor_id=actor.id, now=now)
    await session.flush()


async def _note_new_rules(database: Database, catalogue: Catalogue, *, now: datetime) -> None:
    digest = describe(catalogue)
    async with database.reader() as reading:
        known = await reading.get(BadgeCatalogue, 1)
    if known is None or known.digest != digest:
        async with database.writer() as session:
            if not await _swap_digest(session, known, digest, now=now):
                return
            await note_everybody(session)
            facts = rules.compare({"digest": known.digest} if known else {}, {"digest": digest})
            register.enter(session, Entry("badges.rules-changed", facts=facts), now=now)


async def _swap_digest(
    session: WriteSession, known: BadgeCatalogue | None, digest: str, *, now: datetime
) -> bool:
    """Put the digest of new rules in the place of the known one; of two workers that notice them, one does."""
    if known is None:
        session.add(BadgeCatalogue(id=1, digest=digest, since=now))
        await session.flush()
        return True
    swapped = await session.scalar(
        update(BadgeCatalogue)
        .where(col(BadgeCatalogue.id) == 1, col(BadgeCatalogue.digest) == known.digest)
        .values(digest=digest, since=now)
        .returning(col(BadgeCatalogue.id))
        .execution_options(synchronize_session=False)
    )
    return swapped is not None


async def _take(session: WriteSession) -> list[str]:
    """Take people who wait, locked, so that what is noted of them meanwhile waits for the next time."""
    people = list(
        await session.scalars(
            select(col(BadgeChange.employee_id))
            .order_by(col(BadgeChange.employee_id))
            .limit(PEOPLE)
            .with_for_update(skip_locked=True)
        )
    )
    await session.execute(
        delete(BadgeChange).where(col(BadgeChange.employee_id).in_(people)),
        execution_options={"synchronize_session": False},
    )
    return people


async def _look(session: WriteSession, people: Sequence[str], catalogue: Catalogue, *, now: datetime) -> int:
    merits = await read_merits(session, people)
    awards: defaultdict[tuple[str, bool], dict[Slot, BadgeAward]] = defaultdict(dict)
    for each in await session.scalars(select(BadgeAward).where(col(BadgeAward.employee_id).in_(people))):
        awards[each.employee_id, each.shown][each.badge, each.tier] = each
    new: list[dict[str, Any]] = []
    gone: list[BadgeAward] = []
    changed = 0
    for person in people:
        for shown in (False, True):
            there = awards[person, shown]
            record = badge_rules.group(merits.get(person, ()), named=shown)
            rules = {slot: each.rule for slot, each in there.items()}
            earned = badges.evaluate(catalogue, record, rules)
            changed += sum(_change(there[slot], earned[slot]) for slot in there.keys() & earned.keys())
            gone += [there[slot] for slot in badges.list_lapsed(catalogue, rules, earned)]
            new += [
                _write(person, slot, found, shown=shown)
                for slot, found in earned.items()
                if slot not in there
            ]
    await session.flush()
    await _drop(session, gone, now=now)
    await _add(session, new, now=now)
    return changed + len(gone) + len(new)


def _change(award: BadgeAward, found: Earned) -> bool:
    """Make an award say what was found; tells whether it said something else."""
    known = Earned(award.awarded_on, award.rule, award.facts)
    if known == found:
        return False
    award.awarded_on, award.rule, award.facts = found.day, found.rule, found.facts
    return True


def _write(person: str, slot: Slot, found: Earned, *, shown: bool) -> dict[str, Any]:
    badge, tier = slot
    return {
        "id": ids.new(),
        "employee_id": person,
        "badge": badge,
        "tier": tier,
        "shown": shown,
        "awarded_on": found.day,
        "rule": found.rule,
        "facts": found.facts,
    }


async def _add(session: WriteSession, rows: Sequence[dict[str, Any]], *, now: datetime) -> None:
    if rows:
        await session.execute(insert(BadgeAward), rows)
    recent = clock.day_in(session.zone, now) - FRESH
    for row in rows:
        if not row["shown"]:
            facts = {"badge": row["badge"], "tier": row["tier"], "fresh": row["awarded_on"] >= recent}
            events.record(session, BadgeAwarded(row["id"], facts), actor_id=None, now=now)


async def _drop(session: WriteSession, awards: Sequence[BadgeAward], *, now: datetime) -> None:
    gone = [award.id for award in awards]
    if gone:
        await session.execute(delete(BadgeAward).where(col(BadgeAward.id).in_(gone)))
    for award in awards:
        if not award.shown:
            facts = {"badge": award.badge, "tier": award.tier}
            events.record(session, BadgeLapsed(award.id, facts), actor_id=None, now=now)
