"""Races while people change: the last admin, roles that end, managers that change, who was first in a campaign."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.core import clock, config
from app.core.db import Database
from app.services import campaigns
from tests.chaos.installation import Installation
from tests.chaos.races_decisions import DECLINE
from tests.chaos.races_ground import Ground, Racer, prepare, write_csv
from tests.chaos.starting_gun import Hit, Shot
from tests.chaos.trials import Outcome

_ADMINS = (
    "SELECT g.id, g.employee_id FROM role_grants g JOIN employees e ON e.id = g.employee_id"
    " WHERE g.role = 'admin' AND g.ended_at IS NULL AND e.active"
)
_GRANT = "SELECT id FROM role_grants WHERE employee_id = :person AND role = :role AND ended_at IS NULL"
_SOON = 3.0
_BETWEEN_LOOKS = 0.05

_AUTHOR = Racer("author", "Racers/Sales", "chief")
_HANDS = ("one", "two", "three")


@dataclass(frozen=True, slots=True)
class Size:
    """How often each race is run."""

    admins: int = 20
    roles: int = 30
    imports: int = 30
    campaigns: int = 10
    authors: int = 20


async def run(installation: Installation, seed: int) -> Outcome:
    """Run every race while people change."""
    outcome, size = Outcome(), Size()
    challenges = await announce(installation, size.campaigns)
    async with prepare(installation, outcome, seed, list_racers(size)) as ground:
        await race(ground, size, challenges)
    return outcome


async def race(ground: Ground, size: Size, challenges: Sequence[str]) -> None:
    """Run every race while people change; `challenges` are campaigns without ideas."""
    await submit_first(ground, challenges, size.authors)
    await end_role(ground, size.roles)
    await change_manager(ground, size.imports)
    await demote_each_other(ground, size.admins)


def list_racers(size: Size) -> list[Racer]:
    """Return who takes part."""
    return [
        Racer("chief", "Racers/Sales"),
        _AUTHOR,
        *(Racer(name, f"Racers/{name}", functions="Racing") for name in _HANDS),
        Racer("keeper", "Racers/Keys", roles="admin"),
        Racer("twin", "Racers/Keys", roles="admin"),
        *(Racer(f"writer{number}") for number in range(size.authors)),
    ]


async def submit_first(ground: Ground, challenges: Sequence[str], authors: int) -> None:
    """Many submit to a fresh campaign at once: one of them was first, and is paid for it once."""
    for challenge in challenges:
        body = {"title": "The first", "problem": "Slow.", "solution": "Run.", "theme": ground.theme}
        body |= {"campaign": challenge, "function": ground.functions["Racing"]}
        hits = await ground.gun.fire(
            [ground.shot(f"writer{number}", "POST", "/ideas", body) for number in range(authors)]
        )
        ground.tell(hits, 201, what="first ideas of a campaign")
        ground.outcome.count("ideas that race to be the first of a campaign", authors)
    await ground.drain()
    for challenge in challenges:
        first = "SELECT id FROM ideas WHERE campaign_id = :challenge ORDER BY submitted_at, id LIMIT 1"
        paid = (
            "SELECT p.subject, sum(p.points) FROM point_entries p JOIN ideas i ON i.id = p.subject"
            " WHERE p.rule = 'first_in_campaign' AND i.campaign_id = :challenge"
            " GROUP BY p.subject HAVING sum(p.points) <> 0"
        )
        found = ground.books.ask(paid, challenge=challenge)
        wanted = [(ground.books.ask(first, challenge=challenge)[0][0], 50)]
        ground.check(found == wanted, f"first in a campaign: {found} were paid, {wanted} came first")


async def end_role(ground: Ground, rounds: int) -> None:
    """A correspondent loses the role while acting: no act of theirs stands after the idea was given away."""
    for number in range(rounds):
        idea = await ground.submit("author", "Racing")
        holder, at = idea["holder"]["name"], f"/ideas/{idea['id']}"
        path = f"/employees/{ground.people[holder]}/roles"
        grant = ground.books.ask(_GRANT, person=ground.people[holder], role="correspondent")[0][0]
        act = {"action": "decline", **DECLINE} if number % 2 else {"action": "acknowledge"}
        shots = [
            ground.shot(holder, "POST", f"{at}/decisions", act),
            ground.shot("keeper", "DELETE", f"{path}/{grant}"),
        ]
        ground.random.shuffle(shots)
        hits = await ground.gun.fire(shots)
        ground.tell(hits, 201, 204, 403, 409, what="a role that ends while acting")
        await _check_hands(ground, idea["id"], holder)
        late = await ground.gun.ask(ground.shot(holder, "POST", f"{at}/decisions", act))
        ground.tell([late], 403, 409, what="an act after the role ended")
        again = {"role": "correspondent", "function": ground.functions["Racing"]}
        await ground.do("keeper", "POST", path, again)
        ground.outcome.count("roles ended while their holder acted")
        ground.outcome.count("of them after the act", sum(hit.status == 201 for hit in hits) > 0)


async def change_manager(ground: Ground, rounds: int) -> None:
    """An import makes the holder the author's manager, during acts and votes: the idea leaves the line at once."""
    for _ in range(rounds):
        idea = await ground.submit("author", "Racing")
        holder, at = idea["holder"]["name"], f"/ideas/{idea['id']}"
        act = ground.shot(holder, "POST", f"{at}/decisions", {"action": "acknowledge"})
        votes = [ground.shot(f"writer{number}", "PUT", f"{at}/vote") for number in range(5)]
        shots = [_import(ground, replace(_AUTHOR, manager=holder)), act, *votes, act]
        ground.random.shuffle(shots)
        hits = await ground.gun.fire(shots)
        ground.tell(hits, 200, 201, 403, 409, what="an import during acts and votes")
        await _check_hands(ground, idea["id"], holder)
        shown = await ground.do("author", "GET", at)
        taken = sum(hit.status == 200 for hit in hits)
        ground.check(shown["votes"] == taken == 5, f"{taken} of 5 votes were taken during an import")
        late = await ground.gun.ask(act)
        ground.tell([late], 403, what="an act of the author's new manager")
        await ground.do("author", "POST", f"{at}/withdrawal")
        ground.tell([await ground.gun.ask(_import(ground, _AUTHOR))], 201, what="an import")
        ground.outcome.count("imports during acts and votes")


async def demote_each_other(ground: Ground, rounds: int) -> None:
    """Two admins end each other's role at once, or let each other go: one admin stays."""
    ours = {ground.people["keeper"]: "keeper", ground.people["twin"]: "twin"}
    for grant, person in ground.books.ask(_ADMINS):
        if person not in ours:
            await ground.do("keeper", "DELETE", f"/employees/{person}/roles/{grant}")
    for number in range(rounds):
        grants = {ours[person]: grant for grant, person in ground.books.ask(_ADMINS)}
        shots = [_demote(ground, one, other, grants, number) for one, other in _PAIRS for _ in range(2)]
        ground.random.shuffle(shots)
        hits = await ground.gun.fire(shots)
        ground.tell(hits, 201, 204, 401, 403, 404, 409, what="two admins against each other")
        left = [ours[person] for _, person in ground.books.ask(_ADMINS)]
        ground.check(len(left) == 1, f"two admins against each other left {left}")
        if not left:
            return
        await _restore(ground, left[0], "twin" if left[0] == "keeper" else "keeper")
        ground.outcome.count("pairs of admins against each other")


_PAIRS = (("keeper", "twin"), ("twin", "keeper"))


def _demote(ground: Ground, one: str, other: str, grants: dict[str, str], number: int) -> Shot:
    at = f"/employees/{ground.people[other]}"
    if number % 2:
        return ground.shot(one, "POST", f"{at}/deactivation")
    return ground.shot(one, "DELETE", f"{at}/roles/{grants[other]}")


async def _restore(ground: Ground, left: str, gone: str) -> None:
    at = f"/employees/{ground.people[gone]}"
    if not (await ground.do(left, "GET", at))["active"]:
        await ground.do(left, "POST", f"{at}/reactivation")
    await ground.do(left, "POST", f"{at}/roles", {"role": "admin"})
    for one in (left, gone):
        await _await_rights(ground, one)


async def _await_rights(ground: Ground, admin: str) -> None:
    """Wait until every replica knows that somebody is an admin; longer than seconds is a fault."""
    shots = [ground.shot(admin, "GET", f"/employees/{ground.people[admin]}/roles")] * ground.spread
    hits: list[Hit] = []
    for _ in range(int(_SOON / _BETWEEN_LOOKS)):
        hits = await ground.gun.fire(shots)
        if all(hit.status == 200 for hit in hits):
            return
        await asyncio.sleep(_BETWEEN_LOOKS)
    ground.tell(hits, 200, what="rights that were given seconds ago")


async def _check_hands(ground: Ground, idea_id: str, former: str) -> None:
    """Check that an idea which is open has another holder, and that who had it did nothing after losing it."""
    idea = await ground.do("author", "GET", f"/ideas/{idea_id}")
    held_by = (idea["holder"] or {"name": None})["name"]
    ground.check(held_by != former, f"an open idea stays with {former}")
    rows = (await ground.do("author", "GET", f"/ideas/{idea_id}/itinerary"))["items"]
    acts = [row["act"] for row in rows]
    given_away = acts.index("reassign") if "reassign" in acts else len(acts)
    late = [row["act"] for row in rows[given_away:] if row["actor"] and row["actor"]["name"] == former]
    ground.check(not late, f"{former} made {late} after losing the idea")


def _import(ground: Ground, author: Racer) -> Shot:
    content = write_csv([author])
    return ground.shot("keeper", "POST", "/directory/imports", content, Content_Type="text/csv")


async def announce(installation: Installation, number: int) -> list[str]:
    """Announce campaigns, before any server runs; returns their identifiers."""
    settings: Any = config.Settings(database_url=installation.url, environment="development")
    database, now = Database(settings), clock.now()
    try:
        async with database.writer() as session:
            ends = now + timedelta(days=30)
            made = [
                await campaigns.announce(
                    session,
                    name=f"Race {n}",
                    question="",
                    sponsor_id=None,
                    starts_at=now,
                    ends_at=ends,
                    now=now,
                )
                for n in range(number)
            ]
            return [campaign.id for campaign in made]
    finally:
        await database.close()
