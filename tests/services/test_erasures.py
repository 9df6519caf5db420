"""Erasing a person leaves no trace of them, and every total as it was."""

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.domain import register as rules
from app.domain.erasures import LONGEST_WAIT
from app.domain.roles import Role
from app.jobs.drain import drain
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.register import RegisterEntry, RegisterHead
from app.models.rewards import PointEntry
from app.models.search import SearchTerm
from app.models.sessions import SignIn
from app.queries import audits
from app.services import content_removals, recomputation, sweeps
from tests.support import traces, world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
REASON = {"reason": "They asked for it in a letter of March."}
FIGURES = ("/stats/participation", "/stats/pipeline")


@pytest.fixture
async def zoe(database: Database, cast: Cast) -> Employee:
    """Somebody with an unusual name and a role, in the line of Bob."""
    async with database.writer() as session:
        person = await world.make_employee(
            session, "Zoraïde Quetzalfrau", entity="Company/Sales/Lyon", manager=cast["Bob"]
        )
        await world.grant(session, person, Role.COMMUNITY_MANAGER)
        person.external_id = "XQ-778812"
        await session.flush()
    async with database.writer() as session:
        session.add(SignIn(employee_id=person.id, at=clock.now()))
    cast.people["Zoe"] = person
    return person


async def work_off(database: Database) -> None:
    while await drain(database, now=clock.now()):
        pass


async def live(speak: Speak, cast: Cast, database: Database, zoe: Employee) -> dict[str, str]:
    """Have her do all sorts of things; returns the ideas by what is to become of them."""
    her = speak("Zoe")
    ideas = {}
    written: dict[str, dict[str, Any]] = {
        "kept": {
            "problem": f"{zoe.name} vous le dit : trop de papier.",
            "solution": f"Moins. {normalize('NFD', zoe.name)}",
            "tags": ["papier", zoe.external_id],
        },
        "removed": {"problem": "Sur zyglotron."},
        "unnamed": {"anonymous": True, "problem": "Sous brindezingue."},
        "draft": {"draft": True},
    }
    for name, more in written.items():
        body = {"title": f"Idée {name}", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
        ideas[name] = (await her.post("/ideas", body | more))["id"]
    other = (
        await speak("Pete").post(
            "/ideas", {"title": "De Pete", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
        )
    )["id"]
    ideas["other"] = other
    await her.put(f"/ideas/{other}/vote")
    said = await her.post(f"/ideas/{other}/comments", {"body": f"Bravo ! {zoe.name}"})
    await have_hidden(speak, f"/comments/{said['id']}", zoe.name)
    await her.post(f"/ideas/{ideas['unnamed']}/comments", {"body": "Sans nom"})
    await speak("Max").put(f"/ideas/{ideas['kept']}/vote")
    # Somebody else's request, whose answer is kept for a repeat, names her.
    await speak("Pete").post(
        f"/ideas/{other}/authors", {"employee": zoe.id}, headers={"Idempotency-Key": "once"}
    )
    await be_asked(speak, cast, ideas["removed"])
    await her.put("/me/skills", {"skills": ["excel"]})
    await her.put("/me/absence", {"from": "2099-08-01", "until": "2099-08-31"})
    await her.post("/corrections", {"text": f"Mon nom est {zoe.name}."})
    await speak("Adam").post(f"/employees/{zoe.id}/roles", {"role": "facilitator"})
    await her.put("/me/erasure", {"remove": [ideas["removed"], ideas["unnamed"]]})
    await work_off(database)
    return ideas


async def have_hidden(speak: Speak, path: str, name: str) -> None:
    """Have something of hers hidden, with her name in what is said about it."""
    for reporter in ("Max", "Dan"):
        await speak(reporter).post(f"{path}/reports", {"reason_code": "insult", "text": f"C'est {name} !"})
    (case,) = (await speak("Mia").get("/moderation"))["items"]
    decision = {"action": "hide", "reason_code": "insult", "text": f"Ce que dit {name} est une insulte."}
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", decision)


async def be_asked(speak: Speak, cast: Cast, idea: str) -> None:
    """Have the holder ask a question, which she answers."""
    people = {person.id: name for name, person in cast.people.items()}
    holder = people[(await speak("Max").get(f"/ideas/{idea}"))["holder"]["id"]]
    path = f"/ideas/{idea}/decisions"
    await speak(holder).post(path, {"action": "clarify", "text": "Combien ?"})
    await speak("Zoe").post(path, {"action": "answer", "text": "Deux zyglotrons."})


async def count_points(database: Database) -> int:
    async with database.reader() as session:
        return await session.scalar(select(func.sum(col(PointEntry.points)))) or 0


async def read_figures(speak: Speak) -> list[Any]:
    return [await speak("Hana").get(path) for path in FIGURES]


async def let_go(speak: Speak, database: Database, zoe: Employee) -> None:
    await speak("Adam").post(f"/employees/{zoe.id}/deactivation")
    await work_off(database)


async def erase(speak: Speak, database: Database, zoe: Employee, **more: Any) -> Any:
    done = await speak("Adam").post(f"/employees/{zoe.id}/erasure", REASON | more)
    await work_off(database)
    assert await sweeps.sweep(database, now=clock.now()) == 1
    assert await sweeps.compact(database, now=clock.now()) == 1
    return done


async def test_nothing_that_is_stored_says_who_it_was(
    speak: Speak, cast: Cast, database: Database, settings: Settings, zoe: Employee
) -> None:
    ideas = await live(speak, cast, database, zoe)
    known = traces.list_traces(zoe)
    assert traces.find_traces(await traces.read_store(database, settings), known) == known
    await let_go(speak, database, zoe)
    done = await erase(speak, database, zoe)
    assert (done["ideas_kept"], done["ideas_removed"], done["comments_kept"]) == (1, 1, 1)
    assert traces.find_traces(await traces.read_store(database, settings), known) == []
    idea = await speak("Max").get(f"/ideas/{ideas['kept']}")
    assert idea["author"]["name"] == "—"
    assert idea["problem"].startswith("… vous le dit")
    assert (idea["solution"], idea["tags"]) == ("Moins. …", ["papier"])
    for name in ("kept", "removed", "unnamed", "other"):
        assert (await speak("Max").get(f"/ideas/{ideas[name]}/itinerary/verification"))["valid"]
    await speak("Max").refused("GET", f"/ideas/{ideas['draft']}", 404)
    await speak("Adam").refused("GET", f"/employees/{zoe.id}", 404)
    await speak("Zoe").refused("GET", "/me", 401)


async def test_every_total_is_as_it_was(speak: Speak, cast: Cast, database: Database, zoe: Employee) -> None:
    await live(speak, cast, database, zoe)
    await let_go(speak, database, zoe)
    # Its first sign-in is worth a point.
    await recomputation.settle_all(database, now=clock.now())
    before, points = await read_figures(speak), await count_points(database)
    await erase(speak, database, zoe)
    assert await read_figures(speak) == before
    assert await count_points(database) == points
    assert await recomputation.settle_all(database, now=clock.now()) == 0
    assert [each for each in await audits.audit(database) if each.level == "error"] == []


async def test_content_goes_as_she_chose_and_stays_out_of_the_search(
    speak: Speak, cast: Cast, database: Database, zoe: Employee
) -> None:
    ideas = await live(speak, cast, database, zoe)
    await let_go(speak, database, zoe)
    await erase(speak, database, zoe)
    removed = await speak("Max").get(f"/ideas/{ideas['removed']}")
    assert (removed["title"], removed["problem"], removed["stage"]) == ("—", "—", "submitted")
    assert (await speak("Max").get("/ideas?q=zyglotron"))["items"] == []
    # What is anonymous does not go in the same hour.
    unnamed = await speak("Max").get(f"/ideas/{ideas['unnamed']}")
    assert unnamed["title"] == "Idée unnamed"
    assert await content_removals.remove_due(database, now=clock.now() + LONGEST_WAIT) == 1
    unnamed = await speak("Max").get(f"/ideas/{ideas['unnamed']}")
    assert (unnamed["title"], unnamed["author"]) == ("—", None)
    async with database.reader() as session:
        words = set(await session.scalars(select(col(SearchTerm.word))))
        said = (
            await session.scalars(select(col(Comment.body)).where(col(Comment.idea_id) == ideas["unnamed"]))
        ).all()
    assert not {word for word in words if word.startswith(("zyglo", "brindez"))}
    assert said == ["—"]
    assert (await speak("Max").get(f"/ideas/{ideas['unnamed']}/itinerary/verification"))["valid"]


async def test_the_register_says_that_and_why_but_not_who(
    speak: Speak, cast: Cast, database: Database, zoe: Employee
) -> None:
    await live(speak, cast, database, zoe)
    await let_go(speak, database, zoe)
    done = await erase(speak, database, zoe)
    async with database.reader() as session:
        entries = (await session.scalars(select(RegisterEntry).order_by(col(RegisterEntry.position)))).all()
        head = (await session.scalars(select(RegisterHead))).one()
    assert rules.verify(entries, head=head.hash, length=head.position).valid
    last = entries[-1]
    assert (last.act, last.subject, last.text, last.about_ref) == (
        "erasures.made",
        done["id"],
        REASON["reason"],
        None,
    )


async def test_a_trial_run_writes_nothing(
    speak: Speak, cast: Cast, database: Database, zoe: Employee
) -> None:
    await live(speak, cast, database, zoe)
    await let_go(speak, database, zoe)
    said = await speak("Adam").post(f"/employees/{zoe.id}/erasure?dry_run=true", REASON)
    assert (said["id"], said["ideas_kept"], said["ideas_removed"]) == (None, 1, 1)
    assert "votes" in said["nameless"]
    assert "sessions" in said["gone"]
    assert (await speak("Adam").get(f"/employees/{zoe.id}"))["name"] == zoe.name


async def test_numbers_do_not_tell_that_somebody_wrote_without_a_name(
    speak: Speak, cast: Cast, database: Database, zoe: Employee
) -> None:
    """The same account with and without anonymous ideas gives the same answer."""
    answers = []
    for name in ("Pete", "Olga"):
        more = {"anonymous": True} if name == "Olga" else {}
        if more:
            body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
            idea = await speak(name).post("/ideas", body | more)
            await speak(name).post(f"/ideas/{idea['id']}/comments", {"body": "Sans nom"})
            await speak(name).put("/me/erasure", {"comments": "remove", "remove": [idea["id"]]})
        await let_go(speak, database, cast[name])
        said = await speak("Adam").post(f"/employees/{cast[name].id}/erasure", REASON)
        answers.append({key: value for key, value in said.items() if key not in ("id", "made_at")})
    assert answers[0] == answers[1]


async def test_what_stands_against_it(speak: Speak, cast: Cast, database: Database, zoe: Employee) -> None:
    path = f"/employees/{zoe.id}/erasure"
    await speak("Adam").refused("POST", path, 409, "erasures.still-active", json=REASON)
    await speak("Max").refused("POST", path, 403, "permissions.role-missing", json=REASON)
    own = f"/employees/{cast['Adam'].id}/erasure"
    await speak("Adam").refused("POST", own, 409, "erasures.own", json=REASON)
    await let_go(speak, database, zoe)
    named = {"reason": f"A letter of {zoe.name.upper()} of March."}
    problem = await speak("Adam").refused("POST", path, 422, "erasures.reason-names", json=named)
    assert problem["errors"][0]["pointer"] == "/reason"
    await speak("Adam").refused("POST", path, 422, json={"reason": "short"})
    await erase(speak, database, zoe)
    async with database.reader() as session:
        account = (await session.scalars(select(Employee).where(col(Employee.erased_at).is_not(None)))).one()
    await speak("Adam").refused(
        "POST", f"/employees/{account.id}/erasure", 409, "erasures.already-erased", json=REASON
    )
    await speak("Adam").refused(
        "POST", f"/employees/{account.id}/reactivation", 409, "erasures.already-erased"
    )
    assert (await speak("Adam").get(f"/employees/{account.id}"))["can"] == []


async def test_only_what_one_wrote_alone_can_go(speak: Speak, cast: Cast, database: Database) -> None:
    body = {"title": "À deux", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    idea = (await speak("Pete").post("/ideas", body))["id"]
    await speak("Pete").post(f"/ideas/{idea}/authors", {"employee": cast["Olga"].id})
    await speak("Pete").put("/me/erasure", {"remove": [idea]})
    await speak("Olga").put(f"/ideas/{idea}/authors/me", {"answer": "accept"})
    await speak("Pete").refused("PUT", "/me/erasure", 422, "erasures.not-removable", json={"remove": [idea]})
    await speak("Max").refused("PUT", "/me/erasure", 422, "erasures.not-removable", json={"remove": [idea]})
    await let_go(speak, database, cast["Pete"])
    await erase(speak, database, cast["Pete"], ideas="remove")
    assert (await speak("Max").get(f"/ideas/{idea}"))["title"] == "À deux"


async def test_who_asked_is_known_to_admins_and_can_take_it_back(speak: Speak, cast: Cast) -> None:
    await speak("Max").put("/me/erasure", {})
    asked = (await speak("Adam").get("/erasure-wishes"))["items"]
    assert [each["employee"]["id"] for each in asked] == [cast["Max"].id]
    assert asked[0]["can"] == ["deactivate"]
    answer = await speak("Max").request("DELETE", "/me/erasure")
    assert answer.status_code == 204
    assert (await speak("Adam").get("/erasure-wishes"))["items"] == []
    assert (await speak("Max").get("/me/erasure"))["asked_at"] is None
