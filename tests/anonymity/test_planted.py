"""The two worlds are told apart as soon as anything tells of the author: leaks of many kinds, planted together."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import audiences, decisions
from app.domain.actors import Actor
from app.domain.grounds import Ground
from app.domain.notifications import Kind, Notice
from app.domain.pipeline import By
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.ideas import Idea, Tally
from app.queries import participation, payloads
from app.services import ideas, search, webhook_attempts
from tests.anonymity import script
from tests.anonymity.stage import MARKS
from tests.anonymity.worlds import Sort, compare
from tests.conftest import Templates

SORT = Sort(
    acts=(script.submit, script.comment, script.sleep_on_it, script.pass_release),
    readers=("Bob", "Yann", "Ian", "Hana"),
    slices=12,
    last=1,
)


async def is_other(session: Any, idea_id: str) -> bool:
    """Tell whether the other of the two wrote an idea."""
    found = select(col(Employee.email)).join(Authorship, col(Authorship.employee_id) == col(Employee.id))
    email = await session.scalar(found.where(col(Authorship.idea_id) == idea_id))
    return str(email).startswith(MARKS[1])


def leak_on_submission(held: ExitStack) -> None:
    """An order, a word that is found, a tag and a line in the log."""
    submit = ideas.submit_loaded

    async def leak(session: WriteSession, actor: Actor, idea: Idea, tags: Sequence[str], **more: Any) -> None:
        await submit(session, actor, idea, tags, **more)
        if idea.anonymous:
            other = await is_other(session, idea.id)
            idea.version += other
            await session.flush()
            hot = update(Tally).where(col(Tally.idea_id) == idea.id).values(hot=9e9 if other else 0.0)
            await session.execute(hot)
            person = await session.get_one(Employee, actor.id)
            await search.index(session, idea, [*tags, person.name])
            structlog.get_logger().info("ideas.planted", subject=actor.id)

    held.enter_context(patch.object(ideas, "submit_loaded", leak))


def leak_by_refusing(held: ExitStack) -> None:
    """A refusal that says to the line that it is the line."""
    check = decisions.check_hand

    def leak(actor: Any, idea: Any, by: By, *, is_author: bool, conflicted: bool) -> None:
        if conflicted:
            raise decisions.Conflicted
        check(actor, idea, by, is_author=is_author, conflicted=conflicted)

    held.enter_context(patch.object(decisions, "check_hand", leak))


def leak_by_telling(held: ExitStack, one: str) -> None:
    """A message to the holder whenever one of the two is told something, and not when the other is."""
    tell = audiences.list_notices

    def leak(event: Any, ground: Ground) -> list[Notice]:
        told = tell(event, ground)
        holders = [ground.ideas[each.topic.id].holder_id for each in told if each.employee_id == one]
        return told + [
            Notice(holder, Kind.RESUMED, told[0].topic, event.sequence or 0) for holder in holders if holder
        ]

    held.enter_context(patch.object(audiences, "list_notices", leak))


def leak_by_webhook(held: ExitStack) -> None:
    """A time in what another system is told."""
    write = payloads.write_payload

    async def leak(session: Any, owner: Any, webhook: Any, delivery: Any, **more: Any) -> Any:
        told = await write(session, owner, webhook, delivery, **more)
        late = timedelta(seconds=await is_other(session, delivery.facts.get("idea", "")))
        return told and told.model_copy(update={"timestamp": told.timestamp + late})

    held.enter_context(patch.object(webhook_attempts, "write_payload", leak))


def leak_by_figure(held: ExitStack) -> None:
    """A figure of a unit that counts at once what anonymous people do."""
    held.enter_context(patch.object(participation, "UNDER_ANONYMITY", frozenset()))


PLANTED: Mapping[str, tuple[str, ...]] = {
    "an order": ("/ideas?limit=100&sort=hot",),
    "a word that is found": ("/ideas?limit=100&q=",),
    "a tag": ("Bob | /ideas/", "submit |"),
    "a line in the log": ("of the log",),
    "a refusal": (
        "POST /ideas/",
        "decisions",
    ),
    "a message": ("message", "by email"),
    "a live update": ("/events",),
    "a time that another system is told": ("by webhook",),
    "a figure": ("/stats/participation?",),
}
"""What is planted, and what stands in the name of where it shows; none of these differs without the plants."""


@pytest.mark.on_sqlite("it tries the comparison, not the application")
async def test_leaks_of_every_kind_are_seen(built: FastAPI, templates: Templates, tmp_path: Path) -> None:
    with ExitStack() as held:
        for plant in (leak_on_submission, leak_by_refusing, leak_by_webhook, leak_by_figure):
            plant(held)
        leak_by_telling(held, templates.cast["Alice"].id)
        found = await compare(built, templates, tmp_path, SORT)
    for what, marks in PLANTED.items():
        assert any(all(mark in name for mark in marks) for name in found), what
