"""Leaderboards: taking over what people earned, working out where units stand, and choosing to be compared."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select, tuple_
from sqlmodel import col

from app.core import clock
from app.core.db import Database, WriteSession
from app.domain import breakdowns, leaderboards, measures, seasons
from app.domain.actors import Actor
from app.domain.leaderboard_events import LeaderboardChoiceSet
from app.domain.leaderboards import ALL_TIME
from app.models.leaderboards import (
    Contender,
    PersonStanding,
    SeasonPoints,
    StandingChange,
    StandingScope,
    UnitStanding,
)
from app.queries import season_points as reading
from app.queries.season_points import Place
from app.services import activity, events, standing_notes

PEOPLE = 400
"""People whose points are taken over in one transaction."""


async def compute(database: Database, *, now: datetime) -> int:
    """Take over the points of everybody who did something since, then work out the boards; returns the people.

    Boards of what still runs are worked out each time, since people come and go, and once after its end; later only
    when points of theirs changed. What is kept follows from the record: a second run, and any other portions, give
    the same.
    """
    await activity.refresh(database, now=now)
    taken = 0
    while True:
        async with database.writer() as session:
            people = await _take(session)
            await _take_over(session, people)
        taken += len(people)
        if len(people) < PEOPLE:
            break
    async with database.writer() as session:
        await _note_running(session, today=clock.day_in(session.zone, now))
    while await _work_out_next(database, now=now):
        pass
    return taken


async def choose(session: WriteSession, actor: Actor, *, shown: bool, now: datetime) -> None:
    """Say whether one is compared by name, from the next request on; doing it again changes nothing."""
    contender = await session.get(Contender, actor.id)
    if (contender is not None) is shown:
        return
    if shown:
        session.add(Contender(employee_id=actor.id, since=now))
    else:
        await session.delete(contender)
    events.record(session, LeaderboardChoiceSet(actor.id), actor_id=actor.id, now=now)
    await session.flush()


async def _take(session: WriteSession) -> Sequence[str]:
    """Take people who wait, so that what is noted of them meanwhile waits for the next time."""
    people = (
        await session.scalars(
            select(col(StandingChange.employee_id))
            .order_by(col(StandingChange.employee_id))
            .limit(PEOPLE)
            .with_for_update(skip_locked=True)
        )
    ).all()
    await session.execute(
        delete(StandingChange).where(col(StandingChange.employee_id).in_(people)),
        execution_options={"synchronize_session": False},
    )
    return people


async def _take_over(session: WriteSession, people: Sequence[str]) -> None:
    """Make what is kept of some people say what their record says."""
    known = await reading.read_points(session, people)
    found = await reading.count_points(session, people)
    counted = {place: points for place, points in found.all.items() if points}
    await _sum_people(session, people, found.open)
    changed = {place for place in known.keys() | counted.keys() if known.get(place) != counted.get(place)}
    if not changed:
        return
    await session.execute(
        delete(SeasonPoints).where(
            tuple_(col(SeasonPoints.employee_id), col(SeasonPoints.scope), col(SeasonPoints.entity_id)).in_(
                sorted(changed)
            )
        ),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {"employee_id": person, "scope": scope, "entity_id": entity, "points": counted[person, scope, entity]}
        for person, scope, entity in sorted(changed & counted.keys())
    ]
    if rows:
        await session.execute(insert(SeasonPoints), rows)
    await standing_notes.note_scopes(session, {scope for _, scope, _ in changed})


async def _sum_people(session: WriteSession, people: Collection[str], counted: Mapping[Place, int]) -> None:
    """Keep for each person what everybody may know of: nobody is seen to have voted, even without what for."""
    sums: Counter[tuple[str, str]] = Counter()
    for (person, scope, _), points in counted.items():
        sums[person, scope] += points
        if not scope.startswith(leaderboards.name_campaign("")):
            sums[person, ALL_TIME] += points
    await session.execute(
        delete(PersonStanding).where(col(PersonStanding.employee_id).in_(people)),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {"employee_id": person, "scope": scope, "points": points}
        for (person, scope), points in sorted(sums.items())
        if points
    ]
    if rows:
        await session.execute(insert(PersonStanding), rows)


async def _note_running(session: WriteSession, *, today: date) -> None:
    """Note the boards that were worked out last while what they are about still ran, or never."""
    await standing_notes.note_scopes(session, [ALL_TIME, seasons.get_season(today).name])
    for known in await session.scalars(select(StandingScope).where(col(StandingScope.stale).is_(False))):
        last_day = await reading.find_last_day(session, known.scope)
        computed = known.computed_at and clock.day_in(session.zone, known.computed_at)
        known.stale = last_day is None or computed is None or computed <= last_day


async def _work_out_next(database: Database, *, now: datetime) -> bool:
    """Work out the boards of one season or campaign that waits; tells whether one did."""
    async with database.writer() as session:
        found = await session.scalar(
            select(StandingScope)
            .where(col(StandingScope.stale).is_(True))
            .order_by(col(StandingScope.scope))
            .limit(1)
            .with_for_update()
        )
        if found is None:
            return False
        today = clock.day_in(session.zone, now)
        last_day = await reading.find_last_day(session, found.scope) or today
        period = measures.resolve(as_of=min(last_day, today), since=None, to=None, zone=session.zone, now=now)
        standings = leaderboards.list_standings(
            breakdowns.grow(await reading.read_parents(session)),
            await reading.count_heads(session, period),
            await reading.sum_units(session, None if found.scope == ALL_TIME else found.scope),
        )
        await session.execute(delete(UnitStanding).where(col(UnitStanding.scope) == found.scope))
        rows = [
            {
                "scope": found.scope,
                "entity_id": each.entity,
                "board": each.board.value,
                "points": each.points,
                "people": each.people,
                "per_head": each.per_head,
                "rank": each.rank,
            }
            for each in standings
        ]
        if rows:
            await session.execute(insert(UnitStanding), rows)
        found.stale, found.computed_at = False, now
        return True
