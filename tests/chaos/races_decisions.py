"""Races for decisions: several acts on one idea at once; what is taken must be a way through the table of moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.installation import Installation
from tests.chaos.model import is_path
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.starting_gun import Hit, Shot
from tests.chaos.trials import Outcome

DECLINE = {"reason_code": "cost", "text": "It costs far more than it brings in."}
RACERS = (
    Racer("author"),
    Racer("one", "Racers/One", functions="Racing"),
    Racer("two", "Racers/Two", functions="Racing"),
    Racer("chair", "Racers/Three", roles="innovation_manager"),
    Racer("other", "Racers/Four", roles="innovation_manager"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How often each race is run."""

    reviews: int = 200
    committees: int = 200
    comments: int = 50
    moves_twice: int = 50


async def run(installation: Installation, seed: int) -> Outcome:
    """Run every race for decisions."""
    outcome = Outcome()
    async with prepare(installation, outcome, seed, RACERS) as ground:
        await race(ground, Size())
    return outcome


async def race(ground: Ground, size: Size) -> None:
    """Run every race for decisions."""
    await review(ground, size.reviews)
    await sit(ground, size.committees)
    await decide_twice(ground, size.moves_twice)
    await comment_on_decline(ground, size.comments)
    await merge_both_ways(ground, size.moves_twice)
    await ground.drain()
    _check_stages_paid_once(ground)


async def review(ground: Ground, rounds: int) -> None:
    """The holder acknowledges and declines while the author withdraws."""
    for _ in range(rounds):
        idea = await ground.submit("author", "Racing")
        holder, at = idea["holder"]["name"], f"/ideas/{idea['id']}"
        shots = {
            "acknowledge": ground.shot(holder, "POST", f"{at}/decisions", {"action": "acknowledge"}),
            "decline": ground.shot(holder, "POST", f"{at}/decisions", {"action": "decline", **DECLINE}),
            "withdraw": ground.shot("author", "POST", f"{at}/withdrawal"),
        }
        await _race(ground, idea["id"], shots, "reviews")


async def sit(ground: Ground, rounds: int) -> None:
    """Two of the committee select and decline, while the author withdraws and a third act holds."""
    criteria = (await ground.do("chair", "GET", "/scorecard-criteria"))["items"]
    card = {"scores": {one["id"]: 4 for one in criteria}, "text": "Worth it."}
    for number in range(rounds):
        idea = await ground.submit("author", "Racing")
        at = f"/ideas/{idea['id']}"
        await _recommend(ground, idea)
        await ground.do("chair", "PUT", f"{at}/scorecard", card)
        shots = {
            "select": ground.shot("chair", "POST", f"{at}/transitions", {"to": "selected"}),
            "decline": ground.shot("other", "POST", f"{at}/transitions", {"to": "declined", **DECLINE}),
        }
        if number % 2:
            shots["withdraw"] = ground.shot("author", "POST", f"{at}/withdrawal")
            hold = {"to": "on_hold", "text": "Wait for the budget.", "wake_on": "2030-01-01"}
            shots["hold"] = ground.shot("other", "POST", f"{at}/transitions", hold)
        await _race(ground, idea["id"], shots, "committees")


async def decide_twice(ground: Ground, rounds: int) -> None:
    """The holder sends one decision eight times at once, without a key: it is made once."""
    for _ in range(rounds):
        idea = await ground.submit("author", "Racing")
        path = f"/ideas/{idea['id']}/decisions"
        shot = ground.shot(idea["holder"]["name"], "POST", path, {"action": "acknowledge"})
        hits = await ground.gun.fire([shot] * 8)
        found = ground.tell(hits, 201, 409, what="one decision eight times")
        ground.check(found.get(201) == 1, f"one decision eight times was taken {found.get(201)} times")
        await _check_itinerary(ground, idea["id"], ["acknowledge"])
        ground.outcome.count("decisions sent eight times")


async def comment_on_decline(ground: Ground, rounds: int) -> None:
    """People comment while the idea is declined: comments are taken before and after, all of them."""
    for _ in range(rounds):
        idea = await ground.submit("author", "Racing")
        at = f"/ideas/{idea['id']}"
        say = [
            ground.shot(who, "POST", f"{at}/comments", {"body": f"{who} says"}) for who in _list_some(ground)
        ]
        decline = {"action": "decline", **DECLINE}
        say.insert(2, ground.shot(idea["holder"]["name"], "POST", f"{at}/decisions", decline))
        hits = await ground.gun.fire(say)
        ground.tell(hits, 201, what="comments and a decline")
        shown = await ground.do("chair", "GET", at)
        listed = await ground.do("chair", "GET", f"{at}/comments?limit=100")
        counts = (shown["stage"], shown["comments"], len(listed["items"]))
        wanted = ("declined", len(say) - 1, len(say) - 1)
        ground.check(counts == wanted, f"comments and a decline: {counts} instead of {wanted}")
        ground.outcome.count("comments at the moment of a decline", len(say) - 1)


def _list_some(ground: Ground) -> list[str]:
    return [racer.name for racer in RACERS if racer.name in ground.people]


async def merge_both_ways(ground: Ground, rounds: int) -> None:
    """Two ideas are merged into each other at once: one of them stays open."""
    for _ in range(rounds):
        ideas = [(await ground.submit("author", "Racing"))["id"] for _ in range(2)]
        pairs = [ideas, ideas[::-1]]
        hits = await ground.gun.fire(
            [
                ground.shot(who, "POST", f"/ideas/{source}/merger", {"into": target})
                for who, (source, target) in zip(("one", "chair"), pairs, strict=True)
            ]
        )
        found = ground.tell(hits, 201, 409, 422, what="mergers both ways")
        shown = [await ground.do("author", "GET", f"/ideas/{idea}") for idea in ideas]
        stages = sorted(idea["stage"] for idea in shown)
        fits = found.get(201) == 1 and stages == ["merged", "submitted"]
        ground.check(fits, f"mergers both ways: {found} left {stages}")
        ground.outcome.count("mergers both ways")


async def _recommend(ground: Ground, idea: Any) -> None:
    path = f"/ideas/{idea['id']}/decisions"
    holder = idea["holder"]["name"]
    await ground.do(holder, "POST", path, {"action": "acknowledge"})
    await ground.do(holder, "POST", path, {"action": "recommend", "text": "Good."})


async def _race(ground: Ground, idea_id: str, shots: dict[str, Shot], what: str) -> None:
    """Fire acts in a random order; those that were taken are the itinerary, and the itinerary is a legal way."""
    acts = list(shots)
    ground.random.shuffle(acts)
    hits = await ground.gun.fire([shots[act] for act in acts])
    ground.tell(hits, 201, 409, what=f"{what}: {acts}")
    taken = [act for act, hit in zip(acts, hits, strict=True) if hit.status == 201]
    ground.outcome.count(f"{what} decided at once by {len(acts)}")
    ground.outcome.count(f"{what} where several legal acts were taken", len(taken) > 1)
    ground.check(bool(taken), f"{what}: {acts} were all refused")
    await _check_itinerary(ground, idea_id, taken, _list_stages(acts, hits))


def _list_stages(acts: Sequence[str], hits: Sequence[Hit]) -> dict[str, str]:
    return {act: hit.json()["stage"] for act, hit in zip(acts, hits, strict=True) if hit.status == 201}


async def _check_itinerary(
    ground: Ground, idea_id: str, taken: Sequence[str], stages: dict[str, str] | None = None
) -> None:
    """Check that the itinerary has exactly the acts that were taken, in a legal order, as each was answered."""
    at = f"/ideas/{idea_id}"
    rows = (await ground.do("author", "GET", f"{at}/itinerary"))["items"]
    steps = [(row["act"], row["from_stage"], row["to_stage"]) for row in rows]
    earlier = len(steps) - len(taken)
    ground.check(is_path(steps), f"no way through the table: {steps}")
    same = sorted(act for act, _, _ in steps[earlier:]) == sorted(taken)
    ground.check(same, f"{sorted(taken)} were taken, the itinerary has {steps}")
    for act, _, stage in steps[earlier:]:
        told = (stages or {}).get(act, stage)
        ground.check(told == stage, f"{act} was answered {told}, the itinerary says {stage}")
    shown = await ground.do("author", "GET", at)
    ground.check(shown["stage"] == steps[-1][2], f"the idea is {shown['stage']} after {steps}")
    verdict = await ground.do("author", "GET", f"{at}/itinerary/verification")
    ground.check(verdict["valid"] and verdict["rows"] == len(steps), f"the chain is broken: {verdict}")


def _check_stages_paid_once(ground: Ground) -> None:
    """Every stage that was reached is paid once, every submission that was not withdrawn as well."""
    # Summed over the authors, who share an award.
    wrong = ground.books.ask(
        "SELECT rule, subject, sum(points) FROM point_entries WHERE rule IN ('submitted', 'recommended', 'selected')"
        " GROUP BY rule, subject HAVING sum(points) NOT IN (0, 10, 20, 100)"
    )
    ground.check(not wrong, f"paid more than once: {wrong[:5]}")
    unpaid = ground.books.ask(
        "SELECT i.id, i.stage, coalesce(sum(p.points), 0) FROM ideas i JOIN authorships a ON a.idea_id = i.id"
        " LEFT JOIN point_entries p ON p.subject = i.id AND p.rule = 'submitted' WHERE a.employee_id = :author"
        " GROUP BY i.id, i.stage HAVING coalesce(sum(p.points), 0)"
        " <> CASE WHEN i.stage = 'withdrawn' THEN 0 ELSE 10 END",
        author=ground.people["author"],
    )
    ground.check(not unpaid, f"submissions are not paid as they stand: {unpaid[:5]}")
