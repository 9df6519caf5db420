"""Due process: reporting hides nothing, a moderator decides with a reason, another one hears the appeal."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain import register as rules
from app.domain.moderation import PER_DAY
from app.domain.roles import Role
from app.models.moderation import ModerationCase
from app.models.register import RegisterEntry, RegisterHead
from app.models.rewards import PointEntry
from app.models.search import SearchTerm
from app.queries import audits
from app.queries.moderation_counts import list_months
from app.services import recomputation
from tests.support import helping, world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
INSULT = {"reason_code": "insult", "text": "C'est une insulte."}
HIDE = {"action": "hide", "reason_code": "insult", "text": "Ce texte insulte une collègue par son nom."}
KEEP = {"action": "keep", "reason_code": "other", "text": "Ce texte est vif, mais n'insulte personne."}
RESTORE = {"action": "restore", "reason_code": "other", "text": "À la relecture, rien n'est une insulte."}
APPEAL = {"text": "Je parlais de la machine et de personne d'autre."}
EVERYBODY = ("Bob", "Carol", "Dan", "Eve", "Ian", "Hana", "Walt", "Adam", "Max", "Alice")


async def add_moderator(database: Database, cast: Cast, name: str = "Fay") -> None:
    async with database.writer() as session:
        await world.grant(session, cast[name], Role.COMMUNITY_MANAGER)


async def submit(speak: Speak, cast: Cast, name: str = "Alice", **more: Any) -> str:
    words = {"title": "Zébulons", "problem": "Trop de zébulons.", "solution": "Moins.", "tags": ["zeb"]}
    return await helping.submit(speak, cast, name, **words | more)


async def report(speak: Speak, path: str, *names: str) -> None:
    for name in names:
        await speak(name).post(f"{path}/reports", INSULT)


async def list_told(speak: Speak, name: str) -> list[str]:
    return [each["kind"] for each in (await speak(name).get("/me/notifications"))["items"]]


async def find_case(speak: Speak, *names: str) -> tuple[str, dict[str, Any]]:
    """Return who has the one case that there is, and the case."""
    found = [(name, case) for name in names for case in (await speak(name).get("/moderation"))["items"]]
    assert len(found) == 1, found
    return found[0]


async def count_points(database: Database, cast: Cast, name: str) -> int:
    async with database.reader() as session:
        earned = select(func.sum(col(PointEntry.points))).where(
            col(PointEntry.employee_id) == cast[name].id, col(PointEntry.rule) == "comment"
        )
        return await session.scalar(earned) or 0


async def test_reports_hide_nothing_and_come_to_a_moderator_at_the_threshold(
    speak: Speak, cast: Cast
) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    before = await speak("Pete").get(path)
    await report(speak, path, "Max")
    assert (await speak("Mia").get("/moderation"))["items"] == []
    await report(speak, path, "Dan")
    (case,) = (await speak("Mia").get("/moderation"))["items"]
    assert (case["state"], case["can"]) == ("open", ["hide", "keep"])
    assert [each["reason_code"] for each in case["reports"]] == ["insult", "insult"]
    after = await speak("Pete").get(path)
    assert after == before
    # Nobody reads who reported, the author least of all.
    for name in EVERYBODY:
        assert (await speak(name).get("/me/moderation"))["items"] == []
    for reporter in ("Max", "Dan"):
        assert cast[reporter].id not in str(case)
        assert reporter not in str(case)


async def test_what_stands_against_a_report(speak: Speak, cast: Cast) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    await speak("Alice").refused("POST", f"{path}/reports", 403, "reports.own", json=INSULT)
    await report(speak, path, "Max")
    await speak("Max").refused("POST", f"{path}/reports", 409, "reports.before", json=INSULT)
    await speak("Max").refused("POST", f"{path}/reports", 422, json={"reason_code": "ugly"})
    draft = await submit(speak, cast, "Pete", draft=True)
    await speak("Max").refused("POST", f"/ideas/{draft}/reports", 404, "ideas.unknown", json=INSULT)
    await speak("Pete").refused("POST", f"/ideas/{draft}/reports", 403, "reports.own", json=INSULT)


async def test_nobody_reports_without_end(speak: Speak, cast: Cast) -> None:
    ideas = [await submit(speak, cast) for _ in range(PER_DAY + 1)]
    for idea in ideas[:-1]:
        await report(speak, f"/ideas/{idea}", "Max")
    await speak("Max").refused("POST", f"/ideas/{ideas[-1]}/reports", 429, "reports.too-many", json=INSULT)


async def look_everywhere(speak: Speak, path: str) -> None:
    """Assert that nobody, the author included, finds the words in any list."""
    for name in EVERYBODY:
        for page in (path, "/ideas", "/ideas?q=zebulons", "/ideas/similar?text=trop+de+zebulons"):
            answer = await speak(name).request("GET", page)
            assert answer.status_code == 200
            assert "bulons" not in answer.text, (name, page)


async def test_its_author_reads_the_words_and_the_reason_and_not_who(speak: Speak, cast: Cast) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    await report(speak, path, "Max", "Dan")
    _, case = await find_case(speak, "Mia")
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", HIDE)
    (own,) = (await speak("Alice").get("/me/moderation"))["items"]
    assert own["texts"][0] == "Zébulons"
    assert own["decisions"][0]["text"] == HIDE["text"]
    assert (own["decisions"][0]["moderator"], own["reports"], own["can"]) == (None, [], ["appeal"])
    assert cast["Mia"].id not in str(own)


async def test_a_hidden_idea_is_nowhere_and_comes_back_whole(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await submit(speak, cast)
    path = f"/ideas/{idea}"
    await helping.work_off(database)
    before = await speak("Pete").get(path)
    await report(speak, path, "Max", "Dan")
    _, case = await find_case(speak, "Mia")
    decided = await speak("Mia").post(f"/moderation/{case['id']}/decisions", HIDE)
    assert (decided["state"], decided["can"], decided["texts"][1]) == (
        "hidden",
        ["restore"],
        "Trop de zébulons.",
    )
    await helping.work_off(database)
    await look_everywhere(speak, path)
    hidden = await speak("Pete").get(path)
    assert (hidden["title"], hidden["hidden"], hidden["tags"]) == ("[hidden: insult]", "insult", [])
    assert (await speak("Alice").get(path))["can"].count("edit") == 0
    version = {"If-Match": "*"}
    await speak("Alice").refused(
        "PATCH", path, 409, "moderation.hidden", json={"title": "Autre titre"}, headers=version
    )
    async with database.reader() as session:
        words = await session.scalars(select(col(SearchTerm.word)))
        assert not [word for word in words if word.startswith("zebulon")]
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", RESTORE)
    await helping.work_off(database)
    after = await speak("Pete").get(path)
    for said in ("title", "problem", "solution", "tags", "hidden", "votes", "stage"):
        assert after[said] == before[said]
    assert [each["id"] for each in (await speak("Max").get("/ideas?q=zebulons"))["items"]] == [idea]
    assert (await speak("Max").get(f"{path}/itinerary/verification"))["valid"]
    assert [each for each in await audits.audit(database) if each.level == "error"] == []


async def test_the_author_is_told_and_hears_from_another_moderator(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await add_moderator(database, cast)
    path = f"/ideas/{await submit(speak, cast)}"
    await report(speak, path, "Max", "Dan")
    first, case = await find_case(speak, "Mia", "Fay")
    second = {"Mia": "Fay", "Fay": "Mia"}[first]
    decisions = f"/moderation/{case['id']}/decisions"
    await speak(second).refused("POST", decisions, 404, "moderation.unknown", json=HIDE)
    await speak(first).post(decisions, HIDE)
    await helping.work_off(database)
    assert "moderation.hidden" in await list_told(speak, "Alice")
    appeals = f"/moderation/{case['id']}/appeals"
    await speak("Pete").refused("POST", appeals, 404, "moderation.unknown", json=APPEAL)
    appealed = await speak("Alice").post(appeals, APPEAL)
    assert (appealed["state"], appealed["can"]) == ("appealed", [])
    await speak("Alice").refused("POST", appeals, 409, "moderation.not-appealable", json=APPEAL)
    await speak(first).refused("POST", decisions, 404, "moderation.unknown", json=RESTORE)
    who, case = await find_case(speak, "Mia", "Fay")
    assert (who, case["appeal"], case["can"]) == (second, APPEAL["text"], ["hide", "restore"])
    await speak(second).refused("POST", decisions, 409, "moderation.not-possible", json=KEEP)
    await speak(second).post(decisions, HIDE)
    await helping.work_off(database)
    assert "moderation.upheld" in await list_told(speak, "Alice")
    (own,) = (await speak("Alice").get("/me/moderation"))["items"]
    assert (own["state"], own["can"], [each["on_appeal"] for each in own["decisions"]]) == (
        "hidden",
        [],
        [False, True],
    )
    await speak("Alice").refused("POST", appeals, 409, "moderation.not-appealable", json=APPEAL)


async def test_a_hidden_comment_loses_its_points_and_has_them_back(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await submit(speak, cast)
    said = await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Quel zébulon, ce Bob !"})
    path = f"/comments/{said['id']}"
    await helping.work_off(database)
    assert await count_points(database, cast, "Max") == 1
    await report(speak, path, "Dan", "Pete")
    _, case = await find_case(speak, "Mia")
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", HIDE)
    await helping.work_off(database)
    assert await count_points(database, cast, "Max") == 0
    assert await recomputation.settle_all(database, now=clock.now()) == 0
    for name in ("Alice", "Max", "Mia"):
        (thread,) = (await speak(name).get(f"/ideas/{idea}/comments"))["items"]
        assert (thread["body"], thread["hidden"]) == ("[hidden: insult]", "insult")
        assert "edit" not in thread["can"]
    await speak("Max").refused(
        "PATCH", path, 409, "moderation.hidden", json={"body": "Pardon"}, headers={"If-Match": "*"}
    )
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", RESTORE)
    await helping.work_off(database)
    assert await count_points(database, cast, "Max") == 1
    (thread,) = (await speak("Pete").get(f"/ideas/{idea}/comments"))["items"]
    assert (thread["body"], thread["hidden"]) == ("Quel zébulon, ce Bob !", None)
    assert "moderation.restored" in await list_told(speak, "Max")


async def test_what_its_author_takes_back_while_it_is_hidden_stays_away(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await submit(speak, cast)
    said = await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Quel zébulon !"})
    await report(speak, f"/comments/{said['id']}", "Dan", "Pete")
    _, case = await find_case(speak, "Mia")
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", HIDE)
    gone = await speak("Max").request("DELETE", f"/comments/{said['id']}", headers={"If-Match": "*"})
    assert gone.status_code == 204
    restored = await speak("Mia").post(f"/moderation/{case['id']}/decisions", RESTORE)
    assert restored["texts"] == [""]
    (thread,) = (await speak("Pete").get(f"/ideas/{idea}/comments"))["items"]
    assert (thread["deleted"], thread["body"]) == (True, None)


async def test_the_line_never_moderates_nor_does_who_reported(
    speak: Speak, cast: Cast, database: Database
) -> None:
    """Bob is the author's manager; Mia reports. What remains is an innovation manager."""
    await add_moderator(database, cast, "Bob")
    path = f"/ideas/{await submit(speak, cast)}"
    await report(speak, path, "Mia", "Dan")
    who, case = await find_case(speak, "Mia", "Bob", "Ian", "Irma", "Adam")
    assert who in ("Ian", "Irma")
    for name in ("Bob", "Mia", "Adam"):
        await speak(name).refused("GET", f"/moderation/{case['id']}", 404, "moderation.unknown")
    # Somebody who comes into the line loses the case at once.
    async with database.writer() as session:
        other = await world.make_employee(session, "Zoe", entity="Company/Elsewhere")
        await world.grant(session, other, Role.COMMUNITY_MANAGER)
    await speak("Adam").post(f"/employees/{cast[who].id}/deactivation")
    cast.people["Zoe"] = other
    now_who, _ = await find_case(speak, "Ian" if who == "Irma" else "Irma", "Zoe")
    assert now_who == "Zoe"


async def test_of_what_is_anonymous_nobody_can_tell_who_is_too_close(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await add_moderator(database, cast, "Bob")
    await add_moderator(database, cast, "Fay")
    path = f"/ideas/{await submit(speak, cast, anonymous=True)}"
    await report(speak, path, "Max", "Dan")
    who, case = await find_case(speak, "Mia", "Bob", "Fay")
    assert who != "Bob"
    other = "Mia" if who == "Fay" else "Fay"
    answers = [
        await speak(name).request("POST", f"/moderation/{case['id']}/decisions", json=HIDE)
        for name in ("Bob", other, "Max")
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "moderation.unknown")}
    assert cast["Alice"].id not in str(case)
    await speak(who).post(f"/moderation/{case['id']}/decisions", HIDE)
    async with database.reader() as session:
        entries = (await session.scalars(select(RegisterEntry).order_by(col(RegisterEntry.position)))).all()
        head = (await session.scalars(select(RegisterHead))).one()
    assert rules.verify(entries, head=head.hash, length=head.position).valid
    assert (entries[-1].act, entries[-1].about_ref, entries[-1].text) == (
        "moderation.hide",
        None,
        HIDE["text"],
    )


async def test_words_of_the_list_bring_a_text_to_a_moderator_and_hide_nothing(
    speak: Speak, cast: Cast, database: Database
) -> None:
    words = await speak("Mia").put("/moderation/words/fr", {"words": ["Zébulon", "zebulon", "Abruti"]})
    assert words["words"] == ["abruti", "zebulon"]
    await speak("Max").refused("PUT", "/moderation/words/fr", 403, json={"words": []})
    await speak("Max").refused("GET", "/moderation/words/de", 404, "moderation.no-such-language")
    idea = await submit(speak, cast, title="Bonjour", problem="Rien.", tags=[])
    said = await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Quel ABRUTI !"})
    await helping.work_off(database)
    _, case = await find_case(speak, "Mia")
    assert (case["comment"], case["words"], case["reports"]) == (said["id"], ["abruti"], [])
    (thread,) = (await speak("Pete").get(f"/ideas/{idea}/comments"))["items"]
    assert thread["body"] == "Quel ABRUTI !"
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", KEEP)
    # What was looked at is not brought again for the same words.
    await speak("Max").request(
        "PATCH", f"/comments/{said['id']}", json={"body": "Abruti toi-même"}, headers={"If-Match": "*"}
    )
    await helping.work_off(database)
    _, case = await find_case(speak, "Mia")
    assert case["state"] == "kept"


async def test_what_was_kept_comes_back_for_new_reports_only(speak: Speak, cast: Cast) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    await report(speak, path, "Max", "Dan")
    _, case = await find_case(speak, "Mia")
    await speak("Mia").post(f"/moderation/{case['id']}/decisions", KEEP)
    await speak("Mia").refused(
        "POST", f"/moderation/{case['id']}/decisions", 409, "moderation.not-possible", json=HIDE
    )
    await report(speak, path, "Eve")
    assert (await find_case(speak, "Mia"))[1]["state"] == "kept"
    await report(speak, path, "Dev")
    assert (await find_case(speak, "Mia"))[1]["state"] == "open"


async def test_two_who_report_at_once_open_one_case(speak: Speak, cast: Cast, database: Database) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    names = ("Max", "Dan", "Eve", "Dev", "Sam", "Hana")
    await asyncio.gather(*(report(speak, path, name) for name in names))
    _, case = await find_case(speak, "Mia")
    assert len(case["reports"]) == len(names)
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(ModerationCase)) == 1


async def test_counts_are_public_and_small_ones_are_not_shown(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    await report(speak, path, "Dan", "Eve", "Dev", "Sam")
    month = (await speak("Max").get("/moderation/counts"))["months"][0]
    assert month["month"] == clock.day_in(database.zone, clock.now()).isoformat()[:7]
    assert (month["reports"], month["hidden"]) == (None, None)
    await report(speak, path, "Hana")
    months = (await speak("Walt").get("/moderation/counts"))["months"]
    assert [each["reports"] for each in months] == [5] + [None] * 11


def test_months_go_back_over_the_year() -> None:
    months = list_months(date(2027, 2, 28))
    assert (months[0], months[1], months[2], months[-1]) == ("2027-02", "2027-01", "2026-12", "2026-03")
