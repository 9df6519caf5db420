"""Attendance over HTTP: the code of the room, those who walk in, and what a host notes by hand."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.events import Event
from app.models.gatherings import Attendance, SignUp
from app.services import attendances
from tests.support.gatherings import Speak, announce, come, shift
from tests.support.world import Cast


class Hand:
    """The hand of the clock, which a test moves."""

    def __init__(self) -> None:
        self.at = clock.now().replace(second=10, microsecond=0)

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    moved = Hand()
    monkeypatch.setattr(clock, "now", lambda: moved.at)
    return moved


async def test_people_show_that_they_are_there_with_the_code_of_the_room(
    hand: Hand, speak: Speak, cast: Cast
) -> None:
    path = await announce(speak, cast, minutes=5)
    for name in ("Max", "Pete", "Olga"):
        await speak(name).put(f"{path}/sign-up")
    shown = await speak("Fay").get(f"{path}/code")
    assert shown["link"] == f"http://127.0.0.1:8000{path}#attend={shown['code']}"
    assert shown["svg"].startswith("<svg")
    assert shown["png"].startswith("data:image/png;base64,")
    assert datetime.fromisoformat(shown["next_at"]) == hand.at + timedelta(seconds=50)
    assert datetime.fromisoformat(shown["expires_at"]) == hand.at + timedelta(seconds=110)
    typed = {"code": f" {shown['code'][:4].lower()}-{shown['code'][4:]} "}
    here = await speak("Max").put(f"{path}/attendance", typed)
    assert datetime.fromisoformat(here["at"]) == hand.at
    hand.move(seconds=100)
    assert (await speak("Fay").get(f"{path}/code"))["code"] != shown["code"]
    assert (await speak("Pete").put(f"{path}/attendance", {"code": shown["code"]}))["at"] > here["at"]
    hand.move(seconds=20)
    problem = await speak("Olga").refused(
        "PUT", f"{path}/attendance", 422, "attendances.code-not-right", json={"code": shown["code"]}
    )
    assert problem["errors"][0]["pointer"] == "/code"
    # Whoever is there already stays there, with whatever code a repeated request has.
    assert await speak("Max").put(f"{path}/attendance", {"code": shown["code"]}) == here
    names = [each["employee"]["name"] for each in (await speak("Fay").get(f"{path}/attendances"))["items"]]
    assert names == ["Max", "Pete"]
    assert (await speak("Max").get(path))["attends"] is True


async def test_the_code_of_one_gathering_opens_no_other(hand: Hand, speak: Speak, cast: Cast) -> None:
    paths = [await announce(speak, cast, minutes=5) for _ in range(2)]
    for path in paths:
        await speak("Max").put(f"{path}/sign-up")
    code = (await speak("Fay").get(f"{paths[0]}/code"))["code"]
    for wrong in (code, "", "AAAAAAAA", "é" * 8, code + "A", code[:-1]):
        await speak("Max").refused("PUT", f"{paths[1]}/attendance", 422, json={"code": wrong})
    assert (await speak("Fay").get(f"{paths[1]}/attendances"))["items"] == []


async def test_the_code_counts_around_the_time_of_the_gathering_only(
    hand: Hand, speak: Speak, cast: Cast, database: Database
) -> None:
    path = await announce(speak, cast, minutes=16)
    await speak("Max").put(f"{path}/sign-up")
    await speak("Fay").refused("GET", f"{path}/code", 409, "attendances.not-now")
    early = {"json": {"code": "AAAAAAAA"}}
    await speak("Max").refused("PUT", f"{path}/attendance", 409, "attendances.not-now", **early)
    await speak("Fay").refused("PUT", f"{path}/attendances/{cast['Max'].id}", 409, "attendances.not-now")
    await shift(database, path, minutes=-16 - 120 - 29)
    code = (await speak("Fay").get(f"{path}/code"))["code"]
    await speak("Max").put(f"{path}/attendance", {"code": code})
    await shift(database, path, minutes=-2)
    await speak("Fay").refused("GET", f"{path}/code", 409, "attendances.not-now")
    await come(speak, cast, path, "Pete")
    await shift(database, path, days=-7)
    await speak("Fay").refused("PUT", f"{path}/attendances/{cast['Olga'].id}", 409, "attendances.not-now")


async def test_people_walk_in_where_the_host_lets_them(hand: Hand, speak: Speak, cast: Cast) -> None:
    closed = await announce(speak, cast, minutes=5, places=1)
    await speak("Pete").put(f"{closed}/sign-up")
    await speak("Max").put(f"{closed}/sign-up")
    code = {"code": (await speak("Fay").get(f"{closed}/code"))["code"]}
    for name in ("Max", "Olga"):
        await speak(name).refused("PUT", f"{closed}/attendance", 403, "attendances.not-signed-up", json=code)
    sales = cast["Carol"].entity_id
    opened = await announce(speak, cast, minutes=5, walk_ins=True, entity=sales)
    code = {"code": (await speak("Fay").get(f"{opened}/code"))["code"]}
    assert "attend" in (await speak("Olga").get(opened))["can"]
    await speak("Olga").put(f"{opened}/attendance", code)
    await speak("Fay").put(f"{opened}/attendance", code)
    await speak("Max").refused("PUT", f"{opened}/attendance", 403, "attendances.not-signed-up", json=code)
    await come(speak, cast, opened, "Max")
    people = (await speak("Fay").get(f"{opened}/attendances"))["items"]
    assert [(each["employee"]["name"], each["by_hand"], each["state"]) for each in people] == [
        ("Fay", False, None),
        ("Max", True, None),
        ("Olga", False, None),
    ]


async def test_what_a_host_noted_by_mistake_is_taken_back(hand: Hand, speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, minutes=5)
    here = f"{path}/attendances/{cast['Max'].id}"
    first = await speak("Fay").put(here)
    assert await speak("Fay").put(here) == first
    await speak("Mia").refused("PUT", here, 403, "gatherings.not-host")
    await speak("Mia").refused("DELETE", here, 403, "gatherings.not-host")
    await speak("Fay").refused("PUT", f"{path}/attendances/{'a' * 24}", 404, "attendances.no-such-person")
    await speak("Fay").refused("DELETE", f"{path}/attendances/x", 404, "attendances.no-such-person")
    for _ in range(2):
        assert (await speak("Fay").request("DELETE", here)).status_code == 204
    assert (await speak("Fay").get(f"{path}/attendances"))["items"] == []


async def test_after_three_months_it_is_known_how_many_came_and_not_who(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await announce(speak, cast, minutes=5)
    others = await announce(speak, cast, minutes=5)
    for each in (path, others):
        await speak("Max").put(f"{each}/sign-up")
        await come(speak, cast, each, "Max", "Pete", "Olga", "Rita", "Alice")
    await shift(database, path, days=-91)
    for _ in range(2):
        async with database.writer() as session:
            await attendances.forget_people(session, now=clock.now())
    assert (await speak("Walt").get(path))["attended"] == 5
    assert (await speak("Fay").get(path))["counted"] == {"seated": 0, "waiting": 0, "attended": 5}
    async with database.reader() as session:
        kept = {
            table: await session.scalar(select(func.count()).select_from(table))
            for table in (SignUp, Attendance)
        }
        people = {cast[name].id for name in ("Max", "Pete", "Olga", "Rita", "Alice")}
        told = (await session.scalars(select(Event).where(col(Event.kind).like("%s.%")))).all()
        named = [each for each in told if each.kind.startswith(("sign-ups.", "attendances."))]
        forgotten = [each.payload for each in told if each.kind == "gatherings.people-forgotten"]
    assert kept == {SignUp: 1, Attendance: 5}
    assert forgotten == [{"people": 5}]
    assert named
    # What is kept as an audit trail names nobody either.
    assert not [each for each in named if {each.actor_id, each.subject, *each.payload.values()} & people]
