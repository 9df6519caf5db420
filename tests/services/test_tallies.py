"""The scores of an idea are those of the rule, whichever statement moved them last."""

from collections.abc import Callable
from typing import Any

import pytest

from app.core.db import Database
from app.domain import ranking
from app.models.ideas import Idea, Tally
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


class Reckoning:
    """Does things to an idea and counts by hand; after each step its tally must say the same."""

    def __init__(self, speak: Speak, database: Database, idea_id: str) -> None:
        self.idea_id = idea_id
        self.at = f"/ideas/{idea_id}"
        self.votes: set[str] = set()
        self.comments: list[str] = []
        self.answered = False
        self._speak = speak
        self._database = database

    async def vote(self, *names: str) -> None:
        for name in names:
            await self._speak(name).put(f"{self.at}/vote")
            self.votes.add(name)
            await self.check()

    async def withdraw(self, *names: str) -> None:
        for name in names:
            answer = await self._speak(name).request("DELETE", f"{self.at}/vote")
            assert answer.status_code == 200
            self.votes.discard(name)
            await self.check()

    async def comment(self, name: str, *, headers: Any = None, **more: str) -> None:
        written = await self._speak(name).post(
            f"{self.at}/comments", {"body": "Yes", **more}, headers=headers
        )
        self.comments.append(written["id"])
        await self.check()

    async def delete(self, name: str, place: int) -> None:
        path = f"/comments/{self.comments.pop(place)}"
        answer = await self._speak(name).request("DELETE", path, headers={"If-Match": "*"})
        assert answer.status_code == 204
        await self.check()

    async def acknowledge(self, name: str) -> None:
        await self._speak(name).post(f"{self.at}/decisions", {"action": "acknowledge"})
        self.answered = True
        await self.check()

    async def write_together(self, author: str, invited: str, employee_id: str) -> None:
        """Have somebody become an author, who loses the vote by that."""
        await self._speak(author).post(f"{self.at}/authors", {"employee": employee_id})
        await self._speak(invited).put(f"{self.at}/authors/me", {"answer": "accept"})
        self.votes.discard(invited)
        await self.check()

    async def check(self) -> None:
        async with self._database.reader() as session:
            tally = await session.get_one(Tally, self.idea_id)
            submitted_at = (await session.get_one(Idea, self.idea_id)).submitted_at
        assert submitted_at is not None
        votes, comments = len(self.votes), len(self.comments)
        assert (tally.votes, tally.comments, tally.views) == (votes, comments, 0)
        # Each engine takes the logarithm in its own way; a wrong weight shows in the second decimal.
        hot = ranking.get_hot(votes, comments, submitted_at)
        assert tally.hot == pytest.approx(hot, rel=0, abs=1e-6)
        assert tally.attention == ranking.get_attention(0, votes, comments, answered=self.answered)


async def test_after_every_step_the_scores_are_those_of_the_rule(
    speak: Speak, cast: Cast, database: Database
) -> None:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    idea = await speak("Alice").post("/ideas", body | {"function": cast.functions["IT"]})
    here = Reckoning(speak, database, idea["id"])
    await here.check()
    await here.comment("Max")
    await here.vote("Max", "Pete", "Olga", "Max")
    await here.comment("Eve", reply_to=here.comments[0])
    await here.comment("Alice", headers={"Idempotency-Key": "once"})
    await here.withdraw("Max", "Max")
    await here.delete("Eve", 1)
    await here.vote("Max", "Dan")
    await here.acknowledge("Eve")
    await here.write_together("Alice", "Pete", cast["Pete"].id)
    await here.comment("Bob")
    await here.delete("Alice", 1)
    await here.delete("Max", 0)
    await here.withdraw("Max", "Dan")
    await here.delete("Bob", 0)
    await here.withdraw("Olga")
    assert not here.votes
    assert not here.comments
