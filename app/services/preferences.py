"""Choosing what to be told, by which channel and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from app.core.db import WriteSession
from app.core.security import unsubscribe_tokens
from app.core.security.seals import Seals
from app.domain import preferences
from app.domain.errors import NotFound
from app.domain.notifications import CATALOGUE, Kind
from app.domain.preferences import (
    AT_ONCE,
    DIGEST,
    Channel,
    ChosenTwice,
    Digest,
    Habits,
    Timing,
    get_default,
    get_timing,
)
from app.models.employees import Employee
from app.models.preferences import MessageSettings, Preference
from app.queries.preferences import Ways, read_ways
from app.schemas.preferences import ChoosePreferences, SetMessageHabits
from app.services import deliveries, turns


class NoSuchToken(NotFound):
    """This link does not end anything here."""

    code = "unsubscribe.unknown"


async def choose(session: WriteSession, employee_id: str, values: ChoosePreferences) -> None:
    """Replace somebody's choices; what is not named goes back to the default.

    Raises: NoDigestThere, ChosenTwice.
    """
    chosen: dict[tuple[str, str], str] = {}
    for place, choice in enumerate(values.choices):
        preferences.check_choice(choice.channel, choice.timing, f"/choices/{place}/timing")
        if (choice.kind, choice.channel) in chosen:
            raise ChosenTwice.at(f"/choices/{place}")
        chosen[choice.kind, choice.channel] = choice.timing
    await turns.take(session, employee_id)
    await session.execute(delete(Preference).where(col(Preference.employee_id) == employee_id))
    session.add_all(
        Preference(employee_id=employee_id, kind=kind, channel=channel, timing=timing)
        for (kind, channel), timing in chosen.items()
        if timing != get_default(kind, channel)
    )
    await session.flush()


async def set_habits(
    session: WriteSession, employee_id: str, values: SetMessageHabits, *, now: datetime
) -> None:
    """Say when one wants messages; the digest that waits goes by it.

    Raises: UnknownZone.
    """
    preferences.check_zone(values.time_zone)
    await turns.take(session, employee_id)
    await _keep(session, employee_id, values.model_dump())
    await deliveries.reschedule(session, employee_id, Habits(**values.model_dump()), now=now)


async def unsubscribe(session: WriteSession, seals: Seals, token: str) -> None:
    """End what the token of a letter names: a kind, what comes at once, or the digest; again changes nothing.

    Raises: NoSuchToken.
    """
    named = unsubscribe_tokens.read(seals, token)
    if named is None or await session.get(Employee, named[0]) is None:
        raise NoSuchToken
    employee_id, channel, what = named
    await turns.take(session, employee_id)
    ways = (await read_ways(session, [employee_id])).get(employee_id, Ways())
    if what == DIGEST:
        habits = {name: getattr(ways.habits, name) for name in Habits.__slots__}
        await _keep(session, employee_id, habits | {"digest": Digest.NEVER.value})
    elif what == AT_ONCE:
        for kind in CATALOGUE:
            if get_timing(kind, channel, ways.chosen) is Timing.AT_ONCE:
                await _end(session, employee_id, kind, channel)
    else:
        await _end(session, employee_id, Kind(what), channel)
    await session.flush()


def check_token(seals: Seals, token: str) -> None:
    """Let pass a token that was given out here.

    Raises: NoSuchToken.
    """
    if unsubscribe_tokens.read(seals, token) is None:
        raise NoSuchToken


async def _end(session: WriteSession, employee_id: str, kind: Kind, channel: str) -> None:
    await session.merge(
        Preference(
            employee_id=employee_id,
            kind=kind.value,
            channel=Channel(channel).value,
            timing=Timing.NEVER.value,
        )
    )


async def _keep(session: WriteSession, employee_id: str, habits: dict[str, Any]) -> None:
    await session.merge(MessageSettings(employee_id=employee_id, **habits))
    await session.flush()
