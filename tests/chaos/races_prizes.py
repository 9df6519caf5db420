"""Races for prizes: many want the last piece, one wants many pieces, and a claim is decided by many at once."""

from dataclasses import dataclass
from typing import Any

from tests.chaos.installation import Installation
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.trials import Outcome

_COST = 10
"""What an idea earns."""

_STANDING = "SELECT count(*) FROM prize_awards WHERE prize_id = :prize AND state IN ('waiting', 'proposed', 'granted')"
_SPENT = (
    "SELECT coalesce(-sum(p.points), 0) FROM point_entries p JOIN prize_awards a ON a.id = p.subject"
    " WHERE p.rule = 'prize' AND a.prize_id = :prize"
)
_POOREST = (
    "SELECT coalesce(min(balance), 0)"
    " FROM (SELECT sum(points) AS balance FROM point_entries GROUP BY employee_id) balances"
)
_STATE = "SELECT state FROM prize_awards WHERE id = :award"


@dataclass(frozen=True, slots=True)
class Size:
    """How often each race is run, and by how many people."""

    rounds: int = 3
    people: int = 100
    claims: int = 50
    decisions: int = 10


async def run(installation: Installation, seed: int) -> Outcome:
    """Run every race for prizes."""
    outcome, size = Outcome(), Size()
    async with prepare(installation, outcome, seed, list_racers(size)) as ground:
        await race(ground, size)
    return outcome


async def race(ground: Ground, size: Size) -> None:
    """Run every race for prizes."""
    for number in range(size.people):
        await ground.submit(f"saver{number}", "Racing")
    await ground.drain()
    for _ in range(size.rounds):
        await take_last(ground, size.people)
        await spend_once(ground, size.claims)
        for _ in range(size.decisions):
            await decide(ground)
    ground.check(ground.books.count(_POOREST) >= 0, "prizes: somebody has less than nothing")


def list_racers(size: Size) -> list[Racer]:
    """Return who takes part."""
    return [
        Racer("holder", "Racers/One", functions="Racing"),
        Racer("shopkeeper", "Racers/Two", roles="community_manager"),
        Racer("second", "Racers/Three", roles="innovation_manager"),
        Racer("third", "Racers/Three", roles="innovation_manager"),
        *(Racer(f"saver{number}") for number in range(size.people)),
    ]


async def take_last(ground: Ground, people: int) -> None:
    """Many claim the last piece: one has it, the others keep their points; it is refused for the next round."""
    prize = await _offer(ground, stock=1)
    hits = await ground.gun.fire(
        [ground.shot(f"saver{number}", "POST", f"/prizes/{prize}/claims") for number in range(people)]
    )
    told = ground.tell(hits, 201, 409, what="the last prize")
    codes = {hit.code for hit in hits if hit.status == 409}
    _check_books(ground, prize, 1, f"the last prize, {told}")
    ground.check(codes == {"prizes.gone"}, f"the last prize: refused with {codes}")
    ground.outcome.count("claims of a last prize", people)
    await _refuse(ground, [hit.json()["id"] for hit in hits if hit.status == 201])
    _check_books(ground, prize, 0, "the last prize, refused")


async def spend_once(ground: Ground, claims: int) -> None:
    """One claims many pieces with the points for one."""
    prize = await _offer(ground, stock=claims)
    hits = await ground.gun.fire([ground.shot("saver0", "POST", f"/prizes/{prize}/claims")] * claims)
    told = ground.tell(hits, 201, 409, what="the last points")
    codes = {hit.code for hit in hits if hit.status == 409}
    _check_books(ground, prize, 1, f"the last points, {told}")
    ground.check(codes == {"rewards.balance-too-small"}, f"the last points: refused with {codes}")
    ground.outcome.count("claims with points for one", claims)
    await _refuse(ground, [hit.json()["id"] for hit in hits if hit.status == 201])


async def decide(ground: Ground) -> None:
    """A claim is withdrawn, refused and agreed to at once: it ends once, and gives back once or not at all."""
    prize = await _offer(ground, stock=1)
    award = (await ground.do("saver1", "POST", f"/prizes/{prize}/claims"))["id"]
    at, no = f"/awards/{award}", {"text": "Not this time."}
    shots = [ground.shot("saver1", "POST", f"{at}/withdrawal")] * 2
    for who in ("shopkeeper", "second", "third"):
        shots += [ground.shot(who, "POST", f"{at}/refusal", no), ground.shot(who, "POST", f"{at}/approvals")]
    ground.random.shuffle(shots)
    hits = await ground.gun.fire(shots)
    ground.tell(hits, 200, 201, 204, 403, 409, what="deciding on a claim")
    state = ground.books.ask(_STATE, award=award)[0][0]
    ground.check(state in ("granted", "refused", "withdrawn"), f"a claim that was decided on is {state}")
    _check_books(ground, prize, int(state == "granted"), f"a claim that is {state}")
    ground.outcome.count("decisions on claims at once", len(shots))
    if state == "granted":
        await ground.submit("saver1", "Racing")
        await ground.drain()


async def _offer(ground: Ground, *, stock: int) -> str:
    body: dict[str, Any] = {"name": "A prize to race for", "way": "points", "cost": _COST, "stock": stock}
    return str((await ground.do("shopkeeper", "POST", "/prizes", body))["id"])


async def _refuse(ground: Ground, awards: list[str]) -> None:
    """Refuse awards, each by many at once: one says no, and the points come back once."""
    for award in awards:
        no = ground.shot("second", "POST", f"/awards/{award}/refusal", {"text": "Not this time."})
        hits = await ground.gun.fire([no] * 5)
        ground.tell(hits, 200, 201, 204, 409, what="refusing a claim")
        ground.check(sum(hit.status < 400 for hit in hits) == 1, "a claim was refused more than once")


def _check_books(ground: Ground, prize: str, standing: int, what: str) -> None:
    """Check that so many pieces are taken, and their points and no others spent."""
    stand, spent = ground.books.count(_STANDING, prize=prize), ground.books.count(_SPENT, prize=prize)
    fits = (stand, spent) == (standing, standing * _COST)
    ground.check(fits, f"{what}: {stand} pieces are taken and {spent} points spent, not {standing}")
