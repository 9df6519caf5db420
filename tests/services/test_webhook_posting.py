"""Webhooks tell each event once to each who listens, what the owner may read then, whatever fails on the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.security.safes import open_safe
from app.domain.roles import Role
from app.domain.webhooks import CATALOGUE, CLAIM, GATHERED, MOST, PAUSES
from app.integrations.posts import Refused, Unreachable
from app.jobs.drain import drain
from app.models.events import Event
from app.models.roles import RoleGrant
from app.models.webhooks import Webhook, WebhookDelivery
from app.services import campaigns, retention, webhook_attempts, webhook_posting
from app.services.outlets import CROWDED, EACH, PARALLEL, Outlet
from tests.services.test_notifications import submit
from tests.support import world
from tests.support.client import Client
from tests.support.receivers import Answered, Receivers
from tests.support.world import Cast

Speak = Callable[[str], Client]

URL = "https://hooks.example/ideas"
OTHER = "https://slow.example/ideas"


@pytest.fixture
def outside() -> Receivers:
    return Receivers()


@pytest.fixture
async def outlet(settings: Settings, outside: Receivers) -> AsyncIterator[Outlet]:
    made = Outlet(outside, open_safe(settings), "https://ideas.example", luck=lambda: 0.5, watch=lambda: 0.0)
    yield made
    await made.close()


class Run:
    """Works events off and sends what is due, so long after the present."""

    def __init__(self, database: Database, outlet: Outlet, outside: Receivers) -> None:
        self.database, self.outlet, self.outside = database, outlet, outside
        self.begin = clock.now()

    async def __call__(self, after: timedelta = timedelta(seconds=30)) -> int:
        now = self.outside.now = self.begin + after
        while await drain(self.database, now=now):
            pass
        handled = 0
        while step := await webhook_posting.send_due(self.database, self.outlet, now=now):
            handled += step
        return handled


@pytest.fixture
def run(database: Database, outlet: Outlet, outside: Receivers) -> Run:
    return Run(database, outlet, outside)


class Listen:
    """Adds webhooks, whose receivers then know the secret."""

    def __init__(self, speak: Speak, outside: Receivers) -> None:
        self.speak, self.outside = speak, outside

    async def __call__(self, name: str = "Ian", url: str = URL, kinds: Any = None) -> str:
        body = {"url": url, "kinds": kinds or list(CATALOGUE)}
        made = await self.speak(name).post("/webhooks", body)
        self.outside.secrets[url] = made["secret"]
        return f"/webhooks/{made['id']}"


@pytest.fixture
def listen(speak: Speak, outside: Receivers) -> Listen:
    return Listen(speak, outside)


async def read_log(speak: Speak, path: str, name: str = "Ian") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await speak(name).get(f"{path}/deliveries?limit=100"))["items"]
    return items


def list_types(outside: Receivers) -> list[str]:
    return sorted(each.said["type"] for each in outside.taken)


async def test_everything_is_told_once_to_each_who_listens(
    speak: Speak, cast: Cast, database: Database, listen: Listen, run: Run, outside: Receivers
) -> None:
    log = await listen()
    await listen("Adam", OTHER, ["comments.written"])
    path, holder = await submit(speak, cast)
    said = await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    await speak("Max").request(
        "PATCH", f"/comments/{said['id']}", json={"body": "Non"}, headers={"If-Match": "*"}
    )
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    async with database.writer() as session:
        now = clock.now()
        await campaigns.announce(
            session, name="Eau", question="?", sponsor_id=None, starts_at=now, ends_at=now, now=now
        )
    await run()
    await run()
    assert list_types(outside) == sorted(
        [
            "ideas.submitted",
            "pipeline.moved",
            "reviews.assigned",
            "comments.written",
            "comments.written",
            "comments.edited",
            "campaigns.announced",
        ]
    )
    assert len({each.id for each in outside.taken}) == 7
    items = await read_log(speak, log)
    assert {(item["state"], item["status"], item["attempts"]) for item in items} == {("sent", 204, 1)}
    assert {item["id"] for item in items} == {each.id for each in outside.taken if each.url == URL}
    by_type = {each.said["type"]: each.said["data"] for each in outside.taken}
    assert by_type["comments.edited"]["comment"]["body"] == "Non"
    assert by_type["comments.written"]["comment"]["author"]["name"] == "Max"
    assert by_type["pipeline.moved"]["idea"]["holder"]["name"] == holder
    assert by_type["campaigns.announced"]["campaign"]["name"] == "Eau"
    assert by_type["reviews.assigned"]["review"]["due_at"]
    assert by_type["ideas.submitted"]["idea"]["url"] == f"https://ideas.example{path}"


async def test_a_receiver_that_fails_gets_the_same_delivery_again_and_again(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    outside.answers[URL] = [Answered(302), Unreachable("away"), Refused("inside"), *[Answered(500)] * 20]
    await submit(speak, cast)
    after = timedelta(seconds=30)
    for count, pause in enumerate(PAUSES, 1):
        await run(after)
        assert len(outside.taken) == count
        await run(after + pause - timedelta(milliseconds=10))
        assert len(outside.taken) == count, "not before its time"
        after += pause
    await run(after)
    await run(after + timedelta(days=20))
    assert len(outside.taken) == len(PAUSES) + 1 == 10
    assert len({each.id for each in outside.taken}) == 1
    [item] = await read_log(speak, path)
    assert (item["state"], item["status"], item["failure"]) == ("given_up", 500, "status")
    assert (await speak("Ian").get(path))["state"] == "active"


async def test_the_log_does_not_tell_a_forbidden_address_from_a_silent_one(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    logs = []
    for failure in (Refused("outbound.private"), Unreachable("outbound.timeout"), RuntimeError("bug")):
        outside.answers[URL] = [failure]
        await submit(speak, cast)
        await run()
        item = (await read_log(speak, path))[0]
        logs.append({name: item[name] for name in ("state", "status", "failure", "attempts")})
    assert logs == [logs[0]] * 3
    assert logs[0]["failure"] == "unreachable"


@pytest.mark.parametrize("status", [429, 503])
async def test_who_is_busy_says_when(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, status: int
) -> None:
    await listen(kinds=["ideas.submitted"])
    outside.answers[URL] = [Answered(status, {"retry-after": "7200"})]
    await submit(speak, cast)
    await run()
    await run(timedelta(hours=1, minutes=59))
    assert len(outside.taken) == 1
    await run(timedelta(hours=2, minutes=1))
    assert len(outside.taken) == 2


async def test_who_says_gone_is_told_no_more(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    await listen("Adam", OTHER, ["ideas.submitted"])
    outside.answers[URL] = [Answered(410)]
    await submit(speak, cast)
    await run()
    await submit(speak, cast)
    await run()
    assert [each.url for each in outside.taken].count(URL) == 1
    assert [each.url for each in outside.taken].count(OTHER) == 2
    assert (await speak("Ian").get(path))["state"] == "gone"
    await speak("Ian").refused("POST", f"{path}/tests", 409, "webhooks.not-listening")
    answer = await speak("Ian").request("PATCH", path, json={"active": True}, headers={"If-Match": "*"})
    assert answer.json()["state"] == "active"
    [gone] = await read_log(speak, path)
    await speak("Ian").post(f"{path}/deliveries/{gone['id']}/replays")
    await run()
    assert [each.url for each in outside.taken].count(URL) == 2
    assert {each.id for each in outside.taken if each.url == URL} == {gone["id"]}


async def test_for_a_day_both_secrets_sign(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    former = outside.secrets[URL]
    new = (await speak("Ian").post(f"{path}/secret"))["secret"]
    assert new != former
    for secret in (former, new):
        outside.secrets[URL] = secret
        await submit(speak, cast)
        await run()
    assert [each.signatures for each in outside.taken] == [2, 2]
    await submit(speak, cast)
    await run(timedelta(days=1, minutes=1))
    assert [each.signatures for each in outside.taken] == [2, 2, 1]


async def test_nobody_is_told_of_drafts_nor_who_wrote_an_anonymous_idea(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database
) -> None:
    """Not even of one's own: what leaves the house is for everybody."""
    await listen()
    draft, _ = await submit(speak, cast, "Ian", draft=True, function=None, title="Brouillon")
    body = {"title": "Brouillon secret"}
    assert (
        await speak("Ian").request("PATCH", draft, json=body, headers={"If-Match": "*"})
    ).status_code == 200
    await run()
    assert outside.taken == []
    path, _ = await submit(speak, cast, "Alice", anonymous=True)
    await speak("Alice").post(f"{path}/comments", {"body": "De moi"})
    own, _ = await submit(speak, cast, "Ian", anonymous=True)
    await run()
    text = repr(outside.taken)
    assert "De moi" in text
    for marker in ("Alice", cast["Alice"].id, "Brouillon", cast["Ian"].id):
        assert marker not in text
    assert own.rpartition("/")[2] in text
    # What happened to the draft is not told when it is submitted either.
    outside.taken.clear()
    await speak("Ian").post(f"{draft}/submission")
    async with database.writer() as session:
        await session.execute(update(WebhookDelivery).values(state="sent"))
    await run()
    assert "ideas.edited" not in list_types(outside)


async def test_a_draft_is_not_told_of_even_if_it_was_queued(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    draft, _ = await submit(speak, cast, "Ian", draft=True, function=None)
    await submit(speak, cast)
    while await drain(database, now=run.begin):
        pass
    async with database.writer() as session:
        await session.execute(update(WebhookDelivery).values(facts={"idea": draft.rpartition("/")[2]}))
    await run()
    assert outside.taken == []
    [item] = await read_log(speak, path)
    assert (item["state"], item["failure"]) == ("dropped", "unseen")


async def test_events_that_are_worked_off_again_are_not_told_again(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database
) -> None:
    await listen()
    path, _ = await submit(speak, cast)
    await speak("Max").put(f"{path}/vote")
    await run()
    await run(timedelta(minutes=5))
    before = len(outside.taken)
    async with database.writer() as session:
        await session.execute(update(Event).values(worked_off_at=None))
    await run(timedelta(minutes=10))
    await run(timedelta(minutes=15))
    assert len(outside.taken) == before == 3
    async with database.reader() as session:
        assert not (await session.scalars(select(Event).where(col(Event.attempts) > 0))).all()


async def test_what_was_hidden_since_it_was_queued_is_not_told(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["comments.written"])
    outside.answers[URL] = [Answered(500)]
    idea, _ = await submit(speak, cast)
    said = await speak("Max").post(f"{idea}/comments", {"body": "Regrettable"})
    await run()
    assert "Regrettable" in repr(outside.taken)
    outside.taken.clear()
    await speak("Max").request("DELETE", f"/comments/{said['id']}", headers={"If-Match": "*"})
    [item] = await read_log(speak, path)
    await speak("Ian").post(f"{path}/deliveries/{item['id']}/replays")
    await run()
    [again] = outside.taken
    assert again.said["data"]["comment"]["deleted"]
    assert "Regrettable" not in repr(again)


@pytest.mark.parametrize("way", ["demoted", "demoted unseen", "left"])
async def test_whoever_loses_the_role_hears_no_more(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database, way: str
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    await submit(speak, cast)
    while await drain(database, now=outside.now):
        pass
    async with database.reader() as session:
        [granted] = await session.scalars(
            select(RoleGrant).where(col(RoleGrant.employee_id) == cast["Ian"].id)
        )
    if way == "left":
        await speak("Adam").post(f"/employees/{cast['Ian'].id}/deactivation")
    elif way == "demoted":
        gone = await speak("Adam").request("DELETE", f"/employees/{cast['Ian'].id}/roles/{granted.id}")
        assert gone.status_code == 204
    else:
        async with database.writer() as session:
            await session.execute(
                update(RoleGrant).where(col(RoleGrant.id) == granted.id).values(ended_at=run.begin)
            )
        await webhook_posting.send_due(database, run.outlet, now=run.begin + timedelta(seconds=30))
    await submit(speak, cast)
    await run()
    assert outside.taken == []
    async with database.reader() as session:
        assert [row.state for row in await session.scalars(select(Webhook))] == ["suspended"]
        states = {row.state for row in await session.scalars(select(WebhookDelivery))}
        assert states == {"dropped"}
    if way == "left":
        return
    await speak("Ian").refused("GET", path, 403, "permissions.role-missing")
    async with database.writer() as session:
        await world.grant(session, cast["Ian"], Role.ADMIN)
    await submit(speak, cast)
    await run()
    assert outside.taken == [], "the owner has to make it listen again"


async def test_votes_are_a_number_and_told_together(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    await listen(kinds=["votes.changed"])
    idea, _ = await submit(speak, cast)
    for name in ("Max", "Pete", "Olga"):
        await speak(name).put(f"{idea}/vote")
        await run()
    await speak("Max").request("DELETE", f"{idea}/vote")
    await run()
    assert outside.taken == []
    await run(timedelta(seconds=30) + GATHERED)
    [told] = outside.taken
    assert told.said["data"]["idea"]["votes"] == 2
    text = repr(told)
    assert not [name for name in ("Max", "Pete", "Olga") if name in text or cast[name].id in text]
    await speak("Rita").put(f"{idea}/vote")
    await run(timedelta(minutes=5))
    await run(timedelta(minutes=5) + GATHERED)
    assert len(outside.taken) == 2


async def test_a_slow_receiver_delays_no_other(
    speak: Speak,
    cast: Cast,
    listen: Listen,
    run: Run,
    outside: Receivers,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook_posting, "GRACE", 0.02)
    await listen("Adam", OTHER, ["ideas.submitted"])
    never = asyncio.Event()
    outside.answers[OTHER] = [never] * 100
    for begun, more in ((EACH - 5, EACH - 5), (EACH, EACH + 5)):
        for _ in range(more):
            await submit(speak, cast)
        await run()
        await outside.wait_for(begun)
    await listen(kinds=["ideas.submitted"])
    await submit(speak, cast)
    await run()
    await outside.wait_for(EACH + 1)
    assert [each.url for each in outside.taken].count(URL) == 1
    assert [each.url for each in outside.taken].count(OTHER) == EACH
    rung = asyncio.Event()
    run.outlet.ring = rung.set
    never.set()
    for _ in range(3):
        await run()
        while run.outlet.under_way:
            await asyncio.wait(run.outlet.under_way)
    assert rung.is_set(), "there was room again"
    assert [each.url for each in outside.taken].count(OTHER) == 2 * EACH + 1
    async with database.reader() as session:
        assert {row.state for row in await session.scalars(select(WebhookDelivery))} == {"sent"}


async def test_many_silent_receivers_leave_room_for_the_others(
    speak: Speak,
    cast: Cast,
    listen: Listen,
    run: Run,
    outside: Receivers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As many as one person may have, each with more to be told than may be on its way."""
    monkeypatch.setattr(webhook_posting, "GRACE", 0.02)
    never = asyncio.Event()
    for number in range(MOST):
        url = f"https://silent-{number}.example/"
        await listen("Adam", url, ["ideas.submitted"])
        outside.answers[url] = [never] * 100
    for _ in range(EACH + 1):
        await submit(speak, cast)
    await run()
    assert CROWDED <= len(run.outlet.under_way) < CROWDED + MOST < PARALLEL
    assert len(set(run.outlet.under_way.values())) == MOST, "each has its turn"
    silent = len(run.outlet.under_way)
    await listen(kinds=["ideas.submitted"])
    await submit(speak, cast)
    await run()
    await outside.wait_for(silent + 1)
    assert [each.url for each in outside.taken].count(URL) == 1
    never.set()
    for _ in range(MOST):
        await run()
        while run.outlet.under_way:
            await asyncio.wait(run.outlet.under_way)
    assert len({each.id for each in outside.taken}) == MOST * (EACH + 2) + 1


async def test_a_pause_begins_when_the_answer_came(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    """Who takes 25 seconds to ask for 20 more gets them."""
    await listen(kinds=["ideas.submitted"])
    times = iter((100.0, 125.0, 200.0, 200.0))
    run.outlet.watch = lambda: next(times)
    outside.answers[URL] = [Answered(503, {"retry-after": "20"})]
    await submit(speak, cast)
    begun = timedelta(seconds=30)
    await run(begun)
    await run(begun + timedelta(seconds=44))
    assert len(outside.taken) == 1
    await run(begun + timedelta(seconds=46))
    assert len(outside.taken) == 2


async def test_the_log_does_not_tell_how_long_an_address_was_silent(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    nexts = set()
    for lasted in (0.0, 29.0):
        run.outlet.watch = iter((100.0, 100.0 + lasted)).__next__
        outside.answers[URL] = [Unreachable("away")]
        await submit(speak, cast)
        await run()
        nexts.add((await read_log(speak, path))[0]["next_attempt_at"])
    assert len(nexts) == 1


async def test_a_claim_of_the_dead_is_taken_over_with_the_same_identifier(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    outside.answers[URL] = [asyncio.CancelledError()]
    await submit(speak, cast)
    with pytest.raises(asyncio.CancelledError):
        await run()
    assert [item["state"] for item in await read_log(speak, path)] == ["claimed"]
    await run(timedelta(seconds=30) + CLAIM / 2)
    assert len(outside.taken) == 1
    await run(timedelta(seconds=30) + CLAIM)
    assert len(outside.taken) == 2
    assert len({each.id for each in outside.taken}) == 1
    assert [(item["state"], item["attempts"]) for item in await read_log(speak, path)] == [("sent", 2)]


def test_a_claim_holds_longer_than_a_request_can_take() -> None:
    assert timedelta(seconds=2 * webhook_attempts.PATIENCE) < CLAIM


async def test_two_workers_send_each_delivery_once(
    speak: Speak, cast: Cast, listen: Listen, outside: Receivers, database: Database, settings: Settings
) -> None:
    await listen(kinds=["ideas.submitted"])
    for _ in range(12):
        await submit(speak, cast)
    now = outside.now = clock.now()
    while await drain(database, now=now):
        pass
    outlets = [Outlet(outside, open_safe(settings), "https://ideas.example") for _ in range(3)]

    async def work(outlet: Outlet) -> None:
        while await webhook_posting.send_due(database, outlet, now=now):
            pass

    await asyncio.gather(*map(work, outlets))
    assert len(outside.taken) == len({each.id for each in outside.taken}) == 12


async def test_a_poisoned_delivery_holds_up_no_other(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database
) -> None:
    path = await listen(kinds=["ideas.submitted", "reviews.assigned"])
    await submit(speak, cast)
    while await drain(database, now=run.begin):
        pass
    async with database.writer() as session:
        poisoned = col(WebhookDelivery.kind) == "reviews.assigned"
        await session.execute(update(WebhookDelivery).where(poisoned).values(facts={}))
    await run()
    assert list_types(outside) == ["ideas.submitted"]
    assert {item["state"] for item in await read_log(speak, path)} == {"sent", "waiting"}


async def test_the_log_forgets_what_ended_long_ago(
    speak: Speak, cast: Cast, listen: Listen, run: Run, database: Database
) -> None:
    path = await listen(kinds=["ideas.submitted"])
    await submit(speak, cast)
    await run()
    for days, left in ((29, 1), (31, 0)):
        await retention.forget(database, {}, now=run.begin + timedelta(days=days))
        assert len(await read_log(speak, path)) == left


async def test_the_test_button_sends_one_at_a_time_whatever_it_listens_to(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen(kinds=["campaigns.announced"])
    first = await speak("Ian").post(f"{path}/tests")
    await speak("Ian").refused("POST", f"{path}/tests", 409, "webhooks.still-under-way")
    await run()
    [told] = outside.taken
    assert (told.id, told.said["type"]) == (first["id"], "webhooks.tested")
    assert told.said["data"] == {"webhook": path.rpartition("/")[2]}
    await speak("Ian").post(f"{path}/tests")


async def keep_failing(
    speak: Speak, run: Run, outside: Receivers, path: str, days: range, *, status: int = 500
) -> list[str]:
    """Have a test sent each day, none of which is taken; returns the states of the webhook at the ends of the days."""
    states = []
    for day in days:
        outside.answers[URL] = [Answered(status)] * 100
        await speak("Ian").request("POST", f"{path}/tests")
        await run(timedelta(days=day))
        states.append((await speak("Ian").get(path))["state"])
    return states


async def test_what_fails_for_days_is_switched_off_and_says_why(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen()
    assert await keep_failing(speak, run, outside, path, range(1, 7)) == [*["active"] * 5, "failed"]
    (shown,) = (await speak("Ian").get("/webhooks"))["items"]
    assert (shown["state"], shown["failure"]) == ("failed", "status")
    assert shown["failing_since"] is not None
    await speak("Ian").refused("POST", f"{path}/tests", 409, "webhooks.not-listening")
    tried = len(outside.taken)
    await run(timedelta(days=9))
    assert len(outside.taken) == tried, "what was under way is dropped"
    on = await speak("Ian").request("PATCH", path, json={"active": True}, headers={"If-Match": "*"})
    assert (on.json()["state"], on.json()["failing_since"], on.json()["failure"]) == ("active", None, None)
    assert await keep_failing(speak, run, outside, path, range(10, 11)) == ["active"]


async def test_one_success_begins_anew(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers
) -> None:
    path = await listen()
    assert await keep_failing(speak, run, outside, path, range(1, 5)) == ["active"] * 4
    assert (await speak("Ian").get(path))["failure"] == "status"
    outside.answers[URL] = []
    await run(timedelta(days=5))
    shown = await speak("Ian").get(path)
    assert (shown["failing_since"], shown["failure"]) == (None, None)
    assert await keep_failing(speak, run, outside, path, range(6, 10)) == ["active"] * 4


async def test_failures_far_apart_are_no_days_of_failure(
    speak: Speak, cast: Cast, listen: Listen, run: Run, outside: Receivers, database: Database
) -> None:
    path = await listen()
    await keep_failing(speak, run, outside, path, range(1, 2))
    async with database.writer() as session:
        await session.execute(update(WebhookDelivery).values(state="given_up"))
    assert await keep_failing(speak, run, outside, path, range(20, 21)) == ["active"]
