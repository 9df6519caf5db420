"""An anonymous idea tells nobody who wrote it."""

from collections.abc import Callable
from typing import Any

from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
READERS = ("Bob", "Carol", "Dan", "Dora", "Eve", "Ian", "Irma", "Mia", "Hana", "Walt", "Adam", "Max", "Pete")


async def submit_anonymously(speak: Speak, cast: Cast) -> dict[str, Any]:
    idea: dict[str, Any] = await speak("Alice").post(
        "/ideas",
        {
            "title": "Ce que personne n'ose dire",
            "problem": "p",
            "solution": "s",
            "theme": cast.themes["brand"],
            "function": cast.functions["Finance"],
            "anonymous": True,
        },
    )
    return idea


async def test_no_reader_learns_the_author_from_any_page(speak: Speak, cast: Cast) -> None:
    idea = await submit_anonymously(speak, cast)
    path = f"/ideas/{idea['id']}"
    await speak("Alice").post(f"{path}/comments", {"body": "C'est mon idée"})
    people = {cast[name].id: name for name in cast.people}
    holder = people[idea["holder"]["id"]]
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Précisez ?"})
    await speak("Alice").post(f"{path}/decisions", {"action": "answer", "text": "Voilà."})
    alice = cast["Alice"]
    for name in READERS:
        for page in (
            path,
            f"{path}/comments",
            f"{path}/itinerary",
            f"{path}/routing",
            f"{path}/authors",
            "/ideas",
            f"/ideas?entity={alice.entity_id}",
            "/ideas?q=personne",
            "/ideas/similar?text=ce+que+personne+ose+dire",
        ):
            answer = await speak(name).request("GET", page)
            assert answer.status_code == 200
            for marker in (alice.id, "Alice", alice.email or "", "Lyon"):
                assert marker not in answer.text, (name, page)
        assert (await speak(name).get(f"/ideas?entity={alice.entity_id}"))["items"] == []


async def test_everybody_but_the_holder_gets_one_uniform_refusal(speak: Speak, cast: Cast) -> None:
    idea = await submit_anonymously(speak, cast)
    people = {cast[name].id: name for name in cast.people}
    holder = people[idea["holder"]["id"]]
    bodies: tuple[tuple[str, dict[str, Any]], ...] = (
        ("decisions", {"action": "acknowledge"}),
        ("decisions", {"action": "decline", "reason_code": "cost", "text": "Beaucoup trop cher pour nous."}),
        ("transitions", {"to": "declined", "reason_code": "cost", "text": "Beaucoup trop cher pour nous."}),
        ("merger", {"into": idea["id"]}),
    )
    for kind, body in bodies:
        refusals = set()
        for name in (*READERS, "Rita"):
            if name != holder:
                problem = await speak(name).refused(
                    "POST", f"/ideas/{idea['id']}/{kind}", 403, "decisions.not-yours", json=body
                )
                refusals.add(problem["detail"])
        assert len(refusals) == 1
    views = {
        tuple((await speak(name).get(f"/ideas/{idea['id']}"))["can"])
        for name in (*READERS, "Rita")
        if name != holder
    }
    assert views == {("vote", "comment", "stand_back")}


async def test_the_author_keeps_a_hand_in_it_and_can_sign_later(speak: Speak, cast: Cast) -> None:
    idea = await submit_anonymously(speak, cast)
    own = await speak("Alice").request("GET", f"/ideas/{idea['id']}")
    assert own.json()["author"] is None
    assert {"edit", "withdraw"} <= set(own.json()["can"])
    signed = await speak("Alice").request(
        "PATCH", f"/ideas/{idea['id']}", json={"anonymous": False}, headers={"If-Match": own.headers["etag"]}
    )
    assert signed.json()["author"]["name"] == "Alice"
    assert (await speak("Max").get(f"/ideas/{idea['id']}"))["authors"][0]["name"] == "Alice"
