"""Races for what is valid once: versions, idempotency keys, refresh tokens, one-time links."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.chaos.installation import Installation
from tests.chaos.races_ground import Ground, Racer, prepare
from tests.chaos.starting_gun import Hit, Shot
from tests.chaos.trials import Outcome

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_REVOKED_WITHIN = 1.0
_TOO_BUSY = "passwords.too-busy"
"""The answer to who sets a password while many do: it changes nothing, and is asked again."""

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Size:
    """How often each race is run, and by how many requests at once."""

    edits: int = 10
    edit_shots: int = 50
    keys: int = 20
    key_shots: int = 20
    families: int = 10
    refreshes: int = 50
    links: int = 5
    redemptions: int = 20
    drafts: int = 20


async def run(installation: Installation, seed: int) -> Outcome:
    """Run every race for what is valid once."""
    outcome, size = Outcome(), Size()
    async with prepare(installation, outcome, seed, list_racers(size)) as ground:
        await race(ground, size)
    return outcome


async def race(ground: Ground, size: Size) -> None:
    """Run every race for what is valid once."""
    await edit(ground, size.edits, size.edit_shots)
    await end_draft(ground, size.drafts)
    for round_ in range(size.keys):
        await repeat_keys(ground, round_, size.key_shots)
    for number in range(size.links):
        await redeem(ground, f"guest{number}", size.redemptions)
    for number in range(size.families):
        await refresh(ground, f"guest{number % size.links}", size.refreshes)


def list_racers(size: Size) -> list[Racer]:
    """Return who takes part."""
    return [
        Racer("author"),
        Racer("holder", "Racers/One", functions="Racing"),
        Racer("second", "Racers/Two", functions="Racing"),
        Racer("keeper", "Racers/Three", roles="admin"),
        *(Racer(f"guest{number}") for number in range(size.links)),
    ]


async def edit(ground: Ground, rounds: int, shots: int) -> None:
    """Many edits on one version: one is taken, and it is what stands."""
    for _ in range(rounds):
        at = f"/ideas/{(await ground.submit('author', 'Racing'))['id']}"
        hits = await ground.gun.fire(
            [
                ground.shot("author", "PATCH", at, {"title": f"Title {number}"}, If_Match='"1"')
                for number in range(shots)
            ]
        )
        found = ground.tell(hits, 200, 412, what="edits on one version")
        shown = await ground.do("author", "GET", at)
        won = [number for number, hit in enumerate(hits) if hit.status == 200]
        fits = [shown["title"]] == [f"Title {number}" for number in won] and shown["version"] == 2
        ground.check(fits, f"edits on one version: {found}, then {shown['title']} {shown['version']}")
        ground.outcome.count("edits on one version", shots)


async def end_draft(ground: Ground, rounds: int) -> None:
    """A draft is deleted, edited and submitted at once: it is either gone or submitted."""
    for _ in range(rounds):
        at = f"/ideas/{(await ground.submit('author', 'Racing', draft=True))['id']}"
        shots = [
            ground.shot("author", "DELETE", at, If_Match='"1"'),
            ground.shot("author", "POST", f"{at}/submission"),
            ground.shot("author", "POST", f"{at}/submission"),
            ground.shot("author", "PATCH", at, {"title": "Another"}, If_Match='"1"'),
        ]
        deleted, first, second, edited = await ground.gun.fire(shots)
        ground.tell([first, second], 201, 404, 409, what="submitting a draft that is deleted")
        ground.tell([deleted], 204, 409, 412, what="deleting a draft that is submitted")
        ground.tell([edited], 200, 404, 412, what="editing a draft that is deleted")
        submitted = [first.status, second.status].count(201)
        fits = submitted + (deleted.status == 204) in ((1,) if edited.status != 200 else (0, 1))
        ground.check(fits, f"a draft was deleted {deleted.status}, submitted {submitted} times")
        shown = await ground.gun.ask(ground.shot("author", "GET", at))
        wanted = 404 if deleted.status == 204 else 200
        ground.check(shown.status == wanted, f"a draft deleted with {deleted.status} reads {shown.status}")
        ground.outcome.count("drafts deleted, edited and submitted at once")


async def repeat_keys(ground: Ground, round_: int, shots: int) -> None:
    """One key with many requests at once: one effect; the others get its answer, or hear that it still runs."""
    idea = await ground.submit("author", "Racing")
    at = f"/ideas/{idea['id']}"
    body = {"title": f"Keyed {round_}", "problem": "Slow.", "solution": "Run.", "theme": ground.theme}
    said = {"body": f"Keyed {round_}"}
    acknowledge = {"action": "acknowledge"}
    key = f"round-{round_}"
    await _repeat(ground, ("author", "POST", "/ideas", body), f"{key}-idea", shots)
    await _repeat(ground, ("second", "POST", f"{at}/comments", said), f"{key}-comment", shots)
    holder = idea["holder"]["name"]
    await _repeat(ground, (holder, "POST", f"{at}/decisions", acknowledge), f"{key}-decision", shots)
    ideas = ground.books.count("SELECT count(*) FROM ideas WHERE title = :title", title=body["title"])
    comments = ground.books.count("SELECT count(*) FROM comments WHERE idea_id = :idea", idea=idea["id"])
    acts = ground.books.count("SELECT count(*) FROM itinerary_entries WHERE idea_id = :idea", idea=idea["id"])
    counts = (ideas, comments, acts)
    ground.check(counts == (1, 1, 2), f"one key each: {counts} ideas, comments, steps instead of (1, 1, 2)")


async def _repeat(ground: Ground, request: tuple[str, str, str, Any], key: str, shots: int) -> None:
    who, method, path, body = request
    shot = ground.shot(who, method, path, body, Idempotency_Key=key)
    hits = await ground.gun.fire([shot] * shots)
    found = ground.tell(hits, 201, 409, what=f"the key {key}")
    codes = {hit.code for hit in hits if hit.status == 409} - {"idempotency.still-running"}
    ground.check(not codes, f"the key {key} was refused with {codes}")
    hits.append(await ground.gun.ask(shot))
    answers = {(hit.body, hit.headers.get("etag")) for hit in hits if hit.status == 201}
    fits = len(answers) == 1 and hits[-1].status == 201 and 201 in found
    ground.check(fits, f"the key {key} was answered in {len(answers)} ways, at last {hits[-1].status}")
    other = await ground.gun.ask(
        ground.shot(who, method, path, {**body, "text": "Other."}, Idempotency_Key=key)
    )
    ground.tell([other], 422, what=f"the key {key} with another body")
    ground.outcome.count("requests with a key that others carry as well", shots)


async def redeem(ground: Ground, guest: str, shots: int) -> None:
    """One link is redeemed by many at once: one of the passwords is set, and only that one opens."""
    path = f"/employees/{ground.people[guest]}/links"
    link = (await ground.do("keeper", "POST", path, {}))["link"].partition("#")[2]
    words = [f"seven geese, {number} ponds and a windmill" for number in range(shots)]
    shots_fired = [Shot("POST", "/auth/password", body={"link": link, "password": word}) for word in words]
    hits = await ground.gun.fire(shots_fired)
    for _ in range(_ATTEMPTS):
        if any(hit.code != _TOO_BUSY for hit in hits):
            break
        hits = await ground.gun.fire(shots_fired)
    ground.tell([hit for hit in hits if hit.code != _TOO_BUSY], 204, 422, what="redemptions of one link")
    codes = {hit.code for hit in hits if hit.status == 422}
    ground.check(codes <= {"links.not-valid"}, f"redemptions of one link were refused with {codes}")
    won = [word for word, hit in zip(words, hits, strict=True) if hit.status == 204]
    ground.check(len(won) == 1, f"one link was redeemed {len(won)} times")
    late = Shot("POST", "/auth/password", body={"link": link, "password": "an afterthought of mine"})
    ground.tell([await ground.gun.ask(late)], 422, what="a used link")
    others = [word for word in words if word not in won]
    for word in [*won[:1], *others[:1]]:
        hit = await _sign_in(ground, guest, word)
        ground.tell([hit], 200 if word in won else 401, what="a password set by one link")
    ground.passwords[guest] = [*won, ""][0]
    ground.outcome.count("redemptions of links at once", shots)


async def refresh(ground: Ground, guest: str, shots: int) -> None:
    """Many refreshes of one token: one chain goes on; a token used earlier ends it, also for who is honest."""
    tokens = (await _sign_in(ground, guest, ground.passwords[guest])).json()
    chain = [tokens["refresh_token"]]
    for _ in range(3):
        hits = await ground.gun.fire([_refresh(chain[-1])] * shots)
        ground.tell(hits, 200, what="refreshes of one token")
        descendants = {hit.json()["refresh_token"] for hit in hits if hit.status == 200}
        ground.check(len(descendants) == 1, f"one refresh token has {len(descendants)} descendants")
        chain += sorted(descendants)[:1]
        ground.outcome.count("refreshes of one token at once", shots)
    shots_fired = [_refresh(chain[0])] * 5 + [_refresh(chain[-1])] * 5
    ground.random.shuffle(shots_fired)
    hits = await ground.gun.fire(shots_fired)
    ground.tell(hits, 200, 401, what="a stolen token beside the honest one")
    fresh = {hit.json()["refresh_token"] for hit in hits if hit.status == 200}
    ends = await ground.gun.fire([_refresh(token) for token in [*chain, *fresh]])
    ground.tell(ends, 401, what="a family whose token was used twice")
    await asyncio.sleep(_REVOKED_WITHIN)
    reads = await ground.gun.fire([Shot("GET", "/me", tokens["access_token"])] * 2)
    ground.tell(reads, 401, what="an access token a second after its session ended")
    ground.outcome.count("families ended by a token used twice")


def _refresh(token: str) -> Shot:
    return Shot("POST", "/auth/refresh", body={"refresh_token": token})


async def _sign_in(ground: Ground, guest: str, password: str) -> Hit:
    form = urlencode({"username": f"{guest}@racers.example", "password": password}).encode()
    hit = Hit(0)
    for _ in range(_ATTEMPTS):
        hit = await ground.gun.ask(Shot("POST", "/auth/token", body=form, headers=_FORM))
        if hit.code != _TOO_BUSY:
            break
    return hit
