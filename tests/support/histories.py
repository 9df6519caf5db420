"""Histories that earn points: acts at any moments, worked off in any way, and what is due for them by hand."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.core.lanes import SessionLane
from app.domain.actors import Actor
from app.domain.errors import Refusal
from app.domain.pipeline import Act, By, Stage
from app.domain.rewards import SCALE, PointRule, RuleKey, share
from app.jobs import drain, reactions
from app.models.events import Event
from app.models.ideas import Idea
from app.models.votes import Vote
from app.schemas.comments import WriteComment
from app.schemas.ideas import SubmitIdea
from app.services import authorships, campaigns, comments, ideas, moves, preconditions, votes
from app.services.moves import Intent
from tests.support.world import START, Cast

PEOPLE = ("Max", "Dev", "Fay", "Mia")
IDEAS, DRAFTS = 6, 2
ADVANCES = {
    Stage.SUBMITTED: (Act.ACKNOWLEDGE, By.HOLDER),
    Stage.EVALUATION: (Act.RECOMMEND, By.HOLDER),
    Stage.RECOMMENDED: (Act.SELECT, By.COMMITTEE),
    Stage.SELECTED: (Act.START_PROJECT, By.COMMITTEE),
    Stage.PROJECT: (Act.DEPLOY, By.COMMITTEE),
}
Net = tuple[str, str, str]


@dataclass(frozen=True)
class Step:
    """One thing in a history: what, by whom, about which idea, and how many minutes after the beginning."""

    what: str
    who: int
    idea: int
    minutes: int


ACTS = tuple(
    what
    for what, often in {
        "vote": 12,
        "withdraw": 8,
        "comment": 6,
        "delete": 4,
        "submit": 1,
        "join": 3,
        "leave": 1,
        "advance": 8,
        "take back": 1,
    }.items()
    for _ in range(often)
)
WORK = ("drain all", "drain all", "drain", "crash", "replay", "one by one", "shuffled")

STEPS = st.builds(
    Step,
    st.one_of(st.sampled_from(ACTS), st.sampled_from(ACTS), st.sampled_from(WORK)),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, IDEAS - 1),
    # Moments come in any order: what was begun earlier may be committed later.
    st.integers(0, 3 * 24 * 60),
)


def draw_steps(seed: int) -> list[Step]:
    """Return a busy history: what a strategy makes up by itself repeats much, and little of it gets far."""
    random = Random(seed)
    minutes = (30 * random.randint(0, 3 * 24 * 2) for _ in range(90))
    return [
        Step(
            random.choice(ACTS if random.random() < 0.75 else WORK),
            random.randrange(len(PEOPLE)),
            random.randrange(IDEAS),
            minute,
        )
        for minute in minutes
    ]


HISTORIES = st.one_of(
    st.lists(STEPS, min_size=1, max_size=20),
    st.integers(0, 10**9).map(draw_steps),
    st.integers(0, 10**9).map(draw_steps),
)


@dataclass
class Paper:
    """What a person with a pencil notes of one idea."""

    campaign: str = ""
    submitted: tuple[datetime, tuple[str, ...]] | None = None
    withdrawn: bool = False
    writers: list[str] = field(default_factory=list)
    joined: dict[str, int] = field(default_factory=dict)
    reached: dict[RuleKey, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)


class History:
    """Plays steps on a database, and keeps its own books of them."""

    def __init__(self, database: Database, cast: Cast, random: Random, scale: dict[int, PointRule]) -> None:
        self.database, self.cast, self.random = database, cast, random
        self.scale = scale
        self.ids: list[str] = []
        self.papers: dict[str, Paper] = {}
        self.voted: defaultdict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
        self.votes: set[tuple[str, str]] = set()
        self.said: defaultdict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
        self.comments: dict[tuple[str, str], list[str]] = defaultdict(list)

    async def begin(self) -> None:
        """Make the ideas, some in a challenge, and submit most."""
        async with self.database.writer() as session:
            challenge = await campaigns.announce(
                session,
                name="Challenge",
                question="",
                sponsor_id=None,
                starts_at=START - timedelta(days=1),
                ends_at=START + timedelta(days=30),
                now=START,
            )
            for place in range(IDEAS):
                actor = await self.cast.actor(session, PEOPLE[place % len(PEOPLE)])
                values = SubmitIdea(
                    title=f"Idea {place}",
                    problem="p",
                    solution="s",
                    theme=self.cast.themes["brand"],
                    campaign=challenge.id if place % 2 else None,
                    draft=True,
                )
                idea = await ideas.create(session, actor, values, now=START)
                self.ids.append(idea.id)
                campaign = challenge.id if place % 2 else ""
                self.papers[idea.id] = Paper(campaign, writers=[actor.id])

        for place in range(IDEAS - DRAFTS):
            await self.play(Step("submit", 0, place, self.random.randint(0, 600)))

    async def play(self, step: Step) -> None:
        """Do a step; what is refused leaves no trace, in the books either."""
        if step.what in WORK:
            await self.work(step.what)
            return
        now = START + timedelta(minutes=step.minutes)
        try:
            async with self.database.writer() as session:
                await self._act(session, step, self.ids[step.idea], now)
        except Refusal:
            return

    async def work(self, how: str) -> None:
        """Work off what happened, or some of it, or again, or break off in the midst of it."""
        if how == "drain all":
            await self.finish()
            return
        if how == "drain":
            size, drain.BATCH = drain.BATCH, self.random.choice((1, 3, 7, drain.BATCH))
            try:
                await drain.drain(self.database, now=START)
            finally:
                drain.BATCH = size
            return
        async with self.database.reader() as session:
            happened = list(await session.scalars(select(Event).order_by(col(Event.sequence))))
        if how in ("replay", "shuffled"):
            happened = [event for event in happened if self.random.random() < 0.5]
        if how == "shuffled":
            self.random.shuffle(happened)
        size = 1 if how == "one by one" else self.random.randint(1, 9)
        for start in range(0, len(happened), size):
            try:
                async with self.database.writer() as session:
                    await reactions.react(session, happened[start : start + size], now=START)
                    if how == "crash":
                        self._may_crash()
            except _Crash:
                return

    def _may_crash(self) -> None:
        if self.random.random() < 0.5:
            raise _Crash

    async def finish(self) -> None:
        """Work off everything."""
        while await drain.drain(self.database, now=START):
            pass

    def _name_first(self, idea_id: str) -> str:
        return PEOPLE[self.ids.index(idea_id) % len(PEOPLE)]

    async def _act(self, session: WriteSession, step: Step, idea_id: str, now: datetime) -> None:
        doing = {
            "vote": self._vote,
            "withdraw": self._withdraw,
            "comment": self._comment,
            "delete": self._delete,
            "submit": self._submit,
            "join": self._join,
            "leave": self._leave,
            "advance": self._advance,
            "take back": self._take_back,
        }
        actor = await self.cast.actor(session, PEOPLE[step.who])
        await doing[step.what](session, actor, idea_id, now)

    async def _vote(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        await votes.cast(session, actor, idea_id, now=now)
        pair = idea_id, actor.id
        if pair not in self.votes:
            self.voted[pair].append((now, await _find_vote(session, *pair)))
            self.votes.add(pair)

    async def _withdraw(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        await votes.withdraw(session, actor, idea_id, now=now)
        self.votes.discard((idea_id, actor.id))

    async def _comment(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        values = WriteComment(body="Yes")
        written = await comments.write(SessionLane(session), actor, idea_id, values, now=now)
        self.said[idea_id, actor.id].append((now, written.id))
        self.comments[idea_id, actor.id].append(written.id)

    async def _delete(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        for comment_id in self.comments[idea_id, actor.id][-1:]:
            await comments.delete(session, actor, comment_id, version=preconditions.ANY, now=now)
            self.comments[idea_id, actor.id].pop()

    async def _submit(self, session: WriteSession, _actor: Actor, idea_id: str, now: datetime) -> None:
        first = await self.cast.actor(session, self._name_first(idea_id))
        await ideas.submit(session, first, idea_id, now=now)
        paper = self.papers[idea_id]
        paper.submitted = now, tuple(paper.writers)

    async def _join(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        first = await self.cast.actor(session, self._name_first(idea_id))
        await authorships.invite(session, first, idea_id, employee_id=actor.id, now=now)
        await authorships.answer(session, actor, idea_id, accept=True, now=now)
        paper = self.papers[idea_id]
        paper.joined.setdefault(actor.id, len(paper.joined) + 1)
        paper.writers = sorted([*paper.writers, actor.id], key=lambda who: paper.joined.get(who, 0))
        self.votes.discard((idea_id, actor.id))

    async def _leave(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        await authorships.end(session, actor, idea_id, employee_id=actor.id, now=now)
        self.papers[idea_id].writers.remove(actor.id)

    async def _take_back(self, session: WriteSession, actor: Actor, idea_id: str, now: datetime) -> None:
        if self.papers[idea_id].submitted:
            idea, intent = await session.get_one(Idea, idea_id), Intent(Act.WITHDRAW, By.AUTHOR)
            made = await moves.apply(session, idea, intent)
            await moves.close_review(session, idea, "withdraw", now=now)
            await moves.finish(session, actor, made, intent, now=now)
            self.papers[idea_id].withdrawn = True

    async def _advance(self, session: WriteSession, _actor: Actor, idea_id: str, now: datetime) -> None:
        idea = await session.get_one(Idea, idea_id)
        if idea.stage not in ADVANCES:
            return
        intent = Intent(*ADVANCES[Stage(idea.stage)])
        made = await moves.apply(session, idea, intent)
        boss = await self.cast.actor(session, "Boss")
        await moves.finish(session, boss, made, intent, now=now)
        if idea.stage in list(RuleKey):
            paper = self.papers[idea_id]
            paper.reached.setdefault(RuleKey(idea.stage), (now, tuple(paper.writers)))

    def reckon(self) -> dict[Net, int]:
        """Return what is due, worked out by hand."""
        due: dict[Net, int] = {}
        standing = {pair for pair, left in self.comments.items() if left}
        due |= self._reckon_small(RuleKey.VOTE, self.voted, self.votes)
        due |= self._reckon_small(RuleKey.COMMENT, self.said, standing)
        for idea_id, paper in self.papers.items():
            if paper.submitted is not None and not paper.withdrawn:
                due |= self._share(RuleKey.SUBMITTED, idea_id, *paper.submitted)
            for rule, reached in paper.reached.items():
                due |= self._share(rule, idea_id, *reached)
        race = [
            (paper.submitted[0], idea_id)
            for idea_id, paper in self.papers.items()
            if paper.campaign and paper.submitted
        ]
        if race:
            first = self.papers[min(race)[1]]
            if first.submitted and not first.withdrawn:
                due |= self._share(RuleKey.FIRST_IN_CAMPAIGN, min(race)[1], *first.submitted)
        return {net: points for net, points in due.items() if points}

    def _reckon_small(
        self,
        rule: RuleKey,
        done: dict[tuple[str, str], list[tuple[datetime, str]]],
        standing: set[tuple[str, str]],
    ) -> dict[Net, int]:
        firsts = sorted((*min(times), *pair) for pair, times in done.items() if times)
        used: defaultdict[tuple[str, date], int] = defaultdict(int)
        due = {}
        for moment, _, idea_id, person in firsts:
            day = moment.astimezone(ZoneInfo("Europe/Paris")).date()
            worth = self._worth(rule, day)
            used[person, day] += 1
            if used[person, day] <= (worth.per_day or 99) and (idea_id, person) in standing:
                due[rule.value, idea_id, person] = worth.points
        return due

    def _share(
        self, rule: RuleKey, idea_id: str, moment: datetime, authors: tuple[str, ...]
    ) -> dict[Net, int]:
        parts = share(SCALE[rule].points, len(authors))
        return {(rule.value, idea_id, person): points for person, points in zip(authors, parts, strict=True)}

    def _worth(self, rule: RuleKey, day: date) -> PointRule:
        days = [each for each in self.scale if START.date() + timedelta(days=each) <= day]
        return self.scale[max(days)] if rule is RuleKey.VOTE and days else SCALE[rule]


class _Crash(Exception):
    """The process ends in the midst of a transaction."""


async def _find_vote(session: WriteSession, idea_id: str, voter_id: str) -> str:
    found = await session.scalar(
        select(col(Vote.id)).where(
            col(Vote.idea_id) == idea_id, col(Vote.voter_id) == voter_id, col(Vote.withdrawn_at).is_(None)
        )
    )
    return found or ""
