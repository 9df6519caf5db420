"""What the tests of bad input ask for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.core.security import unsubscribe_tokens
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.moderation import ModerationCase
from app.models.news import NewsPost
from app.models.notifications import Notification
from app.models.nudges import Nudge
from app.models.vote_flags import VoteFlag
from app.services.authentication import DEVELOPMENT_SESSION
from tests.fuzz.ground import LOGGED, Findings, Ground
from tests.fuzz.operations import list_operations
from tests.support import world
from tests.support.campaigns import announce
from tests.support.client import Client, speaking_as
from tests.support.world import Cast


async def give_prize(client: Client, cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """Propose somebody for a prize of a jury; return both."""
    prize = await client.post(
        "/prizes", {"name": "A journey", "way": "jury", "stock": 1, "jury": [cast["Mia"].id]}
    )
    due = {"employee": cast["Max"].id, "reason": "For all the help."}
    award = await client.post(f"/prizes/{prize['id']}/awards", due)
    return prize, award


async def be_overseen(app: FastAPI, client: Client, cast: Cast) -> dict[str, str]:
    """Ask who wrote an anonymous idea, and order an export; return what these are known by."""
    texts = {"problem": "It takes long.", "solution": "Do it sooner.", "theme": cast.themes["cost_savings"]}
    async with speaking_as(app, cast["Max"]) as max_:
        idea = await max_.post("/ideas", {"title": "Without a name", "anonymous": True, **texts})
    opening = await client.post(f"/ideas/{idea['id']}/identity-openings", {"reason": "A threat. " * 6})
    export = await client.post("/exports", {"what": "ideas", "format": "csv", "reason": "To see."})
    return {
        "opening_id": opening["id"],
        "export_id": export["id"],
        "what": "ideas",
        "file_format": "csv",
        "format": "csv",
    }


async def flag_votes(database: Database) -> str:
    """Flag a burst of votes; return the flag's id."""
    now = clock.now()
    flag = VoteFlag(
        kind="burst", since=now, until=now, votes=12, people=12, minutes=5, found_at=now, seen_at=now
    )
    async with database.writer() as session:
        session.add(flag)
    return flag.id


async def write_nudge(database: Database, author_id: str) -> str:
    """Write a nudge that its author was told of as well; return its id."""
    now = clock.now()
    nudge = Nudge(title="A word", body="Say one.", author_id=author_id, created_at=now, updated_at=now)
    async with database.writer() as session:
        session.add(nudge)
        await session.flush()
        told = Notification(
            employee_id=author_id,
            kind="nudges.sent",
            subject_kind="nudge",
            subject_id=nudge.id,
            event_sequence=0,
            created_at=now,
        )
        session.add(told)
    return nudge.id


async def write_news(database: Database, author_id: str) -> str:
    """Write news that is to be published tomorrow; return its id."""
    now = clock.now()
    post = NewsPost(
        title="Winners",
        body="Many.",
        audience="everybody",
        author_id=author_id,
        publish_at=now + timedelta(days=1),
        created_at=now,
        updated_at=now,
    )
    async with database.writer() as session:
        session.add(post)
    return post.id


async def let_others_act(app: FastAPI, cast: Cast, request_id: str) -> None:
    """Have somebody help, and somebody show badges."""
    async with speaking_as(app, cast["Fay"]) as fay:
        await fay.put(f"/help-requests/{request_id}/answer", {"accept": True})
    async with speaking_as(app, cast["Max"]) as max_:
        await max_.put("/me/badges/display", {"badges": True, "level": True})


async def use_rights(
    app: FastAPI, database: Database, person: Employee, cast: Cast, idea_id: str
) -> dict[str, str]:
    """Ask for a correction, and have a comment reported to this person; return what these are known by."""
    async with speaking_as(app, person) as client:
        correction = await client.post("/corrections", {"text": "My name has an accent."})
    async with speaking_as(app, cast["Fay"]) as fay:
        comment = await fay.post(f"/ideas/{idea_id}/comments", {"body": "Buy cheap things."})
    for name in ("Max", "Pete"):
        async with speaking_as(app, cast[name]) as reporter:
            await reporter.post(f"/comments/{comment['id']}/reports", {"reason_code": "spam"})
    async with database.writer() as session:
        case = (await session.scalars(select(ModerationCase))).one()
        case.moderator_id = person.id
        case_id = case.id
    return {
        "correction_id": correction["id"],
        "case_id": case_id,
        "language": "fr",
        "reason_code": "spam",
    }


@pytest.fixture
async def ground(app: FastAPI, database: Database, cast: Cast) -> Ground:
    """The application with somebody who may do everything, and with an idea that has a bit of everything."""
    async with database.writer() as session:
        person = await world.make_employee(session, "Zoe", entity="Company/Everything")
        for role in Role:
            await world.grant(session, person, role)
    client = Client(app, person)
    texts = {"problem": "It takes long.", "solution": "Do it sooner.", "theme": cast.themes["cost_savings"]}
    idea = await client.post("/ideas", {"title": "One of mine", "tags": ["time"], **texts})
    other = await client.post("/ideas", {"title": "Another", **texts})
    draft, restricted = [
        await client.post("/ideas", {"title": "Not for all", **way, **texts})
        for way in ({"draft": True}, {"restriction": "invention"})
    ]
    comment = await client.post(f"/ideas/{idea['id']}/comments", {"body": "Well said."})
    request = await client.post(
        f"/ideas/{idea['id']}/help-requests", {"text": "How?", "wants": "facilitator"}
    )
    await let_others_act(app, cast, request["id"])
    rule = await client.post("/routing-rules", {"function": cast.functions["IT"], "words": ["time"]})
    grant = await client.post(f"/employees/{cast['Max'].id}/roles", {"role": "facilitator"})
    criteria = await client.get("/scorecard-criteria")
    calendar = await client.post("/calendars", {"name": "Zoe's", "time_zone": "Europe/Paris"})
    days = {"name": "Moving", "first_day": "2099-08-01", "last_day": "2099-08-02"}
    calendar = await client.post(f"/calendars/{calendar['id']}/closures", days)
    chat = await client.put("/me/chat-addresses/slack", {"url": "https://chat.example/x"})
    hook = await client.post("/webhooks", {"url": "https://hooks.example/x", "kinds": ["ideas.submitted"]})
    delivery = await client.post(f"/webhooks/{hook['id']}/tests")
    starts_at = clock.now() + timedelta(minutes=5)
    times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    gathering = await client.post(
        "/gatherings", {"kind": "workshop", "title": "Meeting", "place": "Lyon", **times}
    )
    link = await client.put("/me/calendar-feed")
    prize, award = await give_prize(client, cast)
    campaign = await announce(
        client, fields=[{"key": "site", "kind": "text", "labels": {"en": "Site", "fr": "Site"}}]
    )
    rights = await use_rights(app, database, person, cast, idea["id"]) | await be_overseen(app, client, cast)
    await client.http.aclose()
    return Ground(
        app=app,
        database=database,
        operations=list_operations(app),
        known={
            "idea_id": idea["id"],
            "into": other["id"],
            "draft": draft["id"],
            "restricted": restricted["id"],
            "comment_id": comment["id"],
            "reply_to": comment["id"],
            "employee_id": cast["Max"].id,
            "employee": cast["Max"].id,
            "owner": cast["Max"].id,
            "request_id": request["id"],
            "rule_id": rule["id"],
            "grant_id": grant["id"],
            "session_id": "a" * 24,
            "theme": cast.themes["cost_savings"],
            "function": cast.functions["IT"],
            "campaign": campaign,
            "campaign_id": campaign,
            "starts": "2099-03-01T08:00",
            "ends": "2099-03-26T18:00",
            "sponsor": cast["Max"].id,
            "employees": cast["Max"].id,
            "entities": person.entity_id or "",
            "ideas": idea["id"],
            "key": "site",
            "badge": "first_idea",
            "reason": "For this there is a reason. " * 3,
            "fields": "site",
            "unit": "EUR",
            "entity": person.entity_id or "",
            "scores": criteria["items"][0]["key"],
            "calendar_id": calendar["id"],
            "calendar": calendar["id"],
            "closure_id": calendar["closures"][0]["id"],
            "entity_id": person.entity_id or "",
            "stage": "submitted",
            "notification_id": "a" * 24,
            "subscription_id": "a" * 24,
            "channel": chat["channel"],
            "webhook_id": hook["id"],
            "gathering_id": gathering["id"],
            "prize_id": prize["id"],
            "rule": "vote",
            "lane": "invention",
            "restriction": "invention",
            "readers": cast["Max"].id,
            "escalation": cast["Max"].id,
            "flag_id": await flag_votes(database),
            "award_id": award["id"],
            **rights,
            "news_id": await write_news(database, person.id),
            "nudge_id": await write_nudge(database, person.id),
            "send_at": times["ends_at"],
            "function_id": cast.functions["IT"],
            "publish_at": times["ends_at"],
            "ceremony_at": times["ends_at"],
            "jury": cast["Mia"].id,
            "name": "A name",
            "secret": link["url"].rsplit("/", 1)[1],
            **times,
            "delivery_id": delivery["id"],
            "token": unsubscribe_tokens.issue(app.state.wiring.seals, cast["Max"].id, "email", "digest"),
            "time_zone": "Europe/Paris",
            "region": "FR",
            "p256dh": "A" * 87,
            "auth": "A" * 22,
            "url": "https://chat.example/x",
            "endpoint": "https://push.example/x",
        },
        token=app.state.wiring.signer.issue(person.id, DEVELOPMENT_SESSION, now=clock.now()).encode(),
    )


@pytest.fixture
async def findings(ground: Ground) -> AsyncIterator[Findings]:
    """Findings; whatever a test sends must be refused, or read: in the end nothing is changed."""
    before = await ground.read_everything()
    found = Findings([])
    yield found
    after = await ground.read_everything()
    changed = {name for name in before if before[name] != after[name]} - (
        LOGGED if ground.taken_out else frozenset()
    )
    assert not changed, f"These tables were changed: {sorted(changed)}"
