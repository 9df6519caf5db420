"""Races for votes: one person many times, many people at once, back and forth, and against what closes the voting."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.chaos import races_planted
from tests.chaos.installation import Installation
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.starting_gun import Gun
from tests.chaos.trials import Outcome

_STANDING = "SELECT count(*) FROM votes WHERE idea_id = :idea AND withdrawn_at IS NULL"
_ROWS = "SELECT count(*) FROM votes WHERE idea_id = :idea"
_BOTH = (
    "SELECT t.votes, (SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id AND v.withdrawn_at IS NULL)"
    " FROM tallies t WHERE t.idea_id = :idea"
)
_ON_OWN = (
    "SELECT count(*) FROM votes v JOIN authorships a ON a.idea_id = v.idea_id AND a.employee_id = v.voter_id"
    " WHERE v.withdrawn_at IS NULL AND a.state = 'accepted'"
)
_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class Size:
    """How much is raced: ideas of each kind, requests of one person at once, people and turns of the storm."""

    planted: int = 50
    ideas: int = 50
    shots: int = 100
    people: int = 50
    turns: int = 40
    closings: int = 100


async def run(installation: Installation, seed: int) -> Outcome:
    """Catch the planted race, then run every race for votes."""
    outcome, size = Outcome(), Size()
    await races_planted.measure(installation, outcome, rounds=size.planted, shots=20)
    async with prepare(installation, outcome, seed, list_racers(size)) as ground:
        await race(ground, size)
    return outcome


async def race(ground: Ground, size: Size) -> None:
    """Run every race for votes."""
    await vote_often(ground, size.ideas, size.shots)
    await vote_together(ground, size.people)
    await toggle(ground, size.people, size.turns)
    await vote_against(ground, "declined", size.closings, size.people)
    await vote_against(ground, "withdrawn", size.closings, size.people)
    await vote_against(ground, "merged", size.closings, size.people)
    await join_and_vote(ground, size.closings)
    await ground.drain()
    _check_points(ground)


def list_racers(size: Size) -> list[Racer]:
    """Return who takes part."""
    return [
        Racer("author"),
        Racer("holder", "Racers/One", functions="Racing"),
        Racer("second", "Racers/Two", functions="Racing"),
        *(Racer(f"voter{number}") for number in range(size.people)),
    ]


async def vote_often(ground: Ground, ideas: int, shots: int) -> None:
    """One person votes with many requests at once: one row, the counter moves once, every answer says the same."""
    for _ in range(ideas):
        idea = (await ground.submit("author", "Racing"))["id"]
        hits = await ground.gun.fire([ground.shot("voter0", "PUT", f"/ideas/{idea}/vote")] * shots)
        ground.tell(hits, 200, what="one person's votes")
        said = {hit.body for hit in hits if hit.status == 200}
        ground.check(said == {b'{"votes":1,"voted":true}'}, f"one person's votes were answered {said}")
        rows, counter = ground.books.count(_ROWS, idea=idea), ground.books.ask(_BOTH, idea=idea)[0]
        ground.check(rows == 1 and counter == (1, 1), f"one person's votes left {rows} rows, {counter}")
        ground.outcome.count("votes of one person", shots)


async def vote_together(ground: Ground, people: int) -> None:
    """Everybody votes for one idea at once: nobody is told fewer votes than stood with theirs, the last all."""
    idea = (await ground.submit("author", "Racing"))["id"]
    path = f"/ideas/{idea}/vote"
    hits = await ground.gun.fire([ground.shot(f"voter{number}", "PUT", path) for number in range(people)])
    ground.tell(hits, 200, what="votes of many")
    numbers = sorted(hit.json()["votes"] for hit in hits if hit.status == 200)
    fits = all(told >= place for place, told in enumerate(numbers, 1)) and numbers[-1:] == [people]
    ground.check(fits, f"{people} voters at once were told {numbers}")
    ground.check(ground.books.ask(_BOTH, idea=idea) == [(people, people)], "votes of many were lost")
    ground.outcome.count("votes of different people at once", people)


async def toggle(ground: Ground, people: int, turns: int) -> None:
    """Everybody votes and takes it back in turn: what stands is each one's last word, and counters equal rows."""
    idea = (await ground.submit("author", "Racing"))["id"]
    path = f"/ideas/{idea}/vote"
    last: dict[int, bool] = {}

    async def go_to_and_fro(number: int, gun: Gun) -> None:
        for _ in range(turns):
            wish = ground.random.random() < 0.5
            hit = await gun.ask(ground.shot(f"voter{number}", "PUT" if wish else "DELETE", path))
            ground.tell([hit], 200, what="to and fro")
            answer = hit.json()
            fits = answer["voted"] is wish and 0 <= answer["votes"] <= people
            ground.check(fits, f"to and fro: wished {wish}, told {answer}")
            last[number] = wish

    guns = [Gun(*ground.gun.addresses[number % ground.spread :]) for number in range(people)]
    running = asyncio.gather(*(go_to_and_fro(number, gun) for number, gun in enumerate(guns)))
    while not running.done():
        votes, rows = ground.books.ask(_BOTH, idea=idea)[0]
        ground.check(votes == rows, f"to and fro: the counter says {votes}, there are {rows} rows")
        ground.outcome.count("looks at counter and rows meanwhile")
        await asyncio.sleep(_BETWEEN_LOOKS)
    await running
    for gun in guns:
        await gun.close()
    ground.outcome.count("votes to and fro", people * turns)
    stand = ground.books.count(_STANDING, idea=idea)
    ground.check(stand == sum(last.values()), f"to and fro: {stand} stand of {sum(last.values())}")


async def vote_against(ground: Ground, end: str, rounds: int, people: int) -> None:
    """People vote while the idea is closed: no vote is taken after the first answer that shows it closed."""
    for number in range(rounds):
        submitted = await ground.submit("author", "Racing")
        idea = submitted["id"]
        body = {"action": "decline", "reason_code": "cost", "text": "It costs far more than it brings in."}
        closing = ground.shot(submitted["holder"]["name"], "POST", f"/ideas/{idea}/decisions", body)
        if end == "withdrawn":
            closing = ground.shot("author", "POST", f"/ideas/{idea}/withdrawal")
        if end == "merged":
            other = (await ground.submit("author", "Racing"))["id"]
            closing = ground.shot("holder", "POST", f"/ideas/{idea}/merger", {"into": other})
        voters = [f"voter{(number * 7 + step) % people}" for step in range(8)]
        votes = [ground.shot(voter, "PUT", f"/ideas/{idea}/vote") for voter in voters]
        place = ground.random.randrange(len(votes) + 1)
        shots = [*votes[:place], closing, *votes[place:]]
        racing = asyncio.ensure_future(ground.gun.fire(shots))
        frozen = await _watch(ground, idea, racing)
        hits = await racing
        closed = hits.pop(place)
        ground.tell([closed], 201, what=f"vote against {end}: the act")
        ground.tell(hits, 200, 409, what=f"vote against {end}")
        taken = sum(hit.status == 200 for hit in hits)
        votes_now, rows = ground.books.ask(_BOTH, idea=idea)[0]
        ground.check(votes_now == rows == taken, f"{taken} votes taken, {rows} rows, counter {votes_now}")
        ground.outcome.count(f"of {rounds} ideas voted on when {end}", 0 < taken < len(hits))
        late = frozen is not None and frozen != votes_now
        ground.outcome.count(f"ideas that took a vote after they were seen {end}", late)
        ground.check(not late, f"an idea that was {end} had {frozen} votes, then {votes_now}")


async def _watch(ground: Ground, idea: str, racing: asyncio.Future[Any]) -> int | None:
    """Return the votes that the idea had when it was first seen closed."""
    look = "SELECT i.stage, t.votes FROM ideas i JOIN tallies t ON t.idea_id = i.id WHERE i.id = :idea"
    while not racing.done():
        stage, votes = ground.books.ask(look, idea=idea)[0]
        if stage != "submitted":
            return int(votes)
        await asyncio.sleep(0)
    return None


async def join_and_vote(ground: Ground, rounds: int) -> None:
    """Somebody votes and becomes an author at once: nobody has a vote on their own idea."""
    for _ in range(rounds):
        idea = (await ground.submit("author", "Racing"))["id"]
        invited = {"employee": ground.people["voter1"]}
        await ground.do("author", "POST", f"/ideas/{idea}/authors", invited)
        join = ground.shot("voter1", "PUT", f"/ideas/{idea}/authors/me", {"answer": "accept"})
        vote = ground.shot("voter1", "PUT", f"/ideas/{idea}/vote")
        shots = [join, vote] if ground.random.random() < 0.5 else [vote, join]
        hits = await ground.gun.fire(shots)
        ground.tell(hits, 200, 204, 403, what="a vote while joining")
        ground.outcome.count("votes while joining as an author")
    own = ground.books.count(_ON_OWN)
    ground.check(not own, f"{own} votes stand on the voter's own idea")


def _check_points(ground: Ground) -> None:
    """Every vote is paid once at most, three a day, and only while it stands."""
    double = ground.books.ask(
        "SELECT rule, subject, employee_id, sum(points) FROM point_entries WHERE rule = 'vote'"
        " GROUP BY rule, subject, employee_id HAVING sum(points) NOT IN (0, 1)"
    )
    ground.check(not double, f"paid more than once: {double[:5]}")
    over = ground.books.ask(
        "SELECT employee_id, day, sum(points) FROM point_entries WHERE rule = 'vote'"
        " GROUP BY employee_id, day HAVING sum(points) > 3"
    )
    ground.check(not over, f"more than three votes a day were paid: {over[:5]}")
    fallen = ground.books.ask(
        "SELECT p.subject, p.employee_id FROM point_entries p LEFT JOIN votes v ON v.idea_id = p.subject"
        " AND v.voter_id = p.employee_id AND v.withdrawn_at IS NULL WHERE p.rule = 'vote' AND v.id IS NULL"
        " GROUP BY p.subject, p.employee_id HAVING sum(p.points) <> 0"
    )
    ground.check(not fallen, f"votes that were taken back are still paid: {fallen[:5]}")
