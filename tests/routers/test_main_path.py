"""The whole way of one idea, over HTTP."""

from collections.abc import Callable
from typing import Any

from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_an_idea_goes_from_submission_to_deployment(speak: Speak, cast: Cast) -> None:  # noqa: PLR0915  one long way
    alice, people = speak("Alice"), {cast[name].id: name for name in cast.people}
    idea = await alice.post(
        "/ideas",
        {
            "title": "Éteindre les écrans le soir",
            "problem": "Les écrans restent allumés.",
            "solution": "Une **minuterie** <script>alert(1)</script>",
            "theme": cast.themes["cost_savings"],
            "function": cast.functions["Finance"],
            "tags": ["Énergie", "énergie"],
        },
    )
    assert idea["stage"] == "submitted"
    assert idea["tags"] == ["énergie"]
    assert "<script>" not in idea["solution_html"]
    path = f"/ideas/{idea['id']}"
    holder = people[idea["holder"]["id"]]
    assert holder in {"Dan", "Dora"}

    assert await speak("Max").put(f"{path}/vote") == {"votes": 1, "voted": True}
    assert await speak("Max").put(f"{path}/vote") == {"votes": 1, "voted": True}
    await alice.refused("PUT", f"{path}/vote", 403, "votes.own-idea")
    comment = await speak("Pete").post(f"{path}/comments", {"body": "Très bien !"})
    await alice.post(f"{path}/comments", {"body": "Merci", "reply_to": comment["id"]})
    threads = await alice.get(f"{path}/comments")
    assert [len(thread["replies"]) for thread in threads["items"]] == [1]

    await speak("Bob").refused(
        "POST", f"{path}/decisions", 403, "decisions.conflicted", json={"action": "acknowledge"}
    )
    queue = await speak(holder).get("/reviews?assignee=me&state=open")
    assert [item["idea"]["id"] for item in queue["items"]] == [idea["id"]]
    await speak(holder).post(f"{path}/decisions", {"action": "clarify", "text": "Combien d'écrans ?"})
    answered = await alice.post(f"{path}/decisions", {"action": "answer", "text": "Deux cents."})
    assert not answered["clarification"]
    forwarded = await speak(holder).post(
        f"{path}/decisions",
        {"action": "forward", "function": cast.functions["IT"], "text": "C'est de l'informatique."},
    )
    assert people[forwarded["holder"]["id"]] == "Eve"
    await speak("Eve").post(f"{path}/decisions", {"action": "acknowledge"})
    recommended = await speak("Eve").post(f"{path}/decisions", {"action": "recommend", "text": "À faire."})
    chair = people[recommended["holder"]["id"]]
    assert chair in {"Ian", "Irma"}

    await speak(chair).refused(
        "POST", f"{path}/transitions", 422, "pipeline.scorecard-missing", json={"to": "selected"}
    )
    criteria = (await speak(chair).get("/scorecard-criteria"))["items"]
    card = {"scores": {item["id"]: 4 for item in criteria}, "text": "Solide"}
    assert (await speak(chair).put(f"{path}/scorecard", card))["total"] == 4.0
    money = {"amount": 1200.5, "currency": "EUR", "per": "year"}
    moved: dict[str, Any] = {}
    for body in (
        {"to": "selected"},
        {
            "to": "project",
            "owner": cast["Max"].id,
            "estimate": money,
            "cost": {"amount": 300, "currency": "EUR"},
        },
        {"to": "on_hold", "text": "On attend.", "ends_on": "2026-12-01"},
        {"to": "resumed"},
        {
            "to": "pilot",
            "place": "Lyon",
            "starts_on": "2026-10-01",
            "ends_on": "2026-11-01",
            "success_measure": "-10 %",
        },
        {"to": "deployed", "result": "-12 %", "benefit": money},
    ):
        moved = await speak(chair).post(f"{path}/transitions", body)
    assert moved["stage"] == "deployed"
    assert moved["gates"][0]["estimate"]["amount"] == "1200.50"
    assert moved["gates"][0]["cost"] == {"amount": "300.00", "currency": "EUR"}

    steps = (await alice.get(f"{path}/itinerary"))["items"]
    assert [step["act"] for step in steps] == [
        "submit",
        "clarify",
        "answer",
        "forward",
        "acknowledge",
        "recommend",
        "select",
        "start_project",
        "hold",
        "resume",
        "start_pilot",
        "deploy",
    ]
    verdict = await alice.get(f"{path}/itinerary/verification")
    assert verdict == {"valid": True, "rows": 12, "head": steps[-1]["hash"]}
    explanation = await alice.get(f"{path}/routing")
    assert explanation["explanation"]
    feed = await speak("Max").get("/ideas?sort=hot")
    assert feed["items"][0]["id"] == idea["id"]
    assert feed["items"][0]["voted"] is True
