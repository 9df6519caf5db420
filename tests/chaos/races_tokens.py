"""Races for tokens: one person votes for more ideas at once than there are tokens, and takes votes back meanwhile."""

from dataclasses import dataclass

from tests.chaos.installation import Installation
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.races_people import announce
from tests.chaos.trials import Outcome

_STANDING = (
    "SELECT count(*) FROM votes v JOIN ideas i ON i.id = v.idea_id JOIN employees e ON e.id = v.voter_id"
    " WHERE v.withdrawn_at IS NULL AND i.campaign_id = :campaign AND e.email = 'spender@racers.example'"
)
_UNLIKE = (
    "SELECT count(*) FROM tallies t WHERE t.campaign_id = :campaign AND t.votes <> CASE t.counting WHEN 'sealed' THEN 0"
    " ELSE (SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id AND v.withdrawn_at IS NULL) END"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is raced: campaigns, ideas in each, tokens of each person."""

    campaigns: int = 2
    ideas: int = 200
    tokens: int = 10


RACERS = [
    Racer("author"),
    Racer("holder", "Racers/One", functions="Racing"),
    Racer("chooser", "Racers/Two", roles="innovation_manager"),
    Racer("spender"),
]


async def run(installation: Installation, seed: int) -> Outcome:
    """Run every race for tokens."""
    outcome, size = Outcome(), Size()
    challenges = await announce(installation, size.campaigns)
    async with prepare(installation, outcome, seed, RACERS) as ground:
        await race(ground, size, challenges)
    return outcome


async def race(ground: Ground, size: Size, challenges: list[str]) -> None:
    """Run every race for tokens; `challenges` are campaigns without ideas, the votes of every other one are hidden."""
    for number, campaign in enumerate(challenges[: size.campaigns]):
        rule = {"tokens": size.tokens, "hidden": number % 2 == 1}
        await ground.do("chooser", "PUT", f"/campaigns/{campaign}/voting", rule)
        ideas = [
            (await ground.submit("author", "Racing", campaign=campaign))["id"] for _ in range(size.ideas)
        ]
        await spend(ground, size, campaign, ideas)
        await change_minds(ground, size, campaign, ideas)
        unlike = ground.books.count(_UNLIKE, campaign=campaign)
        ground.check(not unlike, f"tokens: {unlike} counters differ from their votes")


async def spend(ground: Ground, size: Size, campaign: str, ideas: list[str]) -> None:
    """Vote for everything at once: as many votes stand as there are tokens, all others are told why not."""
    hits = await ground.gun.fire([ground.shot("spender", "PUT", f"/ideas/{idea}/vote") for idea in ideas])
    told = ground.tell(hits, 200, 409, what="tokens")
    codes = {hit.code for hit in hits if hit.status == 409}
    taken, stand = told.get(200, 0), ground.books.count(_STANDING, campaign=campaign)
    ground.check(taken == stand == size.tokens, f"{size.tokens} tokens: {taken} votes taken, {stand} stand")
    ground.check(codes == {"votes.no-token-left"}, f"tokens: refused with {codes}")
    ground.outcome.count("votes for tokens at once", len(ideas))


async def change_minds(ground: Ground, size: Size, campaign: str, ideas: list[str]) -> None:
    """Take votes back while voting for everything else: what stands is what was taken, and never more than tokens."""
    voted = [
        idea for (idea,) in ground.books.ask(_STANDING.replace("count(*)", "v.idea_id"), campaign=campaign)
    ]
    back = voted[: size.tokens // 2]
    shots = [ground.shot("spender", "DELETE", f"/ideas/{idea}/vote") for idea in back]
    shots += [ground.shot("spender", "PUT", f"/ideas/{idea}/vote") for idea in ideas if idea not in voted]
    ground.random.shuffle(shots)
    hits = await ground.gun.fire(shots)
    ground.tell(hits, 200, 409, what="tokens to and fro")
    taken = sum(hit.status == 200 and hit.json()["voted"] for hit in hits)
    stand, wanted = ground.books.count(_STANDING, campaign=campaign), len(voted) - len(back) + taken
    ground.check(stand == wanted <= size.tokens, f"tokens to and fro: {stand} votes stand, not {wanted}")
    ground.outcome.count("votes while others are taken back", len(shots))
