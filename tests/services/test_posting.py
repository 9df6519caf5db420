"""Messages leave once, to whom they concern, when these want them, whatever fails on the way."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update
from sqlmodel import col

from app.core.db import Database
from app.domain.deliveries import CLAIM
from app.integrations.posts import Outgoing, Refused, Unreachable
from app.jobs.drain import drain
from app.models.channels import ChatAddress, PushSubscription
from app.models.deliveries import Delivery
from app.models.employees import Employee, Management
from app.models.notifications import Notification
from app.queries import matters
from app.schemas.preferences import Choice, ChoosePreferences, SetMessageHabits
from app.services import posting, preferences, retention
from app.services.posting import Office
from tests.conftest import ENGINE
from tests.services.test_notifications import submit
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]

NOON = START.replace(hour=12)
"""Nobody is quiet then."""

ENDPOINT = "https://push.example/abc"
BROWSER = {"endpoint": ENDPOINT, "keys": {"p256dh": "B" * 87, "auth": "c" * 22}}


class Sink:
    """Keeps what is sent; raises what it was told to for an address."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.failing: dict[str, list[BaseException]] = {}

    async def send(self, message: Outgoing) -> None:
        """Take a message, or fail."""
        failures = self.failing.get(message.address)
        if failures:
            raise failures.pop(0)
        self.sent.append(message)

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def sinks() -> dict[str, Sink]:
    return {channel: Sink() for channel in ("email", "push", "slack", "teams")}


@pytest.fixture
def office(sinks: Mapping[str, Sink], app: FastAPI) -> Office:
    return Office(sinks, app.state.wiring.seals, "https://ideas.example", "Company", luck=lambda: 0.5)


class Run:
    """Works events off and sends what is due, at a moment."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database, self.office = database, office

    async def __call__(self, now: datetime = NOON, *channels: str) -> int:
        while await drain(self.database, now=now):
            pass
        handled = 0
        for channel in channels or ("email", "push", "slack", "teams"):
            while step := await posting.send_due(self.database, self.office, channel, now=now):
                handled += step
        return handled


@pytest.fixture
def run(database: Database, office: Office) -> Run:
    return Run(database, office)


@contextmanager
def nothing_more(sink: Sink) -> Iterator[None]:
    before = len(sink.sent)
    yield
    assert sink.sent[before:] == []


async def list_states(database: Database) -> list[tuple[str, str, str]]:
    async with database.reader() as session:
        rows = await session.scalars(select(Delivery).order_by(col(Delivery.created_at)))
        return [(row.channel, row.form, row.state) for row in rows]


async def set_habits(database: Database, person: Employee, **values: Any) -> None:
    async with database.writer() as session:
        await preferences.set_habits(session, person.id, SetMessageHabits(**values), now=NOON)


async def test_what_asks_goes_at_once_and_once(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    _, holder = await submit(speak, cast)
    await speak(holder).post("/me/push-subscriptions", BROWSER)
    await run()
    await run()
    [mail], [push] = sinks["email"].sent, sinks["push"].sent
    assert mail.address == cast[holder].email
    assert mail.kind == "reviews.assigned"
    assert mail.urgent
    assert "Éteindre" in mail.letter.subject
    assert "Finance" in mail.letter.text
    assert mail.unsubscribe_url is not None
    assert push.push_keys is not None
    assert push.address == ENDPOINT
    assert push.path == mail.path
    assert set(await list_states(database)) == {("email", "single", "sent"), ("push", "single", "sent")}


async def test_the_rest_waits_for_the_digest_in_which_like_is_counted(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink]
) -> None:
    path, holder = await submit(speak, cast)
    for number in range(3):
        await speak("Max").post(f"{path}/comments", {"body": f"{number}"})
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    with nothing_more(sinks["email"]):
        await run()
        await run(NOON + timedelta(hours=19, minutes=59))
    # Nine in Paris, in January.
    await run(START.replace(day=START.day + 1, hour=8))
    [mail] = sinks["email"].sent
    assert mail.address == cast["Alice"].email
    assert mail.kind == "digest"
    assert not mail.urgent
    assert [line.text for line in mail.letter.lines if "3" in line.text]
    assert len(mail.letter.lines) == 2
    with nothing_more(sinks["email"]):
        await run(START + timedelta(days=9))


async def test_a_weekly_digest_comes_on_its_day_in_ones_own_zone(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    habits = {"digest": "weekly", "weekday": 5, "hour": 17, "time_zone": "America/New_York"}
    await set_habits(database, cast["Alice"], **habits)
    path, _ = await submit(speak, cast)
    await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    friday = datetime(2026, 1, 9, 22, 0, tzinfo=START.tzinfo)
    await run(NOON, "push")
    async with database.reader() as session:
        [due] = await session.scalars(
            select(col(Delivery.due_at)).where(col(Delivery.employee_id) == cast["Alice"].id)
        )
    assert due == friday


async def test_quiet_hours_gather_what_asks_until_the_morning(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    holders = [(await submit(speak, cast))[1] for _ in range(4)]
    night = START.replace(hour=22)
    with nothing_more(sinks["email"]):
        await run(night)
    morning = START.replace(day=START.day + 1, hour=6)
    with nothing_more(sinks["email"]):
        await run(morning - timedelta(seconds=1))
    await run(morning)
    mails = sinks["email"].sent
    assert sorted(mail.address for mail in mails) == sorted({cast[name].email or "" for name in holders})
    assert sum(len(mail.letter.lines) for mail in mails) == 4


async def test_beyond_the_ceiling_of_a_day_the_next_morning_tells_the_rest_together(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    for name in ("Dan", "Dora"):
        await set_habits(database, cast[name], per_day=2)
    for _ in range(5):
        for _ in range(2):
            await submit(speak, cast)
        await run()
    assert len(sinks["email"].sent) == 4
    await run(START.replace(day=START.day + 1, hour=8))
    later = sinks["email"].sent[4:]
    assert len(later) == 2
    assert sum(len(mail.letter.lines) for mail in later) == 6


async def test_what_was_done_or_may_not_be_seen_any_more_is_not_sent(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    path, holder = await submit(speak, cast)
    draft, _ = await submit(speak, cast, draft=True, function=None)
    await speak("Alice").post(f"{draft}/authors", {"employee": cast["Max"].id})
    while await drain(database, now=NOON):
        pass
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await speak("Alice").request("DELETE", f"{draft}/authors/{cast['Max'].id}")
    with nothing_more(sinks["email"]):
        await run()
    assert {state for _, form, state in await list_states(database) if form == "single"} == {"dropped"}


async def test_a_draft_is_not_told_of_to_somebody_who_has_come_into_the_line_of_its_author(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    draft, _ = await submit(speak, cast, draft=True, function=None)
    await speak("Alice").post(f"{draft}/authors", {"employee": cast["Max"].id})
    while await drain(database, now=NOON):
        pass
    assert len((await speak("Max").get("/me/notifications"))["items"]) == 1
    async with database.writer() as session:
        of_alice = col(Management.employee_id) == cast["Alice"].id
        await session.execute(update(Management).where(of_alice).values(manager_id=cast["Max"].id))
    with nothing_more(sinks["email"]):
        await run()
    assert await list_states(database) == [("email", "single", "dropped")]
    assert (await speak("Max").get("/me/notifications"))["items"] == []


async def test_who_is_asked_to_help_with_a_draft_is_told_without_its_title(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink]
) -> None:
    draft, _ = await submit(speak, cast, draft=True)
    made = await speak("Alice").post(f"{draft}/help-requests", {"text": "Comment ?", "wants": "facilitator"})
    await run()
    [mail] = sinks["email"].sent
    assert (mail.address, mail.path) == (cast["Fay"].email, f"/help-requests/{made['id']}")
    assert "Éteindre" not in mail.letter.subject + mail.letter.text + mail.letter.html
    assert "Alice" in mail.letter.text
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await set_habits_at_once(speak, "help.message")
    await speak("Alice").post(f"/help-requests/{made['id']}/messages", {"body": "Zinzolin"})
    await run()
    assert "Zinzolin" not in sinks["email"].sent[-1].letter.text


async def set_habits_at_once(speak: Speak, kind: str) -> None:
    """Have Fay told of a kind at once."""
    choice = {"kind": kind, "channel": "email", "timing": "at_once"}
    await speak("Fay").put("/me/preferences", {"choices": [choice]})


async def test_a_comment_that_was_taken_back_is_not_sent(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink]
) -> None:
    path, _ = await submit(speak, cast)
    said = await speak("Max").post(f"{path}/comments", {"body": "Secret"})
    await run(NOON, "push")
    etag = {"If-Match": '"1.x"'}
    answer = await speak("Max").request("DELETE", f"/comments/{said['id']}", headers=etag)
    assert answer.status_code == 204
    sinks["email"].sent.clear()
    await run(NOON + timedelta(days=2))
    assert [mail for mail in sinks["email"].sent if mail.address == cast["Alice"].email] == []


async def test_nobody_who_left_gets_messages(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    _, holder = await submit(speak, cast)
    async with database.writer() as session:
        await session.execute(
            update(Employee).where(col(Employee.id) == cast[holder].id).values(active=False)
        )
    await run()
    assert sinks["email"].sent == []


async def test_whoever_leaves_is_reached_nowhere(
    speak: Speak, cast: Cast, run: Run, database: Database
) -> None:
    for name in ("Max", "Pete"):
        keys = BROWSER["keys"]
        await speak(name).post(
            "/me/push-subscriptions", {"endpoint": f"https://push.example/{name}", "keys": keys}
        )
        await speak(name).put("/me/chat-addresses/teams", {"url": "https://flows.example/x"})
    await speak("Adam").post(f"/employees/{cast['Max'].id}/deactivation")
    await run()
    async with database.reader() as session:
        for table in (PushSubscription, ChatAddress):
            assert (await session.scalars(select(col(table.employee_id)))).all() == [cast["Pete"].id]


async def test_one_that_fails_holds_up_no_other_and_comes_later(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    holders = [(await submit(speak, cast))[1] for _ in range(4)]
    first, other = cast[holders[0]], next(cast[name] for name in holders if name != holders[0])
    failing: list[BaseException] = [RuntimeError("a poisoned letter") for _ in range(2)]
    sinks["email"].failing[first.email or ""] = [*failing, Unreachable("smtp.busy", retry_after=7200)]
    await run()
    reached = {mail.address for mail in sinks["email"].sent}
    assert other.email in reached
    for minutes in (2, 10, 60):
        await run(NOON + timedelta(minutes=minutes))
    assert len(sinks["email"].sent) == 3, "one waits for as long as the other side asked"
    await run(NOON + timedelta(hours=5))
    assert len(sinks["email"].sent) == 4
    assert len({mail.id for mail in sinks["email"].sent}) == 4
    assert {state for *_, state in await list_states(database)} <= {"sent", "waiting"}


async def test_a_batch_takes_no_more_statements_than_one_letter(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    counts = []
    for number in (1, 12):
        for _ in range(number):
            await submit(speak, cast)
        while await drain(database, now=NOON):
            pass
        sinks["email"].sent.clear()
        with counted(database) as statements:
            assert await posting.send_due(database, run.office, "email", now=NOON) == number
        assert len(sinks["email"].sent) == number
        # What became of them is noted as they end, in one transaction or in a few.
        counts.append(sum(not statement.startswith("UPDATE deliveries") for statement in statements))
    assert counts[0] == counts[1] < 20


@pytest.mark.parametrize("facts", [{"due_on": "the day after"}, {"function": ["no", "text"]}])
async def test_a_letter_that_can_not_be_written_holds_up_no_other(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database, facts: dict[str, Any]
) -> None:
    for _ in range(5):
        await submit(speak, cast)
    while await drain(database, now=NOON):
        pass
    async with database.writer() as session:
        poisoned = (await session.scalars(select(Notification).limit(1))).one()
        poisoned.facts = {**poisoned.facts, **facts}
    await run()
    assert len(sinks["email"].sent) == 4
    assert sorted(state for *_, state in await list_states(database)) == ["sent"] * 4 + ["waiting"]


async def test_what_waited_for_long_is_written_anew_before_it_goes(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    moments = iter([0.0, 2 * posting.FRESH])
    run.office = replace(run.office, watch=lambda: next(moments))
    path, holder = await submit(speak, cast)
    while await drain(database, now=NOON):
        pass
    write = matters.list_matters

    async def write_and_act(*asked: Any) -> Any:
        found = await write(*asked)
        if found:
            await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matters, "list_matters", write_and_act)
        await run(NOON, "email")
    assert sinks["email"].sent == []


async def test_after_a_day_and_a_half_it_is_given_up(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    _, holder = await submit(speak, cast)
    sinks["email"].failing[cast[holder].email or ""] = [Unreachable("smtp.away") for _ in range(50)]
    for hour in range(60):
        await run(NOON + timedelta(hours=hour))
    assert ("email", "single", "given_up") in await list_states(database)
    assert len(sinks["email"].failing[cast[holder].email or ""]) == 50 - 8


async def test_an_address_that_is_gone_is_forgotten(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    _, holder = await submit(speak, cast)
    await speak(holder).post("/me/push-subscriptions", BROWSER)
    await speak(holder).put("/me/chat-addresses/slack", {"url": "https://hooks.slack.example/x"})
    sinks["push"].failing[ENDPOINT] = [Refused("push.gone", gone=True)]
    sinks["slack"].failing["https://hooks.slack.example/x"] = [Refused("chat.refused")]
    await run()
    async with database.reader() as session:
        assert (await session.scalars(select(PushSubscription))).all() == []
    assert (await speak(holder).get("/me/chat-addresses"))["items"][0]["host"] == "hooks.slack.example"
    assert {state for channel, _, state in await list_states(database) if channel != "email"} == {"given_up"}


async def test_a_claim_of_the_dead_is_taken_over_with_the_same_identifier(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    _, holder = await submit(speak, cast)
    sinks["email"].failing[cast[holder].email or ""] = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await run(NOON, "email")
    [(_, _, state)] = await list_states(database)
    assert state == "claimed"
    with nothing_more(sinks["email"]):
        await run(NOON + CLAIM / 2)
    await run(NOON + CLAIM)
    async with database.reader() as session:
        [delivery] = await session.scalars(select(Delivery))
    assert [mail.id for mail in sinks["email"].sent] == [delivery.id]
    assert (delivery.state, delivery.attempts) == ("sent", 2)


def test_claims_hold_longer_than_a_batch_can_take() -> None:
    rounds = -(-posting.BATCH // posting.PARALLEL)
    assert timedelta(seconds=1.5 * rounds * posting.PATIENCE) < CLAIM


async def test_two_senders_at_once_send_each_message_once(
    speak: Speak, cast: Cast, sinks: Mapping[str, Sink], database: Database, office: Office
) -> None:
    for _ in range(8):
        await submit(speak, cast)
    while await drain(database, now=NOON):
        pass
    await asyncio.gather(*(posting.send_due(database, office, "email", now=NOON) for _ in range(4)))
    assert len(sinks["email"].sent) == len({mail.id for mail in sinks["email"].sent}) == 8


async def test_what_comes_while_a_digest_leaves_is_in_the_next_one(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database, office: Office
) -> None:
    paths = [(await submit(speak, cast))[0] for _ in range(12)]
    await run()
    sinks["email"].sent.clear()
    later = NOON + timedelta(days=2)
    for path in paths:
        await speak("Max").post(f"{path}/comments", {"body": "Oui"})
        await asyncio.gather(
            drain(database, now=NOON), *(posting.send_due(database, office, "email", now=later) for _ in "ab")
        )
    await run(later)
    assert sum(len(mail.letter.lines) for mail in sinks["email"].sent) == len(paths)
    assert {state for *_, state in await list_states(database)} == {"sent"}


async def test_a_digest_that_is_being_claimed_takes_nothing_more(
    speak: Speak, cast: Cast, database: Database
) -> None:
    paths = [(await submit(speak, cast))[0] for _ in range(2)]
    await speak("Max").post(f"{paths[0]}/comments", {"body": "Oui"})
    while await drain(database, now=NOON):
        pass
    await speak("Max").post(f"{paths[1]}/comments", {"body": "Oui"})
    of_digest = col(Delivery.form) == "digest"
    # Not of pg_stat_activity, which a transaction sees as it was at its first look.
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with database.writer() as claiming:
        await claiming.execute(update(Delivery).where(of_digest).values(state="claimed"))
        adding = asyncio.create_task(drain(database, now=NOON))
        # SQLite has one writer: there the drain begins when the claim is committed.
        while ENGINE != "sqlite" and not adding.done() and not await claiming.scalar(waiting):
            pass
    await adding
    assert sorted(await list_states(database))[:2] == [
        ("email", "digest", "claimed"),
        ("email", "digest", "waiting"),
    ]


async def test_a_channel_that_is_not_set_up_piles_nothing_up(
    speak: Speak, cast: Cast, database: Database, app: FastAPI
) -> None:
    await submit(speak, cast)
    await Run(database, Office({}, app.state.wiring.seals, "", ""))()
    assert await list_states(database) == [("email", "single", "dropped")]


async def test_no_letter_about_an_anonymous_idea_names_its_author(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink]
) -> None:
    path, holder = await submit(speak, cast, anonymous=True)
    said = await speak("Max").post(f"{path}/comments", {"body": "Qui ?"})
    await speak("Alice").post(f"{path}/comments", {"body": "Moi", "reply_to": said["id"]})
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Combien ?"})
    await speak("Alice").post(f"{path}/decisions", {"action": "answer", "text": "Dix"})
    await run()
    await run(NOON + timedelta(days=1))
    others = [mail for mail in sinks["email"].sent if mail.address != cast["Alice"].email]
    assert {mail.address for mail in others} == {cast[holder].email, cast["Max"].email}
    for mail in others:
        assert "Alice" not in mail.letter.text + mail.letter.html + mail.letter.subject


async def test_what_ended_long_ago_is_forgotten(
    speak: Speak, cast: Cast, run: Run, database: Database
) -> None:
    path, _ = await submit(speak, cast)
    await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    await run()
    for days, deliveries_left, told_left in ((29, 2, 2), (31, 1, 2), (500, 1, 0)):
        await retention.forget(database, {}, now=NOON + timedelta(days=days))
        async with database.reader() as session:
            assert len((await session.scalars(select(Delivery))).all()) == deliveries_left
            assert len((await session.scalars(select(Notification))).all()) == told_left


async def test_what_somebody_ended_is_not_sent_though_it_was_queued(
    speak: Speak, cast: Cast, run: Run, sinks: Mapping[str, Sink], database: Database
) -> None:
    path, holder = await submit(speak, cast)
    await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    while await drain(database, now=NOON):
        pass
    async with database.writer() as session:
        never = Choice(kind="reviews.assigned", channel="email", timing="never")
        await preferences.choose(session, cast[holder].id, ChoosePreferences(choices=[never]))
    await set_habits(database, cast["Alice"], digest="never")
    await run(NOON + timedelta(days=2))
    assert sinks["email"].sent == []
    assert {state for *_, state in await list_states(database)} == {"dropped"}
