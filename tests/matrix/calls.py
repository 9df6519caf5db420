"""The requests of operations that are not about an idea, and what they answer to whom they are for."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.roles import Role
from app.services import departures
from tests.matrix.house import House
from tests.matrix.requests import UNKNOWN
from tests.support import world

OK, MADE, EMPTY = 200, 201, 204
_CSV = b"external_id,email,name,entity,manager_external_id\nX1,x1@company.example,X One,Company/Sales,\n"


@dataclass(frozen=True)
class Call:
    """A request: its parts, and the statuses for those whose it is and for all others."""

    allowed: int = OK
    refused: int = 403
    places: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)


async def write(operation: str, house: House) -> Call:
    """Return the request of an operation, with somebody or something fresh where it can succeed once only."""
    if operation in _PLAIN:
        return _PLAIN[operation]
    call: Call = await _WRITERS[operation](house)
    return call


async def _hire(house: House, *, active: bool = True) -> dict[str, str]:
    async with house.database.writer() as session:
        person = await world.make_employee(session)
        if not active:
            await departures.leave(session, [person.id], actor_id=None, now=world.START)
        return {"employee_id": person.id}


async def _to_person(house: House) -> Call:
    return Call(places=await _hire(house))


async def _submit(house: House) -> Call:
    theme = house.company.cast.themes["brand"]
    return Call(MADE, sent={"json": {"title": "An idea", "problem": "p", "solution": "s", "theme": theme}})


async def _deactivate(house: House) -> Call:
    return Call(MADE, places=await _hire(house))


async def _reactivate(house: House) -> Call:
    """Who left is known to admins only."""
    return Call(MADE, 404, places=await _hire(house, active=False))


async def _grant(house: House) -> Call:
    return Call(MADE, places=await _hire(house), sent={"json": {"role": "facilitator"}})


async def _link(house: House) -> Call:
    return Call(MADE, places=await _hire(house), sent={"json": {}})


async def _end_role(house: House) -> Call:
    async with house.database.writer() as session:
        person = await world.make_employee(session)
        granted = await world.grant(session, person, Role.FACILITATOR)
        return Call(EMPTY, places={"employee_id": person.id, "grant_id": granted.id})


def _rule(house: House) -> dict[str, Any]:
    return {"json": {"words": ["zinzolin"], "function": house.company.cast.functions["IT"]}}


async def _add_rule(house: House) -> Call:
    return Call(MADE, sent=_rule(house))


async def _delete_rule(house: House) -> Call:
    made = await house.call(house.company.cast["Ian"], "add_routing_rule", **_rule(house))
    return Call(EMPTY, places={"rule_id": made.json()["id"]})


_PLAIN: dict[str, Call] = {
    "list_similar": Call(sent={"params": {"text": "zinzolin"}}),
    "change_password": Call(422, sent={"json": {"current": "wrong", "new": "a long enough new sentence"}}),
    "revoke_session": Call(404, places={"session_id": UNKNOWN}),
    "sign_out": Call(EMPTY),
    "sign_out_everywhere": Call(EMPTY),
    "import_directory": Call(
        MADE, sent={"params": {"dry_run": True}, "content": _CSV, "headers": {"Content-Type": "text/csv"}}
    ),
} | {
    name: Call()
    for name in (
        "list_ideas",
        "list_criteria",
        "list_entities",
        "list_functions",
        "list_themes",
        "list_campaigns",
        "list_decline_reasons",
        "list_employees",
        "read_points",
        "show_me",
        "list_sessions",
        "list_reviews",
        "list_routing_rules",
        "show_participation",
        "show_pipeline",
    )
}
_WRITERS: dict[str, Any] = {
    "submit_idea": _submit,
    "read_employee": _to_person,
    "list_roles": _to_person,
    "deactivate_employee": _deactivate,
    "reactivate_employee": _reactivate,
    "grant_role": _grant,
    "end_role": _end_role,
    "issue_link": _link,
    "add_routing_rule": _add_rule,
    "delete_routing_rule": _delete_rule,
}
WRITTEN = set(_PLAIN) | set(_WRITERS)
"""The operations that have a request here."""
