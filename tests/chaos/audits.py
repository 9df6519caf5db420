"""After the storm: every acknowledged write is there with its effects, and nothing is there by half."""

import asyncio
import time
from collections.abc import Callable

import httpx2

from tests.chaos import contents, effects, ledgers, records
from tests.chaos.installation import Installation
from tests.chaos.journal import Journal
from tests.chaos.people import API, World, list_items, sign
from tests.chaos.records import Records

DRAINED_WITHIN = 120.0
_MOST = 12

CHECKS: tuple[Callable[[Records, Records, Journal], list[str]], ...] = (
    effects.check_votes,
    effects.check_comments,
    effects.check_ideas,
    effects.check_acts,
    effects.check_scorecards,
    effects.check_sign_ins,
    effects.check_keys,
    contents.check_vote_events,
    contents.check_comment_events,
    contents.check_idea_events,
    contents.check_itineraries,
    contents.check_keys,
    ledgers.check,
)
"""Each gets what lay there before the storm, what lies there now, and the journal."""


async def audit(
    installation: Installation, base_url: str, world: World, before: Records, journal: Journal
) -> list[str]:
    """Return everything that is wrong, once the reactions have followed; a server (and a worker) must run."""
    faults = list(dict.fromkeys(journal.faults))
    faults += await drain(installation)
    now = records.read(installation)
    faults += now.faults
    for check in CHECKS:
        found = check(before, now, journal)
        faults += found[:_MOST]
        if len(found) > _MOST:
            faults.append(f"… and {len(found) - _MOST} more of {check.__name__}")
    faults += await check_shown(base_url, world, now)
    return faults + await installation.examine()


async def drain(installation: Installation, within: float = DRAINED_WITHIN) -> list[str]:
    """Wait until no event waits for its reactions; that it takes too long is a fault."""
    begin = time.monotonic()
    while left := await asyncio.to_thread(records.count_pending, installation):
        if time.monotonic() - begin > within:
            return [f"{left} events still wait for their reactions after {within:.0f} s"]
        await asyncio.sleep(0.2)
    return []


async def see_draining(installation: Installation, within: float = 30.0) -> list[str]:
    """Wait until fewer events wait than a moment before, while people write; that it takes too long is a fault."""
    begin, before = time.monotonic(), 0
    while (left := await asyncio.to_thread(records.count_pending, installation)) >= before:
        if time.monotonic() - begin > within:
            return [f"nothing was worked off in {within:.0f} s, and {left} events wait"]
        before = left
        await asyncio.sleep(0.1)
    return []


async def check_shown(base_url: str, world: World, now: Records) -> list[str]:
    """Compare what people are shown with the rows: feed, counters, balances, chains."""
    standing = records.group(
        (row for row in now["votes"] if row["withdrawn_at"] is None), lambda row: row["idea_id"]
    )
    said = records.group(
        (row for row in now["comments"] if row["deleted_at"] is None), lambda row: row["idea_id"]
    )
    stages = {row["id"]: row["stage"] for row in now["ideas"] if row["stage"] != "draft"}
    faults: list[str] = []
    async with httpx2.AsyncClient(base_url=base_url, timeout=30) as http:
        token = world.people[0].token
        feed = {item["id"]: item for item in await list_items(http, "/ideas", token, {"limit": 100})}
        if feed.keys() != stages.keys():
            faults.append(f"the feed shows {len(feed)} ideas where {len(stages)} are")
        for idea_id, item in feed.items():
            rows = (stages.get(idea_id), len(standing[idea_id]), len(said[idea_id]))
            shown = (item["stage"], item["votes"], item["comments"])
            if shown != rows:
                faults.append(f"idea {idea_id} shows {shown} where the rows say {rows}")
        for person in world.people:
            answer = await http.get(f"{API}/me/points", headers=sign(person.token))
            entries = sum(row["points"] for row in now["point_entries"] if row["employee_id"] == person.id)
            if answer.json().get("balance") != entries:
                faults.append(
                    f"{person.email} is shown {answer.text[:80]} where the ledger sums up to {entries}"
                )
        for idea_id in sorted(feed)[:40]:
            answer = await http.get(f"{API}/ideas/{idea_id}/itinerary/verification", headers=sign(token))
            if not answer.json().get("valid"):
                faults.append(f"the itinerary of {idea_id} does not hold: {answer.text[:80]}")
    return faults
