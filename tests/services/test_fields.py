"""Fields of campaigns: asked for, answered, narrowed by, never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.db import Database
from tests.support.campaigns import announce, let_pass
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


def ask(key: str, kind: str, **changes: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "labels": {"en": key, "fr": f"{key} ?"}, **changes}


def choose(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "labels": {"en": key, "fr": f"le {key}"}} for key in keys]


ASKED = [
    ask("site", "text", required=True),
    ask("saving", "number", unit="m³"),
    ask("where", "choice", choices=choose("tap", "roof")),
    ask("who", "choices", choices=choose("us", "them", "all")),
    ask("by", "date"),
    ask("tried", "yes_no"),
]
SAID: dict[str, Any] = {
    "site": "Lyon Sud",
    "saving": 12.5,
    "where": "tap",
    "who": ["them", "us"],
    "by": "2027-01-31",
    "tried": False,
}


def write(cast: Cast, campaign: str | None, **fields: Any) -> dict[str, Any]:
    texts = {"title": "Less water", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return texts | {"campaign": campaign} | fields


async def change(client: Client, path: str, **values: Any) -> Any:
    answer = await client.request("PATCH", path, json=values, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def read(idea: dict[str, Any]) -> dict[str, Any]:
    return {field["key"]: field["value"] for field in idea["fields"]}


async def test_ideas_answer_what_their_campaign_asks(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"), fields=ASKED)
    shown = await alice.get(f"/campaigns/{made}")
    assert [(field["key"], field["kind"], field["required"]) for field in shown["fields"]] == [
        (each["key"], each["kind"], each.get("required", False)) for each in ASKED
    ]
    assert shown["fields"][1]["unit"] == "m³"
    idea = await alice.post("/ideas", write(cast, made, fields=SAID))
    assert read(idea) == SAID
    assert list(read(idea)) == list(SAID), "in the order of the campaign"
    seen = await speak("Max").get(f"/ideas/{idea['id']}")
    assert read(seen) == SAID
    assert seen["fields"][3]["chosen"] == [
        {"key": "them", "labels": {"en": "them", "fr": "le them"}},
        {"key": "us", "labels": {"en": "us", "fr": "le us"}},
    ]
    edited = await change(alice, f"/ideas/{idea['id']}", fields={"saving": None, "where": "roof"})
    kept = {key: value for key, value in SAID.items() if key != "saving"}
    assert read(edited) == kept | {"where": "roof"}
    assert read(await speak("Max").get(f"/ideas/{idea['id']}"))["where"] == "roof"


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({}, "/fields/site", "fields.missing"),
        ({"site": None}, "/fields/site", "fields.missing"),
        ({"site": 12}, "/fields/site", "fields.answer"),
        ({"site": "Lyon", "nowhere": "x"}, "/fields/nowhere", "fields.unknown"),
        ({"site": "Lyon", "saving": "much"}, "/fields/saving", "fields.answer"),
        ({"site": "Lyon", "where": "old"}, "/fields/where", "fields.answer"),
        ({"site": {"a": 1}}, "/fields/site", None),
        ({"site": "a\u0000b"}, "/fields/site", None),
        ({"site": "x" * 2_001}, "/fields/site", None),
        ({"who": [["us"]]}, "/fields/who", None),
    ],
)
async def test_what_is_no_answer_names_its_field(
    speak: Speak, cast: Cast, said: dict[str, Any], pointer: str, code: str | None
) -> None:
    made = await announce(speak("Mia"), fields=ASKED)
    refused = await speak("Alice").refused("POST", "/ideas", 422, code, json=write(cast, made, fields=said))
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert (await speak("Alice").get("/ideas?mine=true"))["items"] == []


async def test_a_draft_is_complete_when_it_is_submitted(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"), fields=ASKED)
    draft = await alice.post("/ideas", write(cast, made, draft=True, fields={"saving": 3}))
    path = f"/ideas/{draft['id']}"
    refused = await alice.refused("POST", f"{path}/submission", 422, "fields.missing")
    assert [error["pointer"] for error in refused["errors"]] == ["/fields/site"]
    await change(alice, path, fields={"site": "Lyon"})
    submitted = await alice.post(f"{path}/submission")
    assert read(submitted) == {"site": "Lyon", "saving": 3}
    await alice.refused(
        "PATCH", path, 422, "fields.missing", json={"fields": {"site": None}}, headers={"If-Match": "*"}
    )


async def test_no_answer_is_lost_when_the_fields_change(speak: Speak, cast: Cast) -> None:
    mia, alice = speak("Mia"), speak("Alice")
    made = await announce(mia, fields=ASKED)
    idea = await alice.post("/ideas", write(cast, made, fields=SAID))
    path = f"/ideas/{idea['id']}"
    changed = [ask("site", "yes_no"), ask("where", "choice", choices=choose("roof", "pipe"))]
    shown = await change(mia, f"/campaigns/{made}", fields=changed)
    assert [field["key"] for field in shown["fields"]] == ["site", "where"]
    assert [choice["key"] for choice in shown["fields"][1]["choices"]] == ["roof", "pipe"]
    seen = (await speak("Max").get(path))["fields"]
    said = {field["key"]: (field["value"], field["retired"]) for field in seen}
    assert said["where"] == ("tap", False)
    assert [field["chosen"] for field in seen if field["key"] == "where"] == [choose("tap")]
    assert said["site"] == ("Lyon Sud", True)
    assert said["saving"] == (12.5, True)
    await change(alice, path, fields={"site": True})
    assert sorted(
        str(field["value"]) for field in (await alice.get(path))["fields"] if field["key"] == "site"
    ) == [
        "Lyon Sud",
        "True",
    ]
    await change(mia, f"/campaigns/{made}", fields=ASKED)
    assert read(await alice.get(path))["saving"] == 12.5
    back = [field for field in (await alice.get(path))["fields"] if not field["retired"]]
    assert {field["key"]: field["value"] for field in back} == SAID


async def test_the_feed_is_narrowed_by_answers(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"), fields=ASKED)
    await announce(speak("Mia"), name="Heat", fields=ASKED)
    first = await alice.post("/ideas", write(cast, made, fields=SAID))
    second = await alice.post("/ideas", write(cast, made, fields={"site": "Lille", "who": ["us"]}))
    await alice.post("/ideas", write(cast, made, draft=True, fields={"site": "Lille"}))

    async def find(query: str, name: str = "Max") -> list[str]:
        page = await speak(name).get(f"/ideas?campaign={made}&{query}")
        return [item["id"] for item in page["items"]]

    for order in ("new", "hot", "top", "discussed", "needs_eyes"):
        assert await find(f"field.site=lyon%20SUD&sort={order}") == [first["id"]]
    assert await find("field.saving=12.50") == [first["id"]]
    assert await find("field.tried=false") == [first["id"]]
    assert await find("field.who=us") == [second["id"], first["id"]]
    assert await find("field.who=us&field.who=them") == [first["id"]]
    assert await find("field.who=us&field.site=Lille") == [second["id"]]
    assert await find("field.site=Lille&q=water") == [second["id"]]
    assert await find("field.nothing=1") == []
    page = await speak("Max").get(f"/ideas?campaign={made}&field.who=us&limit=1")
    rest = await speak("Max").get(f"/ideas?campaign={made}&field.who=us&limit=1&cursor={page['next_cursor']}")
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [second["id"], first["id"]]
    await change(alice, f"/ideas/{second['id']}", fields={"who": ["all"]})
    assert await find("field.who=us") == [first["id"]]


@pytest.mark.parametrize(
    "query",
    [
        "field.site=Lyon",
        "campaign=x&field.site=",
        "campaign=x&fields.site=a",
        "campaign=x&fieldsite=a",
        "campaign=x&" + "&".join(f"field.f{number}=a" for number in range(6)),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(speak: Speak, query: str) -> None:
    for _ in range(2):
        refused = await speak("Max").refused("GET", f"/ideas?{query}", 422)
        assert refused["errors"][0]["pointer"].startswith("query/field")


async def test_a_draft_that_moves_leaves_its_answers_behind_for_its_way_back(
    speak: Speak, cast: Cast, database: Database
) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"), fields=ASKED)
    draft = await alice.post("/ideas", write(cast, made, draft=True, fields=SAID))
    path = f"/ideas/{draft['id']}"
    assert read(await change(alice, path, campaign=None)) == {}
    assert read(await change(alice, path, campaign=made)) == SAID
    await let_pass(database, made, timedelta(days=1))
    moved = await change(alice, path, campaign=None)
    assert (moved["fields"], (await alice.post(f"{path}/submission"))["stage"]) == ([], "submitted")
