"""Followers hear of an idea once, and only who is not told otherwise; readers hear of news, people of their badges."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.badge_events import BadgeAwarded
from app.domain.events import IdeaMoved
from app.models.badges import BadgeAward
from app.models.broadcasts import Broadcast
from app.models.employees import Employee
from app.models.follows import CampaignFollow, FunctionFollow
from app.models.news import NewsPost
from app.queries import news, news_audiences
from app.schemas.news import WriteNews
from app.services import broadcasts, events
from app.services import news as writing
from tests.services.test_broadcasts import announce, tell_all
from tests.services.test_notifications import list_told
from tests.support.client import Client
from tests.support.helping import submit
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
DAY = START.date()


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of three: a crowd takes several."""
    monkeypatch.setattr(broadcasts, "SLICE", 3)


async def move(database: Database, idea: str, act: str, to: str) -> None:
    async with database.writer() as session:
        values = {"act": act, "from": "submitted", "to": to}
        events.record(session, IdeaMoved(idea, values), actor_id=None, now=START)


async def test_followers_hear_of_steps_and_comments_and_nobody_twice(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    holder = (await speak("Alice").get(f"/ideas/{idea}"))["holder"]["name"]
    for name in ("Alice", "Max", "Pete", "Rita", holder):
        await speak(name).put(f"/ideas/{idea}/follow")
    await tell_all(database)
    before = {
        name: await list_told(database, cast, name) for name in ("Alice", "Max", "Pete", "Rita", holder)
    }
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Oui."})
    await move(database, idea, "recommend", "recommended")
    await move(database, idea, "clarify", "evaluation")
    await tell_all(database)
    new = {name: (await list_told(database, cast, name))[len(known) :] for name, known in before.items()}
    assert new["Pete"] == new["Rita"] == ["follows.commented", "follows.moved"]
    assert new["Max"] == ["follows.moved"], "not of one's own comment"
    assert "comments.written" in new["Alice"]
    assert not {each for name in ("Alice", holder) for each in new[name] if each.startswith("follows.")}
    told = (await speak("Pete").get("/me/notifications"))["items"]
    commented = next(each for each in told if each["kind"] == "follows.commented")
    assert commented["person"]["name"] == cast["Max"].name
    assert commented["subject"] == {"kind": "idea", "id": idea, "name": "Éteindre"}


async def test_who_answers_a_comment_is_not_told_of_it_by_following_as_well(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    await speak("Pete").put(f"/ideas/{idea}/follow")
    first = await speak("Pete").post(f"/ideas/{idea}/comments", {"body": "Quand ?"})
    await tell_all(database)
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Demain.", "reply_to": first["id"]})
    await tell_all(database)
    assert (await list_told(database, cast, "Pete")) == ["comments.replied"]


async def test_of_an_anonymous_author_followers_hear_no_name(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast, anonymous=True)
    await speak("Pete").put(f"/ideas/{idea}/follow")
    await speak("Alice").post(f"/ideas/{idea}/comments", {"body": "Je précise."})
    await tell_all(database)
    [told] = (await speak("Pete").get("/me/notifications"))["items"]
    assert told["kind"] == "follows.commented"
    assert told["person"] is None


async def test_where_nobody_follows_no_broadcast_is_opened(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Oui."})
    await tell_all(database)
    async with database.reader() as session:
        assert list(await session.scalars(select(Broadcast))) == []


async def test_news_reaches_whom_it_is_for_until_it_is_withdrawn(
    speak: Speak, database: Database, cast: Cast
) -> None:
    entity = cast["Alice"].entity_id
    body = {"title": "Une semaine", "body": "Venez.", "audience": "entity", "entity": entity}
    post = await speak("Mia").post("/news", body)
    await speak("Mia").post(f"/news/{post['id']}/publication")
    await tell_all(database)
    [told] = (await speak("Alice").get("/me/notifications"))["items"]
    assert (told["kind"], told["subject"]["kind"], told["subject"]["name"]) == (
        "news.published",
        "news",
        "Une semaine",
    )
    elsewhere = next(
        name for name, person in cast.people.items() if person.entity_id != entity and name != "Mia"
    )
    assert "news.published" not in await list_told(database, cast, elsewhere)
    assert (await speak("Alice").get("/me"))["unread"] == 1
    await speak("Mia").post(f"/news/{post['id']}/withdrawal")
    assert (await speak("Alice").get("/me/notifications"))["items"] == []
    assert (await speak("Alice").get("/me"))["unread"] == 0


async def test_those_who_are_told_of_news_are_those_who_may_read_it(database: Database, cast: Cast) -> None:
    """The statement of the readers of a post and the condition of a reader say the same, for each person and post."""
    somewhere = await announce(database, cast, "Alice")
    async with database.writer() as session:
        mia = await cast.actor(session, "Mia")
        pete = cast["Pete"].id
        session.add(CampaignFollow(follower_id=pete, campaign_id=somewhere, followed_at=START))
        session.add(
            FunctionFollow(follower_id=pete, function_id=cast.functions["Finance"], followed_at=START)
        )
        entities = {person.entity_id for person in cast.people.values() if person.entity_id}
        audiences = [{}, *({"audience": "entity", "entity": each} for each in sorted(entities))]
        audiences += [{"audience": "function", "function": each} for each in cast.functions.values()]
        audiences += [{"audience": "campaign", "campaign": each} for each in (cast.permanent_box, somewhere)]
        for given in audiences:
            values = WriteNews.model_validate({"title": "News", "body": "b", **given})
            post = await writing.write(session, mia, values, now=START)
            await writing.publish(session, mia, post.id, now=START)
    async with database.writer() as session:
        for post in (await session.scalars(select(NewsPost))).all():
            told = set(await session.scalars(await news_audiences.select_readers(session, post)))
            readers = set()
            for name in cast.people:
                actor = await cast.actor(session, name)
                statement = select(col(NewsPost.id)).where(
                    col(NewsPost.id) == post.id, news.is_readable(actor, START + timedelta(seconds=1))
                )
                if await session.scalar(statement) is not None:
                    readers.add(actor.id)
            assert told & {person.id for person in cast.people.values()} == readers, post.audience


async def award(database: Database, cast: Cast, *, fresh: bool = True) -> str:
    async with database.writer() as session:
        made = BadgeAward(
            employee_id=cast["Max"].id, badge="many_hands", tier="silver", awarded_on=DAY, rule="x", facts={}
        )
        session.add(made)
        await session.flush()
        facts = {"badge": made.badge, "tier": made.tier, "fresh": fresh}
        events.record(session, BadgeAwarded(made.id, facts), actor_id=None, now=START)
        return made.id


async def test_a_badge_is_told_to_who_earned_it_in_their_language(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await award(database, cast)
    await tell_all(database)
    [told] = (await speak("Max").get("/me/notifications"))["items"]
    assert told["kind"] == "badges.awarded"
    assert told["subject"]["name"] == "À plusieurs mains (argent)"
    async with database.writer() as session:
        await session.execute(update(Employee).where(col(Employee.id) == cast["Max"].id).values(locale="en"))
    [told] = (await speak("Max").get("/me/notifications"))["items"]
    assert told["subject"]["name"] == "Many hands (silver)"


async def test_a_badge_that_lapsed_and_came_again_is_told_once(
    speak: Speak, database: Database, cast: Cast
) -> None:
    first = await award(database, cast)
    await tell_all(database)
    async with database.writer() as session:
        await session.execute(delete(BadgeAward).where(col(BadgeAward.id) == first))
    assert (await speak("Max").get("/me"))["unread"] == 0, "of what lapsed nothing is said"
    await award(database, cast)
    await tell_all(database)
    assert await list_told(database, cast, "Max") == ["badges.awarded"]


async def test_an_old_badge_that_a_new_rule_finds_is_no_news(database: Database, cast: Cast) -> None:
    await award(database, cast, fresh=False)
    await tell_all(database)
    assert await list_told(database, cast, "Max") == []
