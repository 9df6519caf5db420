"""Restricted ideas: who restricts, reads, answers and lifts; their clock; what the register says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.employees import Management
from app.models.ideas import Idea
from app.models.register import RegisterEntry
from app.models.restrictions import Restriction
from app.queries import audits
from app.services import restriction_turns, retention
from tests.support import helping
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
KIND = "personal-data"
WHY = "Elle cite le nom et la maladie d'une collègue."
PUT = {"kind": KIND, "text": WHY}
LIFT = {"action": "lift", "text": "Les noms ont été retirés du texte."}
CLOSE = {"action": "close", "text": "Transmis au service compétent, merci."}
EVERYBODY = ("Bob", "Carol", "Dan", "Dora", "Ian", "Hana", "Walt", "Adam", "Mia", "Max", "Pete", "Rita")


async def name_readers(speak: Speak, cast: Cast, *names: str, **more: Any) -> Any:
    values = {"readers": [cast[name].id for name in names]} | more
    return await speak("Adam").put(f"/restriction-lanes/{KIND}", values)


async def restrict(speak: Speak, cast: Cast, **more: Any) -> str:
    """Have Dan, who holds it, restrict an idea of Alice's."""
    idea = await helping.submit(speak, cast, **more)
    await speak("Dan" if await holds(speak, idea, "Dan") else "Dora").post(f"/ideas/{idea}/restriction", PUT)
    return idea


async def holds(speak: Speak, idea: str, name: str) -> bool:
    return ((await speak(name).get(f"/ideas/{idea}"))["holder"] or {}).get("name") == name


async def check_sound(database: Database) -> None:
    assert [found for found in await audits.audit(database) if found.level == "error"] == []


async def find_row(database: Database, idea: str) -> Restriction:
    async with database.reader() as session:
        row = await session.scalar(
            select(Restriction).where(col(Restriction.idea_id) == idea).order_by(col(Restriction.opened_at))
        )
        assert row is not None
        return row


async def name_reader(database: Database, cast: Cast, idea: str) -> str | None:
    reader = (await find_row(database, idea)).reader_id
    return next((name for name, person in cast.people.items() if person.id == reader), None)


async def test_only_authors_and_readers_know_of_a_restricted_idea(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await name_readers(speak, cast, "Fay")
    idea = await restrict(speak, cast)
    for name in EVERYBODY:
        for path in ("", "/comments", "/itinerary", "/restriction", "/restriction/messages"):
            await speak(name).refused("GET", f"/ideas/{idea}{path}", 404, "ideas.unknown")
    for name in ("Alice", "Fay"):
        shown = await speak(name).get(f"/ideas/{idea}")
        assert (shown["restriction"], shown["stage"]) == (KIND, "draft")
        assert not {"submit", "delete", "invite", "vote", "comment"} & set(shown["can"])
    told = await speak("Alice").get(f"/ideas/{idea}/restriction")
    assert (told["text"], told["reader"]["name"], told["can"]) == (WHY, "Fay", ["withdraw", "write"])
    assert "RGPD" in told["texts"]["fr"]["why"]
    assert "has not said" in told["texts"]["en"]["contact"]
    queue = await speak("Fay").get("/restrictions")
    assert [(each["idea"], each["can"]) for each in queue["items"]] == [
        (idea, ["acknowledge", "close", "lift", "write"])
    ]
    assert (await speak("Dan").get("/restrictions"))["items"] == []
    await check_sound(database)


@pytest.mark.parametrize(
    "damage",
    [{"restriction": None}, {"restriction": "invention"}, {"stage": "evaluation", "submitted_at": START}],
    ids=str,
)
async def test_what_contradicts_a_restriction_is_found(
    speak: Speak, cast: Cast, database: Database, damage: dict[str, Any]
) -> None:
    await name_readers(speak, cast, "Fay")
    idea = await restrict(speak, cast)
    await check_sound(database)
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) == idea).values(**damage))
    errors = [found.what for found in await audits.audit(database) if found.level == "error"]
    assert f"Restricted ideas differ from their restrictions: {idea}" in errors


async def test_who_runs_it_is_told_of_a_lane_that_nobody_reads(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea = await restrict(speak, cast)
    found = {each.what: each for each in await audits.audit(database) if each.level == "warning"}
    told = found[f"1 restricted ideas of the lane {KIND} have no reader"]
    assert f"/restriction-lanes/{KIND}" in told.remedy
    assert idea not in str(found), "which it is stays between its author and the lane"
    await name_readers(speak, cast, "Fay")
    assert not [each for each in await audits.audit(database) if "have no reader" in each.what]


async def test_a_lifted_idea_stands_where_it_stood(speak: Speak, cast: Cast, database: Database) -> None:
    await name_readers(speak, cast, "Fay")
    idea = await helping.submit(speak, cast, title="Zinzolin", tags=["zinz"])
    holder = "Dan" if await holds(speak, idea, "Dan") else "Dora"
    await speak(holder).post(f"/ideas/{idea}/decisions", {"action": "acknowledge"})
    await speak("Max").put(f"/ideas/{idea}/vote")
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Bien."})
    await helping.work_off(database)
    points = await speak("Alice").get("/me/points")
    before = await speak("Max").get(f"/ideas/{idea}")
    await speak(holder).post(f"/ideas/{idea}/restriction", PUT)
    assert (await speak("Max").get("/ideas", params={"q": "Zinzolin"}))["items"] == []
    await helping.work_off(database)
    await check_sound(database)
    assert await speak("Alice").get("/me/points") == points
    lifted = await speak("Fay").post(f"/ideas/{idea}/restriction/decisions", LIFT)
    assert (lifted["state"], lifted["can"]) == ("lifted", [])
    after = await speak("Max").get(f"/ideas/{idea}")
    same = ("stage", "votes", "created_at", "title", "can", "restriction", "voted")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert after["holder"] is not None
    assert [each["id"] for each in (await speak("Max").get("/ideas", params={"q": "Zinzolin"}))["items"]] == [
        idea
    ]
    acts = [each["act"] for each in (await speak("Max").get(f"/ideas/{idea}/itinerary"))["items"]]
    assert acts == ["submit", "acknowledge", "restrict", "lift"]
    await check_sound(database)


async def test_what_is_said_in_a_lane_stays_there(speak: Speak, cast: Cast) -> None:
    await name_readers(speak, cast, "Fay")
    path = f"/ideas/{await restrict(speak, cast)}/restriction"
    await speak("Fay").post(f"{path}/messages", {"body": "Qui est citée ?"})
    assert (await speak("Alice").get(path))["acknowledged_at"] is not None
    await speak("Alice").post(f"{path}/messages", {"body": "Personne, en fait."})
    await speak("Fay").post(f"{path}/decisions", LIFT)
    for name in ("Max", "Fay", "Dan"):
        await speak(name).refused("GET", path, 404, "restrictions.unknown")
        await speak(name).refused("GET", f"{path}/messages", 404, "restrictions.unknown")
    said = (await speak("Alice").get(f"{path}/messages"))["items"]
    assert [each["body"] for each in said] == ["Qui est citée ?", "Personne, en fait."]


async def test_an_idea_handed_to_a_lane_is_never_submitted(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await name_readers(speak, cast, "Fay")
    idea = await helping.submit(speak, cast, restriction=KIND, anonymous=True)
    await speak("Max").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")
    path = f"/ideas/{idea}"
    await speak("Alice").refused("POST", f"{path}/submission", 409, "restrictions.restricted")
    await speak("Alice").refused("DELETE", path, 409, "restrictions.restricted", headers={"If-Match": "*"})
    await speak("Alice").refused(
        "PATCH",
        path,
        409,
        "restrictions.restricted",
        headers={"If-Match": "*"},
        json={"anonymous": False},
    )
    invited = {"employee": cast["Pete"].id}
    await speak("Alice").refused("POST", f"{path}/authors", 409, "restrictions.restricted", json=invited)
    ask = {"text": "Comment ?", "wants": "facilitator"}
    await speak("Alice").refused("POST", f"{path}/help-requests", 409, "restrictions.restricted", json=ask)
    await speak("Alice").post(f"{path}/restriction/messages", {"body": "Je préfère rester sans nom."})
    (said,) = (await speak("Fay").get(f"{path}/restriction/messages"))["items"]
    assert (said["author"], said["by_author"]) == (None, True)
    assert "Alice" not in str(await speak("Fay").get(path))
    done = await speak("Alice").post(f"{path}/restriction/decisions", {"action": "withdraw"})
    assert done["state"] == "lifted"
    await speak("Fay").refused("GET", path, 404, "ideas.unknown")
    assert (await speak("Alice").post(f"{path}/submission"))["stage"] == "submitted"
    await check_sound(database)


async def test_what_authors_take_back_is_shown_to_nobody(speak: Speak, cast: Cast) -> None:
    await name_readers(speak, cast, "Fay")
    path = f"/ideas/{await restrict(speak, cast)}"
    done = await speak("Alice").post(f"{path}/restriction/decisions", {"action": "withdraw"})
    assert (done["state"], done["due_at"], done["can"]) == ("withdrawn", None, ["write"])
    await speak("Fay").refused(
        "POST", f"{path}/restriction/decisions", 409, "restrictions.not-possible", json=LIFT
    )
    await speak("Max").refused("GET", path, 404, "ideas.unknown")
    await speak("Alice").refused("POST", f"{path}/submission", 409, "restrictions.restricted")


async def test_a_closed_one_stays_and_waits_for_nobody(speak: Speak, cast: Cast, database: Database) -> None:
    await name_readers(speak, cast, "Fay")
    idea = await restrict(speak, cast)
    path = f"/ideas/{idea}/restriction/decisions"
    short = {"action": "close", "text": "Fini."}
    await speak("Fay").refused("POST", path, 422, "restrictions.text-missing", json=short)
    await speak("Alice").refused("POST", path, 409, "restrictions.not-possible", json=CLOSE)
    assert (await speak("Fay").post(path, {"action": "acknowledge"}))["acknowledged_at"] is not None
    await speak("Fay").refused("POST", path, 409, "restrictions.not-possible", json={"action": "acknowledge"})
    assert (await speak("Fay").post(path, CLOSE))["state"] == "closed"
    assert (await find_row(database, idea)).step_due_at is None
    shown = await speak("Alice").get(f"/ideas/{idea}/restriction")
    assert (shown["answer"], shown["answered_by"]["name"]) == (CLOSE["text"], "Fay")
    await speak("Dan").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")


async def test_who_restricts(speak: Speak, cast: Cast) -> None:
    await name_readers(speak, cast, "Fay")
    path = f"/ideas/{await helping.submit(speak, cast)}/restriction"
    for name in ("Max", "Hana", "Pete", "Fay", "Eve"):
        await speak(name).refused("POST", path, 403, "restrictions.not-yours", json=PUT)
    await speak("Bob").refused("POST", path, 403, "decisions.conflicted", json=PUT)
    await speak("Mia").refused("POST", path, 422, "restrictions.text-missing", json={"kind": KIND})
    await speak("Mia").refused("POST", path, 422, json=PUT | {"kind": "secret"})
    assert (await speak("Mia").post(path, PUT))["by_author"] is False
    await speak("Mia").refused("POST", path, 404, "ideas.unknown", json=PUT)
    await speak("Alice").refused("POST", path, 409, "restrictions.restricted", json=PUT)
    unnamed = f"/ideas/{await helping.submit(speak, cast, anonymous=True)}/restriction"
    for name in ("Mia", "Bob", "Max", "Carol", "Ian"):
        await speak(name).refused("POST", unnamed, 403, "restrictions.not-yours", json=PUT)
    assert (await speak("Alice").post(unnamed, {"kind": KIND}))["by_author"] is True


async def test_nobody_of_the_line_reads_a_lane(speak: Speak, cast: Cast, database: Database) -> None:
    await name_readers(speak, cast, "Bob", "Carol", "Rita", "Alice", "Fay")
    idea = await restrict(speak, cast)
    assert await name_reader(database, cast, idea) == "Fay"
    for name in ("Bob", "Carol", "Rita"):
        await speak(name).refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")
        assert (await speak(name).get("/restrictions"))["items"] == []
    async with database.writer() as session:
        moved = await session.scalar(
            select(Management).where(col(Management.employee_id) == cast["Alice"].id)
        )
        assert moved is not None
        moved.manager_id = cast["Fay"].id
    await speak("Fay").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")
    await name_readers(speak, cast, "Boss", "Fay", "Max")
    assert await name_reader(database, cast, idea) == "Max"


async def test_a_page_of_the_lane_tells_nothing_of_ones_own_line(speak: Speak, cast: Cast) -> None:
    await name_readers(speak, cast, "Bob", "Fay")
    seen = []
    for name in ("Alice", "Max", "Alice", "Dev"):
        idea = await helping.submit(speak, cast, name, restriction=KIND)
        seen += [idea] if name != "Alice" else []
    found: list[str] = []
    cursor = None
    while cursor is not None or not found:
        page = await speak("Bob").get(
            "/restrictions", params={"limit": 1} | ({"cursor": cursor} if cursor else {})
        )
        assert len(page["items"]) == 1
        found.append(page["items"][0]["idea"])
        cursor = page["next_cursor"]
    assert found == seen
    assert len((await speak("Fay").get("/restrictions"))["items"]) == 4


async def test_admins_set_the_lanes(speak: Speak, cast: Cast) -> None:
    set_ = {"readers": [cast["Fay"].id], "contact": "dpo@company.example", "escalation": cast["Hana"].id}
    lane = await speak("Adam").put(f"/restriction-lanes/{KIND}", set_)
    assert [each["name"] for each in lane["readers"]] == ["Fay"]
    assert lane["escalation"]["name"] == "Hana"
    seen = await speak("Max").get(f"/restriction-lanes/{KIND}")
    assert (seen["readers"], seen["escalation"], seen["can"]) == (None, None, [])
    assert seen["texts"]["en"]["contact"] == "dpo@company.example"
    path = f"/restriction-lanes/{KIND}"
    await speak("Ian").refused("PUT", path, 403, "permissions.role-missing", json=set_)
    own = {"readers": [cast["Adam"].id]}
    await speak("Adam").refused("PUT", path, 403, "roles.own-grant", json=own)
    unknown = {"readers": ["nobody"]}
    await speak("Adam").refused("PUT", path, 422, "restrictions.no-such-reader", json=unknown)
    await speak("Adam").refused(
        "PUT", "/restriction-lanes/other", 404, "restrictions.unknown-kind", json=set_
    )


async def test_no_restricted_idea_falls_asleep(speak: Speak, cast: Cast, database: Database) -> None:
    await name_readers(speak, cast, "Fay", "Bob", "Dev", escalation=cast["Hana"].id)
    idea = await restrict(speak, cast)
    first = await name_reader(database, cast, idea)
    assert first in {"Fay", "Dev"}
    await speak("Hana").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")
    seen: list[str | None] = [first]
    for days in range(1, 60):
        await restriction_turns.advance(database, now=clock.now() + timedelta(days=days))
        seen.append(await name_reader(database, cast, idea))
    assert set(seen) == {"Fay", "Dev"}
    assert seen[-1] != first
    row = await find_row(database, idea)
    assert row.escalated_at is not None
    assert row.step is None
    assert (await speak("Hana").get(f"/ideas/{idea}"))["id"] == idea
    await helping.work_off(database)
    told = await speak("Hana").get("/me/notifications")
    assert [each["kind"] for each in told["items"]] == ["restrictions.waiting"]
    told = await speak("Alice").get("/me/notifications")
    assert {"restrictions.put", "restrictions.late"} <= {each["kind"] for each in told["items"]}
    for name in ("Bob", "Carol", "Ian", "Irma", "Adam"):
        assert "restrictions" not in str(await speak(name).get("/me/notifications"))


async def test_without_readers_it_waits_for_the_first(speak: Speak, cast: Cast, database: Database) -> None:
    idea = await restrict(speak, cast)
    assert await name_reader(database, cast, idea) is None
    assert (await speak("Alice").get(f"/ideas/{idea}/restriction"))["reader"] is None
    await name_readers(speak, cast, "Bob", "Fay")
    assert await name_reader(database, cast, idea) == "Fay"
    await speak("Adam").post(f"/employees/{cast['Fay'].id}/deactivation")
    assert await name_reader(database, cast, idea) is None


async def test_the_register_says_kind_and_who(speak: Speak, cast: Cast, database: Database) -> None:
    await name_readers(speak, cast, "Fay")
    own = await helping.submit(speak, cast, restriction=KIND, title="Zinzolin")
    idea = await restrict(speak, cast, title="Zinzolin")
    await speak("Fay").post(f"/ideas/{idea}/restriction/decisions", LIFT)
    async with database.reader() as session:
        entries = (
            await session.scalars(
                select(RegisterEntry)
                .where(col(RegisterEntry.act).like("restrict%"))
                .order_by(col(RegisterEntry.position))
            )
        ).all()
    found = [(each.act, each.facts["kind"], each.actor_ref is not None) for each in entries]
    assert found == [
        ("restriction-lanes.reader-named", KIND, True),
        ("restriction-lanes.set", KIND, True),
        ("restrictions.put", KIND, False),
        ("restrictions.put", KIND, True),
        ("restrictions.lifted", KIND, True),
    ]
    written = str([each.model_dump() for each in entries])
    for secret in ("Zinzolin", WHY, LIFT["text"], own, idea):
        assert secret not in written


@pytest.mark.parametrize("days", [400, 4000])
async def test_no_night_deletes_a_restricted_idea(
    speak: Speak, cast: Cast, database: Database, days: int
) -> None:
    idea = await helping.submit(speak, cast, restriction=KIND)
    await retention.forget_nightly(database, now=clock.now() + timedelta(days=days))
    async with database.reader() as session:
        assert await session.get(Idea, idea) is not None
