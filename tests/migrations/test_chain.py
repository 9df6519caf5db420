"""The one migration chain on the engine under test: up, down, up again, and no drift from the tables."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, inspect, text
from sqlmodel import col, select

from app.core import clock, ids, migrations, revisions
from app.core.config import Settings
from app.core.db import Database
from app.core.meters import Meters
from app.jobs.anchoring import anchor
from app.jobs.drain import drain
from app.models import metadata
from app.models.campaigns import CampaignEntity, CampaignReport, CampaignReportIdea
from app.models.events import Event
from app.models.fields import CampaignField, FieldValue
from app.models.rollups import RollUpChange
from app.models.vote_flags import VoteFlag, VoteFlagIdea
from app.services import (
    activity,
    badge_notes,
    badges,
    broadcasts,
    campaigns,
    jobs,
    leaderboards,
    releases,
    rollups,
    segments,
    sessions,
)
from tests.conftest import Templates, make_settings
from tests.support import challenges
from tests.support.client import Client
from tests.support.gatherings import announce, come
from tests.support.world import START, Cast

Speak = Callable[[str], Client]

EMPTY_BY_NATURE = {"alembic_version"}


@pytest.fixture
def bare(templates: Templates, tmp_path: Path) -> Iterator[Settings]:
    """A database in which nothing was ever made."""
    url = templates.make_bare()
    yield make_settings(url, tmp_path)
    templates.drop(url)


def list_revisions() -> list[str]:
    """Every revision of the chain, the oldest first."""
    script = ScriptDirectory.from_config(migrations.configuration())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def look(settings: Settings, what: Callable[[Connection], Any]) -> Any:
    engine = migrations.engine_for(settings)
    try:
        with engine.connect() as connection:
            return what(connection)
    finally:
        engine.dispose()


def count_rows(connection: Connection) -> dict[str, int]:
    found = {}
    for name in inspect(connection).get_table_names():
        if name in metadata.tables:
            found[name] = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608  our own names
    return found


Shape = dict[str, list[str]]


def read_shape(connection: Connection) -> Shape:
    """The columns of every table that there is, of those that the tables of the code have too."""
    inspector = inspect(connection)
    return {
        name: [
            column["name"]
            for column in inspector.get_columns(name)
            if column["name"] in metadata.tables[name].columns
        ]
        for name in sorted(inspector.get_table_names())
        if name in metadata.tables
    }


def read_content(connection: Connection, shape: Shape) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a shape, in a fixed order."""
    reflected = MetaData()
    content = {}
    for name, columns in shape.items():
        table = Table(name, reflected, autoload_with=connection, resolve_fks=False)
        rows = connection.execute(
            table.select().with_only_columns(*(table.c[each] for each in columns))
        ).all()
        content[name] = sorted((tuple(map(str, row)) for row in rows), key=repr)
    return content


def narrow(
    content: dict[str, list[tuple[Any, ...]]], whole: Shape, kept: Shape
) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out of a content the columns that are not kept."""
    narrowed = {}
    for name, rows in content.items():
        places = [whole[name].index(column) for column in kept[name]]
        narrowed[name] = sorted((tuple(row[place] for place in places) for row in rows), key=repr)
    return narrowed


Rows = dict[str, list[tuple[Any, ...]]]


def leave_out_what_goes(content: Rows, whole: Shape, lower: str) -> Rows:
    """Leave out the rows that an older revision has no room for.

    What people add to the figures, how far figures are counted, and what was told about anything but ideas.
    """
    if lower < "0037" and "rollup_state" in content:
        # What happens meanwhile is not noted or means less: figures are counted anew.
        version = whole["rollup_state"].index("version")
        state = [(*row[:version], "0", *row[version + 1 :]) for row in content["rollup_state"]]
        content = content | {"rollup_state": state}
    if lower < "0035" and "rollups" in content:
        by, number = whole["rollups"].index("dimension"), whole["rollup_state"].index("id")
        content = content | {
            "rollups": [row for row in content["rollups"] if row[by] != "people"],
            "rollup_state": [row for row in content["rollup_state"] if row[number] == "1"],
        }
    if lower >= "0019":
        return content
    told, carried = whole["inbox"], whole["delivery_items"]
    stays = [row for row in content["inbox"] if row[told.index("subject_kind")] == "idea"]
    here = {row[told.index("id")] for row in stays}
    items = [row for row in content["delivery_items"] if row[carried.index("notification_id")] in here]
    return content | {"inbox": stays, "delivery_items": items}


def test_the_chain_is_one_line() -> None:
    script = ScriptDirectory.from_config(migrations.configuration())
    assert len(script.get_heads()) == 1
    for before, after in pairwise(list_revisions()):
        assert script.get_revision(after).down_revision == before


def test_up_from_nothing_leaves_no_drift(bare: Settings) -> None:
    migrations.upgrade(bare)
    assert migrations.current(bare) == revisions.find_head()

    def compare(connection: Connection) -> Any:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": partial(migrations.is_compared, connection.dialect.name),
            },
        )
        return compare_metadata(context, metadata)

    assert look(bare, compare) == []


def test_upgrading_twice_changes_nothing(bare: Settings) -> None:
    migrations.upgrade(bare)
    migrations.upgrade(bare)
    assert migrations.current(bare) == revisions.find_head()


async def test_down_and_up_step_by_step_with_data_in_every_table(
    speak: Speak, cast: Cast, database: Database, settings: Settings, tmp_path: Path
) -> None:
    await give_prizes(speak, cast)
    await use_rights(speak, cast)
    await fill_every_table(speak, cast, database, tmp_path)
    await challenges.announce(database, cast, tokens=10, hidden=True)
    await database.close()
    whole = look(settings, read_shape)
    empty = {name for name, rows in look(settings, partial(read_content, shape=whole)).items() if not rows}
    assert empty == set(), "fill these tables too"
    for lower, upper in reversed(list(pairwise(list_revisions()))):
        content = look(settings, partial(read_content, shape=whole))
        assert (
            len({row[whole["inbox"].index("subject_kind")] for row in content["inbox"]}) > 1 or lower < "0019"
        )
        content = leave_out_what_goes(content, whole, lower)
        migrations.downgrade(settings, lower)
        assert migrations.current(settings) == lower
        # What a later revision brought goes with it; everything that was there before it stays.
        kept = look(settings, read_shape)
        before = {name: content[name] for name in kept}
        migrations.upgrade(settings, upper)
        migrations.upgrade(settings)
        assert look(settings, partial(read_content, shape=kept)) == narrow(before, whole, kept)
    page = await speak("Max").get("/ideas?q=minuterie")
    assert len(page["items"]) == 1, "the search index came back with its content"


def test_down_to_nothing_and_up_again(bare: Settings) -> None:
    migrations.upgrade(bare)
    migrations.downgrade(bare, "base")
    assert look(bare, count_rows) == {}
    migrations.upgrade(bare)
    assert set(look(bare, count_rows)) == set(metadata.tables)


async def set_the_clock(speak: Speak, cast: Cast) -> None:
    """Say how the clock runs, and for whom."""
    ian = speak("Ian")
    calendar = await ian.post("/calendars", {"name": "Usine", "time_zone": "Europe/Paris"})
    closure = {"name": "Pont", "first_day": "2026-05-15", "last_day": "2026-05-15"}
    await ian.post(f"/calendars/{calendar['id']}/closures", closure)
    await ian.put("/clock-policies/submitted", {"days": 4})
    await ian.put(f"/employees/{cast['Dan'].id}/capacity", {"reviews": 3})
    await speak("Dan").put("/me/absence", {"from": "2099-08-01", "until": "2099-08-31"})


async def have_somebody_listen(ian: Client) -> None:
    """Have another system told, and test it."""
    made = await ian.post("/webhooks", {"url": "https://hooks.example/a", "kinds": ["ideas.submitted"]})
    await ian.post(f"/webhooks/{made['id']}/tests")


async def give_prizes(speak: Speak, cast: Cast) -> None:
    """Offer a prize, and award it to a person and to an anonymous idea."""
    trip = {"name": "A trip", "way": "jury", "jury": [cast["Dan"].id]}
    path = f"/prizes/{(await speak('Mia').post('/prizes', trip))['id']}/awards"
    award = await speak("Dan").post(path, {"employee": cast["Max"].id, "reason": "Helpful"})
    await speak("Ian").post(f"/awards/{award['id']}/approvals")
    idea = {"title": "Unnamed", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    unnamed = await speak("Alice").post("/ideas", idea | {"anonymous": True})
    await speak("Mia").post(path, {"idea": unnamed["id"], "reason": "Simple"})


async def tell_and_follow(speak: Speak, cast: Cast, idea_id: str) -> None:
    """Publish news, send a nudge, and follow one of each kind."""
    await speak("Mia").post("/news", {"title": "Winners", "body": "Many."})
    chosen = {"shown": True, "readers": ["sponsor"], "offers": ["help"]}
    await speak("Max").put("/me/innovator-profile", chosen)
    nudge = await speak("Mia").post("/nudges", {"title": "A word", "body": "Say one."})
    await speak("Mia").post(f"/nudges/{nudge['id']}/sending")
    for path in (
        f"/ideas/{idea_id}",
        f"/employees/{cast['Alice'].id}",
        f"/functions/{cast.functions['IT']}",
        f"/campaigns/{cast.permanent_box}",
    ):
        await speak("Max").put(f"{path}/follow")


async def say_how_to_be_told(alice: Client, ian: Client) -> None:
    """Choose channels and times for messages, and have another system told."""
    await have_somebody_listen(ian)
    late = {"kind": "ideas.late", "channel": "email", "timing": "at_once"}
    await alice.put("/me/preferences", {"choices": [late]})
    await alice.put("/me/message-settings", {"hour": 17})
    await alice.put("/me/leaderboard", {"shown": True})
    keys = {"p256dh": "B" * 87, "auth": "c" * 22}
    await alice.post("/me/push-subscriptions", {"endpoint": "https://push.example/a", "keys": keys})
    await alice.put("/me/chat-addresses/slack", {"url": "https://chat.example/a"})


async def meet(speak: Speak, cast: Cast) -> None:
    """Have people sign up, come, and say an idea."""
    path = await announce(speak, cast, minutes=5)
    await speak("Pete").put(f"{path}/sign-up")
    await come(speak, cast, path, "Pete")
    await speak("Pete").put("/me/calendar-feed")
    people = [cast["Pete"].id]
    said = {"title": "Dire", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    await speak("Fay").post(f"{path}/ideas", said | {"authors": people, "agreed": people})
    await speak("Mia").post(f"{path}/cancellation", {"reason": "Grippe"})


async def live_beside_ideas(speak: Speak, cast: Cast, idea_id: str) -> None:
    """Set the clock, invite somebody, meet, help, tell and follow; choose what others see."""
    await tell_and_follow(speak, cast, idea_id)
    await speak("Max").put("/me/segment", {"addressed": False})
    await speak("Max").put("/me/badges/display", {"badges": True, "level": False})
    await speak("Mia").put("/segment-thresholds/regular.active_days", {"at_least": 2})
    await set_the_clock(speak, cast)
    await speak("Adam").post(f"/employees/{cast['Max'].id}/links", {})
    await meet(speak, cast)
    await have_somebody_help(speak, cast)
    unnamed = {"title": "Sans nom", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    other = await speak("Alice").post("/ideas", unnamed | {"anonymous": True})
    await speak("Adam").put("/restriction-lanes/invention", {"readers": [cast["Fay"].id]})
    new = await speak("Alice").post("/ideas", unnamed | {"restriction": "invention"})
    await speak("Fay").post(f"/ideas/{new['id']}/restriction/messages", {"body": "Merci."})
    await speak("Mia").post(f"/ideas/{other['id']}/identity-openings", {"reason": "Une menace. " * 5})


async def have_somebody_help(speak: Speak, cast: Cast) -> None:
    """Say what one knows, ask for help, and talk."""
    draft = {
        "title": "Pas encore",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "draft": True,
    }
    idea = await speak("Alice").post("/ideas", draft)
    await speak("Fay").put("/me/skills", {"skills": ["excel"], "capacity": 2})
    made = await speak("Alice").post(
        f"/ideas/{idea['id']}/help-requests", {"text": "Comment ?", "wants": "facilitator"}
    )
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await speak("Fay").post(f"/help-requests/{made['id']}/messages", {"body": "Ainsi"})


async def work_off(database: Database, cast: Cast) -> None:
    """Let jobs do what they do; of what was counted something changes again, so that something waits."""
    await rollups.settle(database, now=START)
    async with database.writer() as session:
        await session.execute(insert(RollUpChange).values(subject=ids.new()))
    for _ in range(2):
        await segments.compute(database, now=START)
        await leaderboards.compute(database, now=START)
        await releases.keep_due(database, now=START + timedelta(days=40))
        await badges.award(database, now=START)
        async with database.writer() as session:
            await sessions.open(session, cast["Max"], client="test", now=START)
        while await drain(database, now=START) or await broadcasts.tell(database, now=START):
            pass
    await activity.refresh(database, now=START)
    async with database.writer() as session:
        await sessions.open(session, cast["Alice"], client="test", now=START)
    await drain(database, now=START)
    async with database.writer() as session:
        await badge_notes.note_people(session, [cast["Max"].id])
    meters = Meters()
    noted = jobs.Sums(meters)
    meters.add("events.drain").note(0.1, handled=1, failure=None, at=START)
    await noted.write_down(database)


async def hold_a_campaign(database: Database, cast: Cast, idea_id: str) -> None:
    """Hold a campaign with everything that belongs to one."""
    async with database.writer() as session:
        challenge = await campaigns.announce(
            session,
            name="Eau",
            question="?",
            sponsor_id=cast["Sam"].id,
            starts_at=START,
            ends_at=START + timedelta(days=1),
            now=START,
        )
        asked = CampaignField(campaign_id=challenge.id, key="site", kind="text", labels={"en": "Site"})
        session.add(asked)
        await session.flush()
        session.add_all(
            [
                CampaignEntity(campaign_id=challenge.id, entity_id=cast["Max"].entity_id or ""),
                CampaignReport(
                    campaign_id=challenge.id,
                    learnt="l",
                    others="o",
                    written_by=cast["Mia"].id,
                    written_at=START,
                ),
                CampaignReportIdea(campaign_id=challenge.id, idea_id=idea_id),
                FieldValue(idea_id=idea_id, field_id=asked.id, value="Lyon", folded="lyon"),
            ]
        )


async def flag(speak: Speak, database: Database, idea_id: str) -> None:
    """Plan another scale; raise a flag, as the nightly look does when there are votes enough."""
    later = clock.next_day(clock.next_day(clock.now().date())).isoformat()
    await speak("Ian").put("/point-rules/vote", {"points": 2, "per_day": 2, "from": later})
    async with database.writer() as session:
        raised = VoteFlag(
            kind="burst",
            votes=20,
            people=20,
            minutes=10,
            since=START,
            until=START,
            found_at=START,
            seen_at=START,
        )
        session.add(raised)
        await session.flush()
        session.add(VoteFlagIdea(flag_id=raised.id, idea_id=idea_id))


async def use_rights(speak: Speak, cast: Cast) -> None:
    """Ask for a correction and for erasure, and erase somebody whose anonymous idea goes later."""
    body = {"title": "Leaving", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    idea: dict[str, Any] = {}
    for name, anonymous in (("Pete", False), ("Olga", True)):
        idea = await speak(name).post("/ideas", body | {"anonymous": anonymous})
        await speak(name).put("/me/erasure", {"remove": [idea["id"]]})
    await speak("Pete").post("/corrections", {"text": "My name has an accent."})
    for name in ("Dan", "Eve"):
        await speak(name).post(f"/ideas/{idea['id']}/reports", {"reason_code": "spam"})
    await speak("Mia").put("/moderation/words/en", {"words": ["spam"]})
    ((case,),) = [(await speak("Mia").get("/moderation"))["items"]]
    decision = {"action": "keep", "reason_code": "spam", "text": "This is not spam at all."}
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", decision)
    path = f"/employees/{cast['Olga'].id}"
    await speak("Adam").post(f"{path}/deactivation")
    await speak("Adam").post(f"{path}/erasure", {"reason": "They asked for it in a letter."})


async def set_segments(speak: Speak) -> None:
    """Set what the segments know of people's choices."""
    await speak("Max").put("/me/segment", {"addressed": False})
    await speak("Mia").put("/segment-thresholds/regular.active_days", {"at_least": 2})


async def take_out(speak: Speak) -> None:
    """Have an export, which stays in the log."""
    answer = await speak("Ian").request("GET", "/exports/ideas.csv")
    assert answer.status_code == 200


async def fill_every_table(speak: Speak, cast: Cast, database: Database, directory: Path) -> None:
    """Live through enough that no table stays empty."""
    alice = speak("Alice")
    idea = await alice.post(
        "/ideas",
        {
            "title": "Éteindre",
            "problem": "p",
            "solution": "une minuterie",
            "theme": cast.themes["brand"],
            "tags": ["énergie"],
            "function": cast.functions["Finance"],
        },
        headers={"Idempotency-Key": "k"},
    )
    path = f"/ideas/{idea['id']}"
    await speak("Max").put(f"{path}/vote")
    await speak("Max").post(f"{path}/comments", {"body": "Oui"})
    await speak("Ian").put(f"{path}/conflict")
    await live_beside_ideas(speak, cast, idea["id"])
    await flag(speak, database, idea["id"])
    people = {cast[name].id: name for name in cast.people}
    holder = people[idea["holder"]["id"]]
    await speak(holder).post(f"{path}/decisions", {"action": "acknowledge"})
    await speak(holder).post(f"{path}/decisions", {"action": "recommend", "text": "Oui"})
    criteria = (await alice.get("/scorecard-criteria"))["items"]
    card = {"scores": {item["id"]: 3 for item in criteria}, "text": "Bien"}
    await speak("Irma").put(f"{path}/scorecard", card)
    await speak("Irma").post(f"{path}/transitions", {"to": "selected"})
    money = {"amount": 10, "currency": "EUR", "per": "once"}
    await speak("Irma").post(
        f"{path}/transitions", {"to": "project", "owner": cast["Max"].id, "estimate": money}
    )
    await speak("Irma").post("/routing-rules", {"function": cast.functions["IT"], "words": ["serveur"]})
    await speak("").http.post(
        "/auth/token", data={"username": cast["Max"].email or "", "password": "no such password at all"}
    )
    await say_how_to_be_told(alice, speak("Ian"))
    await set_segments(speak)
    await hold_a_campaign(database, cast, idea["id"])
    await take_out(speak)
    await work_off(database, cast)
    await anchor(database, directory, now=START)
    async with database.reader() as session:
        assert await session.scalar(select(col(Event.sequence)).limit(1))
