"""Doing what badges are given for, and looking at them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.core.lanes import SessionLane
from app.domain.badges import Badge
from app.domain.help_events import HelpThanked
from app.domain.pipeline import Stage
from app.jobs.drain import drain
from app.models.badges import BadgeAward
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.schemas.comments import WriteComment
from app.schemas.ideas import SubmitIdea
from app.services import badges, comments, events, ideas, moves
from app.services.moves import Intent
from tests.support.histories import ADVANCES
from tests.support.world import START, Cast


class Days:
    """A few acts on chosen days, worked off and looked at; days are counted from `world.START` on."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database, self.cast = database, cast
        self.said = 0

    async def submit(self, name: str, day: int, *, anonymous: bool = False) -> str:
        """Submit an idea; returns its identifier."""
        async with self.database.writer() as session:
            values = SubmitIdea(
                title="An idea",
                problem="p",
                solution="s",
                theme=self.cast.themes["brand"],
                function=self.cast.functions["IT"],
                anonymous=anonymous,
            )
            actor = await self.cast.actor(session, name)
            return (await ideas.create(session, actor, values, now=START + timedelta(days=day))).id

    async def comment(self, name: str, day: int, idea_id: str) -> str:
        """Comment on an idea, a second after the comment before; returns the comment's identifier."""
        self.said += 1
        async with self.database.writer() as session:
            lane, actor = SessionLane(session), await self.cast.actor(session, name)
            now, said = START + timedelta(days=day, seconds=self.said), WriteComment(body="so")
            return (await comments.write(lane, actor, idea_id, said, now=now)).id

    async def advance(self, idea_id: str, day: int) -> None:
        """Carry an idea to its deployment, all in a day."""
        async with self.database.writer() as session:
            idea, boss = await session.get_one(Idea, idea_id), await self.cast.actor(session, "Boss")
            while idea.stage in ADVANCES:
                intent = Intent(*ADVANCES[Stage(idea.stage)])
                made = await moves.apply(session, idea, intent)
                await moves.finish(session, boss, made, intent, now=START + timedelta(days=day))

    async def look(self, day: int, catalogue: Sequence[Badge]) -> dict[tuple[str, str], date]:
        """Work everything off and look; returns the day of each person's badge, by first names."""
        now = START + timedelta(days=day)
        while await drain(self.database, now=now):
            pass
        await badges.award(self.database, now=now, catalogue=catalogue)
        names = {person.id: name for name, person in self.cast.people.items()}
        async with self.database.reader() as session:
            rows = await session.scalars(select(BadgeAward).where(col(BadgeAward.shown).is_(False)))
            return {(names[row.employee_id], row.badge): row.awarded_on for row in rows}


async def thank(session: WriteSession, idea_id: str, asker: str, helper: str, *, now: datetime) -> None:
    """Let an author thank somebody for help."""
    request = HelpRequest(
        idea_id=idea_id,
        asker_id=asker,
        helper_id=helper,
        wants="anyone",
        text="?",
        state="ended",
        created_at=now,
        thanked_at=now,
        counted=True,
    )
    session.add(request)
    await session.flush()
    events.record(session, HelpThanked(request.id, {"idea": idea_id}), actor_id=None, now=now)
