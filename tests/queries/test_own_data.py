"""One's own data are complete, and say nothing about anybody else."""

from collections.abc import Callable
from typing import Any

from app.core import clock
from app.core.db import Database
from app.jobs.drain import drain
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def submit(speak: Speak, cast: Cast, name: str, **more: Any) -> str:
    body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return str((await speak(name).post("/ideas", body | more))["id"])


def list_rows(data: dict[str, Any], table: str, column: str) -> list[dict[str, Any]]:
    for section in data["sections"]:
        for each in section["tables"]:
            if (each["table"], each["column"]) == (table, column):
                rows: list[dict[str, Any]] = each["rows"]
                return rows
    raise KeyError(table)


async def test_what_one_did_is_there_and_what_others_did_is_not(
    speak: Speak, cast: Cast, database: Database
) -> None:
    mine = await submit(speak, cast, "Alice", anonymous=True, problem="Personne n'ose.")
    theirs = await submit(speak, cast, "Pete", problem="Secret de Pete.")
    await speak("Alice").put(f"/ideas/{theirs}/vote")
    await speak("Max").put(f"/ideas/{mine}/vote")
    await speak("Alice").post(f"/ideas/{theirs}/comments", {"body": "<b>Oui</b>"})
    await speak("Max").post(f"/ideas/{mine}/comments", {"body": "De Max"})
    while await drain(database, now=clock.now()):
        pass
    answer = await speak("Alice").request("GET", "/me/data")
    data = answer.json()
    assert data["account"]["name"] == "Alice"
    assert data["account"]["email"] == cast["Alice"].email
    assert [row["idea_id"] for row in list_rows(data, "votes", "voter_id")] == [theirs]
    assert [row["problem"] for row in list_rows(data, "ideas", "author")] == ["Personne n'ose."]
    assert [row["body"] for row in list_rows(data, "comments", "author_id")] == ["<b>Oui</b>"]
    assert [row["act"] for row in list_rows(data, "itinerary_entries", "actor")] == ["submit"]
    assert list_rows(data, "point_entries", "employee_id")
    for said in ("De Max", "Secret de Pete.", cast["Max"].id, cast["Pete"].id, "password"):
        assert said not in answer.text
    # Her manager is hers to know.
    assert list_rows(data, "managements", "employee_id")[0]["manager_id"] == cast["Bob"].id


async def test_a_page_to_read_has_all_of_it_and_no_code(speak: Speak, cast: Cast) -> None:
    theirs = await submit(speak, cast, "Pete")
    await speak("Alice").post(f"/ideas/{theirs}/comments", {"body": "<script>alert(1)</script>"})
    answer = await speak("Alice").request("GET", "/me/data.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "Mes données" in answer.text
    assert theirs in answer.text


async def test_a_correction_is_asked_and_answered_once(speak: Speak, cast: Cast) -> None:
    asked = await speak("Max").post("/corrections", {"text": "Mon nom s'écrit Maxence."})
    assert (asked["settled_at"], asked["can"]) == (None, [])
    assert (await speak("Pete").get("/corrections"))["items"] == []
    (waiting,) = (await speak("Adam").get("/corrections?waiting=true"))["items"]
    assert (waiting["employee"]["id"], waiting["can"]) == (cast["Max"].id, ["settle"])
    path = f"/corrections/{asked['id']}/settlement"
    answer = {"answer": "C'est fait."}
    await speak("Pete").refused("POST", path, 404, "corrections.unknown", json=answer)
    await speak("Max").refused("POST", path, 403, "permissions.role-missing", json=answer)
    settled = await speak("Adam").post(path, answer)
    assert settled["answer"] == "C'est fait."
    await speak("Adam").refused("POST", path, 409, "corrections.already-settled", json=answer)
    assert (await speak("Adam").get("/corrections?waiting=true"))["items"] == []
    own = await speak("Adam").post("/corrections", {"text": "Moi aussi."})
    await speak("Adam").refused(
        "POST", f"/corrections/{own['id']}/settlement", 409, "corrections.own", json=answer
    )
