"""Reading what people chose to be told, by which channel and when."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import literal, select, union_all
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.notifications import CATALOGUE, Kind
from app.domain.preferences import Channel, Habits, Timing, get_timing
from app.models.channels import ChatAddress, PushSubscription
from app.models.employees import Employee
from app.models.preferences import MessageSettings, Preference
from app.schemas.preferences import KindPreference, MessageHabits, Preferences, Timings


@dataclass(slots=True)
class Ways:
    """How a person is reached: habits, choices by kind and channel, and where (channel, address)."""

    habits: Habits = Habits()  # noqa: RUF009  frozen
    chosen: dict[tuple[str, str], str] = field(default_factory=dict)
    addresses: list[tuple[str, str]] = field(default_factory=list)


async def read_ways(session: ReadSession, employee_ids: Collection[str]) -> dict[str, Ways]:
    """Return how these people are reached."""
    found: defaultdict[str, Ways] = defaultdict(Ways)
    for row in await session.scalars(
        select(MessageSettings).where(col(MessageSettings.employee_id).in_(employee_ids))
    ):
        found[row.employee_id].habits = shape_habits(row)
    for choice in await session.scalars(
        select(Preference).where(col(Preference.employee_id).in_(employee_ids))
    ):
        found[choice.employee_id].chosen[choice.kind, choice.channel] = choice.timing
    addresses = union_all(
        select(col(Employee.id), literal(Channel.EMAIL.value), literal("")).where(
            col(Employee.id).in_(employee_ids), col(Employee.email).is_not(None)
        ),
        select(
            col(PushSubscription.employee_id), literal(Channel.PUSH.value), col(PushSubscription.id)
        ).where(col(PushSubscription.employee_id).in_(employee_ids)),
        select(col(ChatAddress.employee_id), col(ChatAddress.channel), literal("")).where(
            col(ChatAddress.employee_id).in_(employee_ids)
        ),
    )
    for employee_id, channel, address_id in await session.execute(addresses):
        found[employee_id].addresses.append((channel, address_id))
    return found


def shape_habits(row: MessageSettings) -> Habits:
    """Return what a row says."""
    return Habits(
        row.digest, row.hour, row.weekday, row.time_zone, row.quiet_from, row.quiet_until, row.per_day
    )


async def get_habits(session: ReadSession, employee_id: str) -> MessageHabits:
    """Return when a person wants messages, by choice or by default."""
    ways = await read_ways(session, [employee_id])
    return MessageHabits.model_validate(ways[employee_id].habits if employee_id in ways else Habits())


async def get_preferences(session: ReadSession, employee_id: str) -> Preferences:
    """Return when a person is told each kind by each channel, by choice or by default."""
    ways = (await read_ways(session, [employee_id])).get(employee_id, Ways())
    return Preferences(items=[_shape(kind, ways) for kind in CATALOGUE])


def _shape(kind: Kind, ways: Ways) -> KindPreference:
    def ask(channel: Channel) -> Timing:
        return get_timing(kind, channel, ways.chosen)

    return KindPreference(
        kind=kind.value,
        asks=CATALOGUE[kind].asks,
        timings=Timings(
            email=ask(Channel.EMAIL).value,
            push=ask(Channel.PUSH).value,
            slack=ask(Channel.SLACK).value,
            teams=ask(Channel.TEAMS).value,
        ),
    )
