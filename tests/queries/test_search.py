"""Search and similar ideas: the same answers on both engines."""

from collections.abc import Callable

import pytest

from app.core.db import Database
from app.jobs.drain import drain
from app.queries import search
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]

# ruff: noqa: RUF001  Greek is Greek
IDEAS = {
    "screens": (
        "Éteindre les écrans le soir",
        "Les écrans restent allumés la nuit.",
        "Une minuterie coupe tout.",
    ),
    "cars": (
        "Véhicules électriques",
        "Nos commerciaux roulent au diesel.",
        "Louer des voitures électriques.",
    ),
    "meetings": ("Réunions plus courtes", "Trop de réunions d'une heure.", "Trente minutes au plus, debout."),
    "english": ("Shorter meetings on Friday", "People need quiet hours.", "No meeting after lunch."),
    "heart": ("Au cœur du client", "L'aujourd'hui du client nous échappe.", "Écouter les appels."),
    "greek": ("Καινοτομία για όλους", "β", "γ"),
}


@pytest.fixture
async def ideas(speak: Speak, cast: Cast, database: Database) -> dict[str, str]:
    """Ideas by a word of ours; their identifiers lead back to it."""
    found = {}
    for name, (title, problem, solution) in IDEAS.items():
        body = {
            "title": title,
            "problem": problem,
            "solution": solution,
            "theme": cast.themes["brand"],
            "tags": ["Mobilité"] if name == "cars" else [],
        }
        found[(await speak("Alice").post("/ideas", body))["id"]] = name
    while await drain(database, now=START):
        pass
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("écrans", {"screens"}),
        ("ecran", {"screens"}),
        ("ECRANS soir", {"screens"}),
        ("écran diesel", set()),
        ("électrique", {"cars"}),
        ("voiture", {"cars"}),
        ("mobilite", {"cars"}),
        ("réunion", {"meetings"}),
        ("meeting", {"english"}),
        ("meetings", {"english"}),
        ("vehicule electirque", {"cars"}),
        ("minuterei", {"screens", "meetings"}),
        ("minut", {"screens", "meetings"}),
        ("coeur", {"heart"}),
        ("cœur", {"heart"}),
        ("l'aujourd'hui du client", {"heart"}),
        ("Καινοτομία", {"greek"}),
        ("zzzzzz", set()),
        ("le la les", set()),
        ("\"' OR 1=1 --", set()),
        ("title:écrans", set()),
        ("NEAR(a b) * ^", set()),
        ("%_%", set()),
    ],
)
async def test_words_find_ideas(speak: Speak, ideas: dict[str, str], words: str, expected: set[str]) -> None:
    page = await speak("Max").get("/ideas", params={"q": words})
    assert {ideas[item["id"]] for item in page["items"]} == expected


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("écran", {"screens"}),
        ("écran diesel", set()),
        ("minut", {"screens", "meetings"}),
        ("vehicule electirque", {"cars"}),
        ("Καινοτομία", {"greek"}),
        ("zzzzzz", set()),
    ],
)
async def test_both_ways_to_a_page_find_the_same(
    speak: Speak,
    ideas: dict[str, str],
    words: str,
    expected: set[str],
    wide: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "_is_wide", lambda *_: wide)
    for sort in ("new", "hot"):
        page = await speak("Max").get("/ideas", params={"q": words, "sort": sort, "limit": 1})
        found = {ideas[item["id"]] for item in page["items"]}
        while page["next_cursor"]:
            more = {"q": words, "sort": sort, "limit": 1, "cursor": page["next_cursor"]}
            page = await speak("Max").get("/ideas", params=more)
            found |= {ideas[item["id"]] for item in page["items"]}
        assert found == expected


async def test_search_is_right_at_once_and_follows_edits(
    speak: Speak, cast: Cast, ideas: dict[str, str]
) -> None:
    idea = await speak("Alice").post(
        "/ideas",
        {"title": "Trottinettes", "problem": "p", "solution": "s", "theme": cast.themes["brand"]},
    )
    assert len((await speak("Max").get("/ideas?q=trottinette"))["items"]) == 1
    await speak("Alice").request(
        "PATCH", f"/ideas/{idea['id']}", json={"title": "Patinettes"}, headers={"If-Match": '"1.x"'}
    )
    assert (await speak("Max").get("/ideas?q=trottinette"))["items"] == []
    assert len((await speak("Max").get("/ideas?q=patinette"))["items"]) == 1


async def test_drafts_are_neither_found_nor_suggested(
    speak: Speak, cast: Cast, ideas: dict[str, str]
) -> None:
    body = {
        "title": "Licorne secrète",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "draft": True,
    }
    draft = await speak("Alice").post("/ideas", body)
    assert (await speak("Alice").get("/ideas?q=licorne"))["items"] == []
    similar = await speak("Max").get("/ideas/similar?text=licorne secrete")
    assert draft["id"] not in {item["id"] for item in similar["items"]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Couper les écrans pendant la nuit", "screens"),
        ("Des autos électriques pour les vendeurs", "cars"),
        ("Raccourcir nos réunions", "meetings"),
        ("Quieter Fridays without meetings", "english"),
    ],
)
async def test_the_likeliest_duplicate_comes_first(
    speak: Speak, ideas: dict[str, str], words: str, expected: str
) -> None:
    similar = await speak("Max").get("/ideas/similar", params={"text": words})
    assert ideas[similar["items"][0]["id"]] == expected
    assert len(similar["items"]) <= 5


async def test_a_declined_duplicate_says_why(speak: Speak, cast: Cast, ideas: dict[str, str]) -> None:
    idea_id = next(found for found, name in ideas.items() if name == "cars")
    holder = (await speak("Max").get(f"/ideas/{idea_id}"))["holder"]["id"]
    name = next(name for name in cast.people if cast[name].id == holder)
    text = "Nous en avons déjà loué soixante."
    await speak(name).post(
        f"/ideas/{idea_id}/decisions", {"action": "decline", "reason_code": "already_exists", "text": text}
    )
    similar = await speak("Max").get("/ideas/similar?text=voitures électriques")
    assert similar["items"][0]["stage"] == "declined"
    assert similar["items"][0]["last_reason"]["text"] == text


async def test_an_empty_base_offers_nothing_and_a_small_one_something(speak: Speak, cast: Cast) -> None:
    assert (await speak("Max").get("/ideas/similar?text=rien"))["items"] == []
    body = {"title": "Tout autre chose", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    await speak("Alice").post("/ideas", body)
    assert len((await speak("Max").get("/ideas/similar?text=xylophone"))["items"]) == 1
