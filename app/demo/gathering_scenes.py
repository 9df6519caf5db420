"""Announcing gatherings, signing up, being there and summing up, each through its use case."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.core.db import WriteSession
from app.demo import animation
from app.demo.people import Troupe
from app.schemas.gatherings import AnnounceGathering
from app.services import attendances, gatherings, sign_ups


async def announce(troupe: Troupe, session: WriteSession, act: animation.Announce) -> None:
    """A community manager announces a gathering."""
    values = AnnounceGathering.model_validate(
        {
            "kind": act.kind,
            "title": act.title,
            "description": act.description,
            "place": act.place,
            "starts_at": act.starts_at,
            "ends_at": act.ends_at,
            "places": act.places,
            "walk_ins": act.places is None,
            "campaign": troupe.campaigns[act.campaign] if act.campaign else None,
        }
    )
    host = await troupe.person(session, act.person)
    gathering = await gatherings.announce(session, host, values, now=act.at)
    troupe.gatherings[act.gathering] = gathering.id


async def sign_up(troupe: Troupe, session: WriteSession, act: animation.SignUp) -> None:
    """A person signs up."""
    person = await troupe.person(session, act.person)
    await sign_ups.sign_up(session, person, troupe.gatherings[act.gathering], now=act.at)


async def attend(troupe: Troupe, session: WriteSession, act: animation.Attend) -> None:
    """The host notes that somebody is there."""
    host = await troupe.person(session, act.host)
    gathering_id = troupe.gatherings[act.gathering]
    await attendances.note(session, host, gathering_id, employee_id=troupe.ids[act.person], now=act.at)


async def sum_up(troupe: Troupe, session: WriteSession, act: animation.SumUp) -> None:
    """The host says what came of it."""
    host = await troupe.person(session, act.person)
    await gatherings.sum_up(session, host, troupe.gatherings[act.gathering], text=act.text, now=act.at)


SCENES: dict[type[Any], Callable[[Troupe, WriteSession, Any], Awaitable[None]]] = {
    animation.Announce: announce,
    animation.SignUp: sign_up,
    animation.Attend: attend,
    animation.SumUp: sum_up,
}
"""THE table of what a gathering looks like."""
