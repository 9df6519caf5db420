"""Who writes in a trial, and what they have at hand: themes, functions, criteria, ideas."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from app.demo.accounts import PASSWORD
from tests.chaos.installation import Installation

API = "/api/v1"
_OVER = ("declined", "withdrawn", "merged")
_LEADING = ("innovation_manager", "sponsor", "correspondent")


@dataclass(frozen=True)
class Person:
    """Somebody of the made-up company; `password` is empty for who has none."""

    id: str
    email: str
    token: str
    roles: tuple[str, ...]
    password: str = ""


@dataclass
class World:
    """What everybody may refer to; `ideas` grows while people submit."""

    people: list[Person]
    themes: list[str]
    functions: list[str]
    criteria: list[str]
    ideas: list[str] = field(default_factory=list)


def sign(token: str) -> dict[str, str]:
    """Return the header of a signed-in request."""
    return {"Authorization": f"Bearer {token}"}


async def list_items(
    http: httpx2.AsyncClient, path: str, token: str, query: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    asked: dict[str, Any] = dict(query or {})
    items: list[dict[str, Any]] = []
    while True:
        answer = await http.get(f"{API}{path}", params=asked, headers=sign(token))
        answer.raise_for_status()
        page = answer.json()
        items += page["items"]
        if not page.get("next_cursor"):
            return items
        asked["cursor"] = page["next_cursor"]


async def look_around(installation: Installation, base_url: str) -> World:
    """Return what there is, as everybody sees it."""
    with_password = (installation.directory / "demo-accounts.txt").read_text(encoding="utf-8")
    async with httpx2.AsyncClient(base_url=base_url, timeout=30) as http:
        people = []
        for email, token in installation.tokens.items():
            answer = await http.get(f"{API}/me", headers=sign(token))
            shown = answer.raise_for_status().json()
            password = PASSWORD if f" {email} " in with_password else ""
            people.append(Person(shown["id"], email, token, tuple(shown["roles"]), password))
        token = people[0].token
        names = ("/themes", "/functions", "/scorecard-criteria")
        themes, functions, criteria = [
            [item["id"] for item in await list_items(http, name, token)] for name in names
        ]
        ideas = await list_items(http, "/ideas", token)
    standing = [idea["id"] for idea in ideas if idea["stage"] not in _OVER]
    return World(people, themes, functions, criteria, standing)


def choose(world: World, number: int, luck: random.Random) -> list[Person]:
    """Return the people who write: a half decides as well, where there are so many, and some have a password."""
    leading = [person for role in _LEADING for person in world.people if role in person.roles]
    deciders = list(dict.fromkeys(leading))[: number // 2]
    rest = [person for person in world.people if person not in deciders]
    luck.shuffle(rest)
    rest.sort(key=lambda person: not person.password)
    return deciders + rest[: number - len(deciders)]
