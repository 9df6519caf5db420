"""The requests of what changes a rule or a right, as they succeed; and the operations that change none, and why."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fastapi.routing import APIRoute

from app.core import clock, ids
from app.core.db import WriteSession
from app.models.ideas import Idea
from app.models.identity_openings import IdentityOpening
from app.models.moderation import ModerationCase
from app.models.vote_flags import VoteFlag
from app.routers import ROUTERS
from tests.matrix import calls, stage
from tests.matrix.calls import EMPTY, MADE, Call
from tests.matrix.house import House
from tests.matrix.operations import OPERATIONS, Kind
from tests.support import campaigns
from tests.support.world import START

_MESSAGE = "a message: it stands with its author on its own row, and no rule is in it"
_AWARD = "gives what the terms of the prize promise; who proposed and agreed stands on the award"
_AGAIN = "tells again, or on trial, what the webhook is told by terms that are in the register"

EXCEPTIONS = {
    "plan_campaign": "concerns nobody before it is announced, and the announcement enters all of its terms",
    "write_report": "says what came of a campaign, for everybody to read; its terms stay",
    "cancel_gathering": _MESSAGE,
    **dict.fromkeys(("write_news", "edit_news", "publish_news", "withdraw_news"), _MESSAGE),
    **dict.fromkeys(("write_nudge", "edit_nudge", "send_nudge", "cancel_nudge"), _MESSAGE),
    **dict.fromkeys(("propose_award", "approve_award", "refuse_award"), _AWARD),
    **dict.fromkeys(("test_webhook", "replay_delivery"), _AGAIN),
    "preview_point_rule": "counts what a rule would do, and changes nothing",
    "order_export": "enters as `exports.made` when the file is made, or fails to be",
    "settle_correction": "answers one person about what is wrong about themselves",
}
"""What needs a managing permission and leaves nothing in the register, and why."""

_BY_ITSELF = frozenset(
    {"decide_case", "approve_identity_opening", "refuse_identity_opening", "withdraw_identity_opening"}
)
"""Acts for whoever was drawn for them among those with a role."""


def list_managed() -> set[str]:
    """Return the operations that need a managing permission and do something: write, or give data out as a file.

    Those of the table by roles, and those whose use case says that it asks for one. What is done to an idea stands in
    its itinerary.
    """
    found = set(_BY_ITSELF)
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute) or route.name not in OPERATIONS:
                continue
            row = OPERATIONS[route.name]
            does = "GET" not in (route.methods or ()) or route.path.endswith(".{file_format}")
            by_role = row.kind is Kind.ROLE and bool(row.roles)
            own = row.kind in (Kind.OWN, Kind.SIGNED_IN) and any(_list_askers(route.endpoint))
            if does and (by_role or own):
                found.add(route.name)
    return found


def _list_askers(endpoint: Any) -> Iterator[str]:
    """Give the use cases of an endpoint that refuse whoever has no role."""
    for module, name in re.findall(r"\b(\w+)\.(\w+)\(", inspect.getsource(endpoint)):
        called = getattr(endpoint.__globals__.get(module), name, None)
        if "RoleMissing" in (getattr(called, "__doc__", None) or ""):
            yield name


async def write(operation: str, house: House) -> Call:
    """Return a request of an operation that succeeds and changes something."""
    if operation in _WRITERS:
        call: Call = await _WRITERS[operation](house)
        return call
    return await calls.write(operation, house)


async def _plan(house: House, *phases: str) -> dict[str, str]:
    body = campaigns.plan(*phases, name=ids.new())
    made = await house.call(house.company.cast["Ian"], "plan_campaign", json=body)
    return {"campaign_id": made.json()["id"]}


async def _announce(house: House) -> dict[str, str]:
    places = await _plan(house)
    await house.call(house.company.cast["Ian"], "announce_campaign", places)
    return places


async def _announce_campaign(house: House) -> Call:
    return Call(MADE, places=await _plan(house))


async def _edit_campaign(house: House) -> Call:
    field = {"key": "place", "kind": "text", "labels": {"en": "Where?", "fr": "Où ?"}, "required": False}
    changed = {"json": {"question": "How much?", "fields": [field]}, "headers": {"If-Match": "*"}}
    return Call(places=await _announce(house), sent=changed)


async def _set_correspondents(house: House) -> Call:
    person = house.company.cast["Max"].id
    return Call(places=await _announce(house), sent={"json": {"employees": [person]}})


async def _close_campaign(house: House) -> Call:
    """A campaign that is over, and of which it was told what came of it."""
    places = await _announce(house)
    await house.call(house.company.cast["Ian"], "write_report", places, json=campaigns.REPORT)
    await campaigns.let_pass(house.database, places["campaign_id"], timedelta(days=30))
    return Call(MADE, places=places)


async def _edit_prize(house: House) -> Call:
    prize = {"name": "A trip", "way": "jury", "stock": 2}
    made = await house.call(house.company.cast["Mia"], "add_prize", json=prize)
    changed = {"json": {"stock": 3, "jury": [house.company.cast["Max"].id]}, "headers": {"If-Match": "*"}}
    return Call(places={"prize_id": made.json()["id"]}, sent=changed)


async def _change_gathering(house: House) -> Call:
    call = await calls.write("change_gathering", house)
    changed = {"json": {"hosts": [house.company.cast["Max"].id]}, "headers": {"If-Match": "*"}}
    return Call(places=call.places, sent=changed)


async def _set_moderation_words(_house: House) -> Call:
    return Call(places={"language": "fr"}, sent={"json": {"words": [ids.new()]}})


async def _set_restriction_lane(house: House) -> Call:
    body = {"readers": [house.company.cast["Max"].id], "escalation": house.company.cast["Pete"].id}
    return Call(places={"lane": "invention"}, sent={"json": body})


async def _import_directory(house: House) -> Call:
    call = await calls.write("import_directory", house)
    return Call(MADE, sent={**call.sent, "params": {}})


async def _make_webhook(house: House) -> dict[str, str]:
    call = await calls.write("add_webhook", house)
    made = await house.call(house.company.cast["Ian"], "add_webhook", **call.sent)
    return {"webhook_id": made.json()["id"]}


async def _edit_webhook(house: House) -> Call:
    changed = {"json": {"active": False}, "headers": {"If-Match": "*"}}
    return Call(places=await _make_webhook(house), sent=changed)


async def _delete_webhook(house: House) -> Call:
    return Call(EMPTY, places=await _make_webhook(house), sent={"headers": {"If-Match": "*"}})


async def _rotate_secret(house: House) -> Call:
    return Call(MADE, places=await _make_webhook(house))


async def _review_vote_flag(house: House) -> Call:
    flag = VoteFlag(
        kind="burst", since=START, until=START, votes=9, people=9, minutes=9, found_at=START, seen_at=START
    )
    async with house.database.writer() as session:
        session.add(flag)
    changed = {"json": {"state": "dismissed"}, "headers": {"If-Match": "*"}}
    return Call(places={"flag_id": flag.id}, sent=changed)


async def _decide_case(house: House) -> Call:
    async with house.database.writer() as session:
        idea = await stage.put_elsewhere(session, house.company)
        mia = house.company.cast["Mia"].id
        case = ModerationCase(
            content="idea", idea_id=idea.id, state="open", moderator_id=mia, opened_at=START
        )
        session.add(case)
        await session.flush()
        decision = {"action": "keep", "reason_code": "other", "text": "This is quick, and hurts nobody."}
        return Call(MADE, places={"case_id": case.id}, sent={"json": decision})


async def _put_unnamed(session: WriteSession, house: House) -> Idea:
    idea = await stage.put_elsewhere(session, house.company)
    idea.anonymous = True
    await session.flush()
    return idea


async def _ask_for_identity(house: House) -> Call:
    async with house.database.writer() as session:
        idea = await _put_unnamed(session, house)
        return Call(MADE, places={"idea_id": idea.id}, sent={"json": {"reason": "r" * 50}})


def _of_opening(**sent: Any) -> Any:
    async def call(house: House) -> Call:
        async with house.database.writer() as session:
            idea = await _put_unnamed(session, house)
            opening = IdentityOpening(
                idea_id=idea.id,
                asked_by_id=house.company.cast["Mia"].id,
                second_id=house.company.cast["Walt"].id,
                reason="r" * 50,
                state="asked",
                asked_at=clock.now(),
                due_at=clock.now() + timedelta(days=7),
            )
            session.add(opening)
            await session.flush()
            return Call(MADE, places={"opening_id": opening.id}, sent=sent)

    return call


_WRITERS: dict[str, Any] = {
    "announce_campaign": _announce_campaign,
    "ask_for_identity": _ask_for_identity,
    "approve_identity_opening": _of_opening(),
    "change_gathering": _change_gathering,
    "close_campaign": _close_campaign,
    "decide_case": _decide_case,
    "delete_webhook": _delete_webhook,
    "edit_campaign": _edit_campaign,
    "edit_prize": _edit_prize,
    "edit_webhook": _edit_webhook,
    "import_directory": _import_directory,
    "refuse_identity_opening": _of_opening(json={"text": "t" * 20}),
    "review_vote_flag": _review_vote_flag,
    "rotate_secret": _rotate_secret,
    "set_correspondents": _set_correspondents,
    "set_moderation_words": _set_moderation_words,
    "set_restriction_lane": _set_restriction_lane,
    "withdraw_identity_opening": _of_opening(),
}
