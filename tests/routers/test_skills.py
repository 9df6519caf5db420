"""One's own skills over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.client import Client
from tests.support.helping import ask, submit
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_skills_are_put_and_read_folded(speak: Speak, cast: Cast) -> None:
    dan = speak("Dan")
    empty = {"skills": [], "functions": [{"id": cast.functions["Finance"], "name": "Finance"}], "capacity": 3}
    assert await dan.get("/me/skills") == empty
    put = await dan.put("/me/skills", {"skills": ["Excel", " excel ", "Contrôle  de gestion"], "capacity": 0})
    assert put == empty | {"skills": ["excel", "contrôle de gestion"], "capacity": 0}
    assert await dan.get("/me/skills") == put
    assert (await dan.put("/me/skills", {"skills": []}))["capacity"] == 3


async def test_skills_are_shown_to_nobody_but_whom_one_helps(speak: Speak, cast: Cast) -> None:
    await speak("Max").put("/me/skills", {"skills": ["zinzolin"]})
    for name in ("Alice", "Adam", "Ian", "Bob"):
        for address in (f"/employees/{cast['Max'].id}", "/employees?q=max", "/me/skills"):
            assert "zinzolin" not in (await speak(name).request("GET", address)).text
    made = await ask(speak, await submit(speak, cast), wants="anyone", skills=["zinzolin"])
    assert made["helper_skills"] == []
    await speak("Max").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    assert (await speak("Alice").get(f"/help-requests/{made['id']}"))["helper_skills"] == ["zinzolin"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"skills": ["x"] * 21}, "/skills"),
        ({"skills": ["x" * 41]}, "/skills/0"),
        ({"skills": ["ŉ" * 40]}, "/skills"),
        ({"skills": [" "]}, "/skills/0"),
        ({"skills": ["a\u0000"]}, "/skills/0"),
        ({"skills": "excel"}, "/skills"),
        ({}, "/skills"),
        ({"skills": [], "capacity": -1}, "/capacity"),
        ({"skills": [], "capacity": 21}, "/capacity"),
        ({"skills": [], "functions": []}, "/functions"),
    ],
)
async def test_what_is_no_skill_is_refused(speak: Speak, body: Any, pointer: str) -> None:
    await speak("Max").put("/me/skills", {"skills": ["excel"]})
    problem = await speak("Max").refused("PUT", "/me/skills", 422, json=body)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert (await speak("Max").get("/me/skills"))["skills"] == ["excel"]
