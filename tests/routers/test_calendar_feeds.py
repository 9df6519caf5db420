"""Calendars over HTTP: the file of one gathering, and one's own under a secret link."""

from typing import Any

from icalendar import Calendar

from app.core import clock
from app.core.db import Database
from app.services import departures
from tests.support.gatherings import Speak, announce, shift
from tests.support.world import Cast

ANY = {"If-Match": "*"}


async def read(speak: Speak, name: str, path: str) -> Any:
    answer = await speak(name).request("GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).walk("VEVENT")


async def test_the_file_of_a_gathering_follows_its_changes(speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, link="https://meet.example/secret")
    (event,) = await read(speak, "Max", f"{path}/calendar")
    uid = event["uid"]
    assert uid == f"{path.rsplit('/', 1)[1]}@127.0.0.1"
    assert (str(event["summary"]), event["sequence"], event["status"]) == (
        "Atelier des écrans",
        0,
        "CONFIRMED",
    )
    assert "meet.example" not in event.to_ical().decode()
    assert str(event["url"]).endswith(path)
    await speak("Max").put(f"{path}/sign-up")
    (event,) = await read(speak, "Max", f"{path}/calendar")
    assert "meet.example/secret" in event.to_ical().decode()
    title = "Un titre\r\nSTATUS:CANCELLED\r\nATTENDEE:mailto:x@y.example"
    await speak("Mia").request("PATCH", path, json={"title": title}, headers=ANY)
    answer = await speak("Max").request("GET", f"{path}/calendar")
    assert answer.content.count(b"\r\nSTATUS:") == 1
    assert b"\r\nATTENDEE" not in answer.content
    assert answer.headers["content-disposition"] == 'attachment; filename="gathering.ics"'
    same = await speak("Max").request(
        "GET", f"{path}/calendar", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert same.status_code == 304
    await speak("Mia").post(f"{path}/cancellation", {"reason": "Grève des trains."})
    (event,) = await read(speak, "Max", f"{path}/calendar")
    assert (event["uid"], event["sequence"], event["status"]) == (uid, 2, "CANCELLED")
    assert str(event["description"]).startswith("Grève des trains.")


async def test_a_secret_link_shows_ones_own_gatherings_only(
    speak: Speak, cast: Cast, database: Database
) -> None:
    titles = ("Avec place", "En attente", "Sans moi", "Passé", "Très passé")
    paths = {title: await announce(speak, cast, title=title, places=1) for title in titles}
    await speak("Pete").put(f"{paths['En attente']}/sign-up")
    for title in ("Avec place", "En attente", "Passé", "Très passé"):
        await speak("Max").put(f"{paths[title]}/sign-up")
    await shift(database, paths["Passé"], days=-30)
    await shift(database, paths["Très passé"], days=-100)
    assert await speak("Max").get("/me/calendar-feed") == {"url": None, "created_at": None}
    link = (await speak("Max").put("/me/calendar-feed"))["url"]
    assert (await speak("Max").put("/me/calendar-feed"))["url"] == link
    assert (await speak("Max").get("/me/calendar-feed"))["url"] == link
    feed = link.removeprefix("http://127.0.0.1:8000/api/v1")
    found = {str(event["summary"]): event["status"] for event in await read(speak, "", feed)}
    assert found == {"Passé": "CONFIRMED", "Avec place": "CONFIRMED", "En attente": "TENTATIVE"}
    hosts = (await speak("Fay").put("/me/calendar-feed"))["url"]
    assert hosts != link
    assert len(await read(speak, "", hosts.removeprefix("http://127.0.0.1:8000/api/v1"))) == 4
    assert cast["Max"].id not in link


async def test_a_revoked_or_forged_link_leads_nowhere(speak: Speak, cast: Cast, database: Database) -> None:
    link = (await speak("Max").put("/me/calendar-feed"))["url"]
    feed = link.removeprefix("http://127.0.0.1:8000/api/v1")
    path, _, seal = feed.partition("~")
    for forged in (
        path,
        f"{path}~",
        f"{path}~{seal[:-1]}x",
        f"/calendar-feeds/{'a' * 24}~{seal}",
        f"{feed}~",
    ):
        await speak("").refused("GET", forged, 404, "calendar-feeds.unknown")
    for _ in range(2):
        assert (await speak("Max").request("DELETE", "/me/calendar-feed")).status_code == 204
    await speak("").refused("GET", feed, 404, "calendar-feeds.unknown")
    fresh = (await speak("Max").put("/me/calendar-feed"))["url"]
    assert fresh != link
    async with database.writer() as session:
        await departures.leave(session, [cast["Max"].id], actor_id=None, now=clock.now())
    feed = fresh.removeprefix("http://127.0.0.1:8000/api/v1")
    await speak("").refused("GET", feed, 404, "calendar-feeds.unknown")
