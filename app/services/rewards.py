"""Keeping the points ledger true: the entries by which it says what the facts say, whatever was written before.

What is due is a function of the facts alone (`domain/causes.py`), so the order in which events are worked off, how
many at a time and how often makes no difference. A rule by which single people earn joins in like this:

1. its key stands in `domain/rewards.RuleKey`, and in `SCALE` with what it is worth;
2. a query reads its causes from the facts, also those undone since, and stands in `queries/causes.OF_PEOPLE`: by that
   `ideabox doctor` compares everybody's ledger with them, and the preview of a change of the rule counts;
3. a reaction calls `settle_people` with the rule and the people whose causes an event may have changed.

What authors share is in `queries/milestones.py` and `services/milestones.py`.

What is bought is not earned: `spend` and `give_back` are called by whoever sells, in their own transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import causes, measures, rewards
from app.domain.causes import Due
from app.domain.rewards import RuleKey
from app.models.events import Event
from app.models.rewards import PointEntry
from app.queries import deeds as doing
from app.queries.causes import OF_PEOPLE
from app.queries.deeds import Deeds, Pair
from app.queries.point_rules import get_scales
from app.queries.rewards import get_balance
from app.services import activity, turns

_MOST_SUBJECTS = 5_000
"""Subjects that a statement names; a statement takes 32,766 values."""


async def settle(
    session: WriteSession, rule: RuleKey, dues: Iterable[Due], *, now: datetime
) -> list[PointEntry]:
    """Write the entries by which the ledger says what is due, and return them.

    Idempotent: a second call with the same dues writes nothing. The unique key of the ledger refuses
    what two writers would write at once.
    """
    wanted = {(due.subject, due.employee_id): due for due in dues}
    ledger = await _read_entries(session, rule, wanted)
    written = [
        PointEntry(
            employee_id=due.employee_id,
            rule=rule,
            subject=due.subject,
            occurrence=new.occurrence,
            points=new.points,
            day=new.day,
            at=now,
        )
        for pair, due in wanted.items()
        for new in rewards.settle(ledger[pair], due=due.points, day=due.day)
    ]
    session.add_all(written)
    await session.flush()
    return written


async def note(session: WriteSession, written: Iterable[PointEntry]) -> None:
    """Have the days counted again on which entries were written, where that does not follow from the event itself."""
    days = ((entry.employee_id, measures.start_day(entry.day, session.zone)) for entry in written)
    await activity.note_people(session, days)


async def settle_votes(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award a vote while it stands, take the award back when it was withdrawn."""
    await _settle_deeds(session, doing.VOTES, events, now=now)


async def settle_comments(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award having said something under an idea, once an idea, while a comment of the person stands there."""
    await _settle_deeds(session, doing.COMMENTS, events, now=now)


async def settle_sign_ins(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award a person's first sign-in."""
    await settle_people(session, RuleKey.FIRST_SIGN_IN, {event.subject for event in events}, now=now)


async def settle_people(
    session: WriteSession, rule: RuleKey, people: Collection[str], *, now: datetime
) -> int:
    """Settle everything that some people ever did under a rule; returns how many entries that took.

    For rules by which a person earns a few times in a life; votes and comments are settled by the day.
    """
    scale = (await get_scales(session)).of(rule)
    found = causes.allot(await OF_PEOPLE[rule](session, people), scale)
    dues = {(due.subject, due.employee_id): due for due in found}
    for pair in await _list_paid(session, rule, people) - dues.keys():
        dues[pair] = Due(*pair, 0, date.min)
    written = await settle(session, rule, dues.values(), now=now)
    await note(session, written)
    return len(written)


async def spend(session: WriteSession, employee_id: str, *, subject: str, points: int, now: datetime) -> None:
    """Take points from a person for a subject, within the caller's transaction; once, however often it is asked.

    The person is held until the end of the transaction: of two who spend the last points at once one is refused.

    Raises: BalanceTooSmall.
    """
    await turns.take(session, employee_id)
    await session.flush()
    spent = (await _read_entries(session, RuleKey.PRIZE, [(subject, employee_id)]))[subject, employee_id]
    balance = await get_balance(session, employee_id) - sum(entry.points for entry in spent)
    rewards.check_covers(balance, points)
    due = Due(subject, employee_id, -points, spent[-1].day if spent else _today(session, now))
    await settle(session, RuleKey.PRIZE, [due], now=now)


async def give_back(session: WriteSession, employee_id: str, *, subject: str, now: datetime) -> None:
    """Give back what a person spent on a subject, within the caller's transaction; nothing if that was nothing."""
    await turns.take(session, employee_id)
    await settle(session, RuleKey.PRIZE, [Due(subject, employee_id, 0, _today(session, now))], now=now)


def _today(session: WriteSession, now: datetime) -> date:
    return clock.day_in(session.zone, now)


async def _settle_deeds(
    session: WriteSession, deeds: Deeds, events: Sequence[Event], *, now: datetime
) -> None:
    """Settle every day on which a deed of the events may count: all of its person, for they share the slots."""
    moments = await doing.list_moments(session, deeds, {event.subject for event in events})
    days: defaultdict[date, set[str]] = defaultdict(set)
    for (_, person), moment in moments:
        days[clock.day_in(session.zone, moment)].add(person)
    scale = (await get_scales(session)).of(deeds.rule)
    concerned = {pair for pair, _ in moments}
    dues: dict[Pair, Due] = {}
    for day, people in sorted(days.items()):
        per_day = scale(day).per_day
        done = await doing.list_in_days(
            session,
            people,
            deeds=deeds,
            since=measures.start_day(day, session.zone),
            before=measures.start_day(clock.next_day(day), session.zone),
            most=per_day,
            subjects=None if per_day else {subject for subject, _ in concerned},
        )
        dues |= {(due.subject, due.employee_id): due for due in causes.allot(done, scale)}
        if per_day:
            # Whoever has no slot any more; without slots nobody is concerned by what others did.
            concerned |= await _list_paid(session, deeds.rule, people, day)
    settled = [dues.get(pair) or Due(*pair, 0, date.min) for pair in sorted(concerned | set(dues))]
    await settle(session, deeds.rule, settled, now=now)


async def _list_paid(
    session: WriteSession, rule: RuleKey, people: Collection[str], day: date | None = None
) -> set[Pair]:
    """Return who has points by a rule for what, on one day only when that is given.

    An award that was moved to another day leaves its reversal behind: that is no claim of the day it left.
    """
    entries = (
        select(col(PointEntry.subject), col(PointEntry.employee_id))
        .where(col(PointEntry.rule) == rule, col(PointEntry.employee_id).in_(people))
        .group_by(col(PointEntry.subject), col(PointEntry.employee_id))
        .having(func.sum(col(PointEntry.points)) != 0)
    )
    if day is not None:
        entries = entries.where(col(PointEntry.day) == day)
    return {(subject, person) for subject, person in await session.execute(entries)}


async def _read_entries(
    session: WriteSession, rule: RuleKey, pairs: Collection[Pair]
) -> defaultdict[Pair, list[PointEntry]]:
    people, subjects = {person for _, person in pairs}, {subject for subject, _ in pairs}
    entries = select(PointEntry).where(col(PointEntry.rule) == rule, col(PointEntry.employee_id).in_(people))
    if len(subjects) <= _MOST_SUBJECTS:
        entries = entries.where(col(PointEntry.subject).in_(subjects))
    rows = await session.scalars(entries.order_by(col(PointEntry.occurrence)))
    found: defaultdict[Pair, list[PointEntry]] = defaultdict(list)
    for entry in rows:
        found[entry.subject, entry.employee_id].append(entry)
    return found
