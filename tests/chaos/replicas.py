"""Two servers on one database: many voters, own writes read on both, and what one ends the other knows at once."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from app.demo.accounts import PASSWORD
from tests.chaos import bounds
from tests.chaos.installation import Installation
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.starting_gun import Gun, Shot
from tests.chaos.trials import Outcome

KNOWN_WITHIN = 1.0
"""Seconds in which the other server must know that a role, a session or a person is over."""

_VOTES = "SELECT count(*) FROM votes WHERE idea_id = :idea AND withdrawn_at IS NULL"
_AT_ONCE = 100
_ADMIN = "adele.fontaine@eureka.example"
_WORST = "s until the other knew (worst)"
_KEPT = 0.2
_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: voters of one idea, rounds of each ending."""

    voters: int = 2000
    rounds: int = 10


async def run(installation: Installation, seed: int, size: Size | None = None) -> Outcome:
    """Vote, read and end things over two servers."""
    outcome = Outcome()
    size = size or Size(voters=bounds.read("VOTERS", 2000))
    racers = [Racer("author"), Racer("holder", "Racers/One", functions="Racing")]
    racers += [Racer(f"voter{number}", f"Racers/Site{number % 20}") for number in range(size.voters)]
    async with prepare(installation, outcome, seed, racers) as ground:
        await vote_together(ground, size.voters)
        await read_own_writes(ground, size.rounds * 5)
        await end_roles(ground, size.rounds)
        await end_people(ground, size.rounds)
    return outcome


async def vote_together(ground: Ground, voters: int) -> None:
    """Have everybody vote for one idea, a hundred at a time; what is shown equals the rows at every look."""
    idea = (await ground.submit("author", "Racing"))["id"]
    begin = time.monotonic()
    shown: list[int] = []
    for start in range(0, voters, _AT_ONCE):
        names = [f"voter{number}" for number in range(start, min(start + _AT_ONCE, voters))]
        hits = await ground.gun.fire([ground.shot(name, "PUT", f"/ideas/{idea}/vote") for name in names])
        ground.tell(hits, 200, what="a vote among many")
        shown += [hit.json()["votes"] for hit in hits if hit.status == 200]
        cast = start + len(names)
        looks = await ground.gun.fire([ground.shot("author", "GET", f"/ideas/{idea}")] * 2)
        found = [look.json()["votes"] for look in looks] + [ground.books.count(_VOTES, idea=idea)]
        ground.check(found == [cast] * 3, f"{cast} voted, and {found} are shown and stored")
    seconds = time.monotonic() - begin
    # Votes that are kept in one transaction are told the same number: never one that was not reached yet.
    low = [place for place, number in enumerate(sorted(shown), start=1) if not place <= number <= voters]
    ground.check(not low and max(shown) == voters, f"{voters} voters were told {sorted(shown)[:50]}…")
    ground.outcome.count("voters of one idea", voters)
    ground.outcome.counts["of their votes a second"] = round(voters / seconds)


async def read_own_writes(ground: Ground, rounds: int) -> None:
    """Have somebody read on each server what they were told was written, on this one or the other."""
    idea = (await ground.submit("author", "Racing"))["id"]
    for number in range(rounds):
        body = {"body": f"remark {number}"}
        written = await ground.do("voter1", "POST", f"/ideas/{idea}/comments", body)
        method, voted = ("PUT", True) if number % 2 else ("DELETE", False)
        await ground.do("voter1", method, f"/ideas/{idea}/vote")
        looks = await ground.gun.fire([ground.shot("voter1", "GET", f"/ideas/{idea}")] * ground.spread)
        threads = await ground.gun.fire(
            [ground.shot("voter1", "GET", f"/ideas/{idea}/comments?limit=100")] * ground.spread
        )
        for look, page in zip(looks, threads, strict=True):
            told = look.json()
            ground.check(told["voted"] is voted, "one's own vote was shown late")
            ground.check(told["comments"] == number + 1, "one's own comment was counted late")
            found = [thread["id"] for thread in page.json()["items"]] if number < 100 else [written["id"]]
            ground.check(written["id"] in found, "one's own comment was shown late")
        ground.outcome.count("own writes read on both")


async def end_roles(ground: Ground, rounds: int) -> None:
    """Grant a role by one server and end it; the other must let in, then refuse, within a second."""
    person = f"/employees/{ground.people['voter2']}/roles"
    token = ground.installation.tokens["voter2@racers.example"]
    for _ in range(rounds):
        grant = await ground.do(_ADMIN, "POST", person, {"role": "innovation_manager"})
        await _see(ground, token, "/reviews", 200, "a new role")
        await ground.do(_ADMIN, "DELETE", f"{person}/{grant['id']}")
        await _see(ground, token, "/reviews", 403, "a role that ended")


async def end_people(ground: Ground, rounds: int) -> None:
    """Sign out by one server, and let somebody go; the other must refuse the token within a second."""
    form = urlencode({"username": _ADMIN, "password": PASSWORD}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for number in range(10, 10 + rounds):
        hit = await ground.gun.ask(Shot("POST", "/auth/token", None, form, kind))
        token = hit.json()["access_token"]
        await _see(ground, token, "/me", 200, "a sign-in")
        await ground.gun.ask(Shot("DELETE", "/auth/sessions/current", token))
        await _see(ground, token, "/me", 401, "a sign-out")
        token = ground.installation.tokens[f"voter{number}@racers.example"]
        await _see(ground, token, "/me", 200, "a person")
        await ground.do(_ADMIN, "POST", f"/employees/{ground.people[f'voter{number}']}/deactivation")
        await _see(ground, token, "/me", 401, "a person who left")


async def _see(ground: Ground, token: str, path: str, status: int, what: str) -> None:
    """Wait until the other server answers with a status, and keeps to it; that it takes too long is a fault.

    It is asked all the time, so that what it remembers is as fresh as can be.
    """
    gun = Gun(ground.gun.addresses[-1])
    begin = known = time.monotonic()
    while time.monotonic() - known < _KEPT and time.monotonic() - begin < 10 * KNOWN_WITHIN:
        if (await gun.ask(Shot("GET", path, token))).status != status:
            known = time.monotonic()
        await asyncio.sleep(_BETWEEN_LOOKS)
    await gun.close()
    late = known - begin
    ground.outcome.count("endings and beginnings seen")
    worst = float(ground.outcome.counts.get(_WORST, 0))
    ground.outcome.counts[_WORST] = round(max(worst, late), 2)
    ground.check(late <= KNOWN_WITHIN, f"the other server knew of {what} only after {late:.1f} s")
