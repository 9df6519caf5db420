"""The works council reads the register, checks it, and takes it away."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database
from app.domain.register import ENTERED, Entry
from app.integrations import register as writing
from app.models.register import RegisterEntry
from app.queries import audits
from app.services import register
from tests.house.sources import ROOT
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


@pytest.fixture
async def path(speak: Speak, cast: Cast) -> str:
    """Have some acts entered; returns where the register is."""
    adam, ian = speak("Adam"), speak("Ian")
    await adam.post(
        f"/employees/{cast['Max'].id}/roles", {"role": "correspondent", "function": cast.functions["IT"]}
    )
    await adam.post(f"/employees/{cast['Pete'].id}/links", {})
    await ian.put("/clock-policies/submitted", {"days": 4})
    return "/register"


async def test_people_and_things_are_named(speak: Speak, cast: Cast, path: str) -> None:
    items = (await speak("Walt").get(path))["items"]
    assert [each["act"] for each in items] == ["clock-policies.set", "links.issued", "roles.granted"]
    assert [each["position"] for each in items] == [3, 2, 1]
    granted: dict[str, Any] = items[-1]
    assert granted["actor"]["name"] == "Adam"
    assert granted["about"]["name"] == "Max"
    assert granted["names"][granted["facts"]["function"]] == "IT"


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ("kind=roles", ["roles.granted"]),
        ("act=links.issued", ["links.issued"]),
        ("kind=rules&act=links.issued", []),
        ("to=2020-01-01", []),
        ("from=2020-01-01&kind=access", ["links.issued"]),
        ("limit=2", ["clock-policies.set", "links.issued"]),
    ],
)
async def test_it_is_narrowed(speak: Speak, path: str, query: str, acts: list[str]) -> None:
    page = await speak("Walt").get(f"{path}?{query}")
    assert [each["act"] for each in page["items"]] == acts
    if page["next_cursor"]:
        rest = await speak("Walt").get(f"{path}?{query}&cursor={page['next_cursor']}")
        assert [each["act"] for each in rest["items"]] == ["roles.granted"]


async def test_terms_are_read_as_they_were_and_as_they_are(speak: Speak, cast: Cast, path: str) -> None:
    entity = cast["Max"].entity_id
    french = await speak("Ian").post("/calendars", {"name": "Meudon", "time_zone": "Europe/Paris"})
    await speak("Ian").put(f"/entities/{entity}/calendar", {"calendar": french["id"]})
    given = (await speak("Walt").get(path))["items"][0]
    assert given["facts"]["after"] == {"calendar": french["id"]}
    assert given["names"][french["id"]] == "Meudon"
    page = (await speak("Walt").request("GET", f"{path}.html")).text
    assert "calendar: – → Meudon" in page
    assert "days: 5 → 4" in page


async def test_only_works_council_and_admin_read_it(speak: Speak, path: str) -> None:
    for name in ("Walt", "Adam"):
        await speak(name).get(path)
    for name in ("Hana", "Ian", "Mia", "Max"):
        for each in (path, f"{path}/verification", f"{path}.csv", f"{path}.html"):
            await speak(name).refused("GET", each, 403, "permissions.role-missing")


async def test_a_change_past_the_application_shows_everywhere(
    speak: Speak, path: str, database: Database
) -> None:
    held = await speak("Walt").get(f"{path}/verification")
    assert (held["valid"], held["rows"], held["broken_at"], held["anchored"]) == (True, 3, None, True)
    async with database.writer() as session:
        await session.execute(
            update(RegisterEntry).where(col(RegisterEntry.position) == 2).values(act="links.forgotten")
        )
    broken = await speak("Walt").get(f"{path}/verification")
    assert (broken["valid"], broken["broken_at"]) == (False, 2)
    assert "entry 2" in " ".join(each.what for each in await audits.audit(database))
    assert "class=bad" in (await speak("Walt").request("GET", f"{path}.html")).text


async def test_who_has_the_file_can_check_it_alone(speak: Speak, path: str, database: Database) -> None:
    async with database.writer() as session:
        entry = Entry("exports.made", "e", text="=HYPERLINK(1)", facts={"rows": 3, "rate": 0.5})
        register.enter(session, entry, now=START)
    answer = await speak("Walt").request("GET", f"{path}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == writing.COLUMNS
    assert [row["actor"] for row in rows] == ["Adam", "Adam", "Ian", ""]
    assert rows[-1]["text"] == "'=HYPERLINK(1)"
    verdict = await speak("Walt").get(f"{path}/verification")
    assert check_file(answer.text) == (4, verdict["head"])


def check_file(text: str) -> tuple[int, str]:
    """Compute the chain of a file again, as docs/works-council.md says, with nothing of the application."""
    scope: dict[str, Any] = {}
    page = (ROOT / "docs" / "works-council.md").read_text(encoding="utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    exec(program, scope)  # noqa: S102  the program that the page gives to its readers
    found: tuple[int, str] = scope["check"](io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return found


async def test_the_page_runs_nothing(speak: Speak, cast: Cast, path: str, database: Database) -> None:
    async with database.writer() as session:
        entry = Entry("exports.made", "e", actor_id=cast["Hana"].id, text="<script>alert(1)</script>")
        register.enter(session, entry, now=START)
    answer = await speak("Walt").request("GET", f"{path}.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert "Un export a été fait" in answer.text


def test_every_act_that_enters_by_itself_has_words() -> None:
    assert not ENTERED.keys() - writing.ACTS.keys()
