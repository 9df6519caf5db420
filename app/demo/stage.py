"""Carrying out the plan's acts, each through the use case that a person would reach over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from app.core.db import WriteSession
from app.core.lanes import SessionLane
from app.demo import acts, gathering_scenes, help_scenes
from app.demo.acts import Act
from app.demo.people import Troupe
from app.domain.actors import Actor
from app.models.ideas import Idea
from app.queries import conflicts
from app.schemas.comments import WriteComment
from app.schemas.decisions import Decide, FillScorecard, MoveIdea, StatedMoney
from app.schemas.ideas import SubmitIdea
from app.schemas.prices import StatedPrice
from app.services import (
    authorships,
    comments,
    decisions,
    endings,
    ideas,
    scorecards,
    sessions,
    transitions,
    votes,
)


class Stage:
    """Plays acts in their order; who holds an idea is asked of the application, never of the plan."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe
        self._scenes: dict[type[Any], Callable[[WriteSession, Any], Awaitable[None]]] = {
            acts.SignIn: self._sign_in,
            acts.Submit: self._submit,
            acts.Vote: self._vote,
            acts.Comment: self._comment,
            acts.Reply: self._reply,
            acts.Review: self._review,
            acts.Answer: self._answer,
            acts.Score: self._score,
            acts.Transition: self._move,
            acts.Withdraw: self._withdraw,
        }
        for scenes in (help_scenes.SCENES, gathering_scenes.SCENES):
            self._scenes |= {kind: partial(scene, troupe) for kind, scene in scenes.items()}

    async def play(self, session: WriteSession, today: Sequence[Act]) -> None:
        """Play what happens on one day, in one transaction."""
        for act in today:
            await self._scenes[type(act)](session, act)

    async def _sign_in(self, session: WriteSession, act: acts.SignIn) -> None:
        person = self._troupe.employees[self._troupe.ids[act.person]]
        await sessions.open(session, person, client="demo", now=act.at)

    async def _submit(self, session: WriteSession, act: acts.Submit) -> None:
        troupe = self._troupe
        values = SubmitIdea(
            title=act.title,
            problem=act.problem,
            solution=act.solution,
            benefit=act.benefit or "",
            theme=troupe.themes[act.theme],
            function=troupe.functions[act.function] if act.function else None,
            campaign=troupe.campaigns[act.campaign] if act.campaign else None,
            tags=list(act.tags),
            anonymous=act.anonymous,
            draft=bool(act.co_authors),
        )
        author = await self._troupe.person(session, act.person)
        idea = await ideas.create(session, author, values, now=act.at)
        for mate in act.co_authors:
            await authorships.invite(session, author, idea.id, employee_id=troupe.ids[mate], now=act.at)
            await authorships.answer(
                session, await self._troupe.person(session, mate), idea.id, accept=True, now=act.at
            )
        if act.co_authors:
            await ideas.submit(session, author, idea.id, now=act.at)
        troupe.ideas[act.idea] = idea.id

    async def _vote(self, session: WriteSession, act: acts.Vote) -> None:
        await votes.cast(
            session, await self._troupe.person(session, act.person), self._troupe.ideas[act.idea], now=act.at
        )

    async def _comment(self, session: WriteSession, act: acts.Comment) -> None:
        await self._write(session, act, WriteComment(body=act.body))

    async def _reply(self, session: WriteSession, act: acts.Reply) -> None:
        await self._write(
            session, act, WriteComment(body=act.body, reply_to=self._troupe.comments[act.reply_to])
        )

    async def _write(
        self, session: WriteSession, act: acts.Comment | acts.Reply, values: WriteComment
    ) -> None:
        person = await self._troupe.person(session, act.person)
        written = await comments.write(
            SessionLane(session), person, self._troupe.ideas[act.idea], values, now=act.at
        )
        self._troupe.comments[act.comment] = written.id

    async def _review(self, session: WriteSession, act: acts.Review) -> None:
        values = Decide.model_validate(
            {
                "action": act.action,
                "text": act.text,
                "reason_code": act.reason_code,
                "function": self._troupe.functions[act.function] if act.function else None,
            }
        )
        holder, idea_id = await self._holder(session, act.idea)
        await decisions.decide(session, holder, idea_id, values, now=act.at)

    async def _answer(self, session: WriteSession, act: acts.Answer) -> None:
        values = Decide(action="answer", text=act.text)
        author = await self._troupe.person(session, act.person)
        await decisions.decide(session, author, self._troupe.ideas[act.idea], values, now=act.at)

    async def _score(self, session: WriteSession, act: acts.Score) -> None:
        scores = dict(zip(self._troupe.criteria, act.marks, strict=False))
        holder, idea_id = await self._holder(session, act.idea)
        await scorecards.fill(
            session, holder, idea_id, FillScorecard(scores=scores, text=act.text), now=act.at
        )

    async def _move(self, session: WriteSession, act: acts.Transition) -> None:
        values = MoveIdea.model_validate(
            {
                "to": act.to,
                "text": act.text,
                "reason_code": act.reason_code,
                "owner": self._troupe.ids[act.owner] if act.owner else None,
                "estimate": _state(act.estimate),
                "benefit": _state(act.benefit),
                "cost": StatedPrice(amount=Decimal(act.cost.amount), currency=act.cost.currency)
                if act.cost
                else None,
                "wake_on": act.wakes_on,
            }
            | {
                name: getattr(act, name)
                for name in (
                    "place",
                    "starts_on",
                    "ends_on",
                    "success_measure",
                    "result",
                    "benefit_due_on",
                    "skip_reason",
                )
            }
        )
        holder, idea_id = await self._holder(session, act.idea)
        if act.to == "reopened":
            holder = await self._seat(session, idea_id, holder)
        await transitions.move(session, holder, idea_id, values, now=act.at)

    async def _withdraw(self, session: WriteSession, act: acts.Withdraw) -> None:
        author = await self._troupe.person(session, act.person)
        await endings.withdraw(session, author, self._troupe.ideas[act.idea], now=act.at)

    async def _seat(self, session: WriteSession, idea_id: str, panel: Actor) -> Actor:
        """Return who may reopen an idea: whoever is named for an anonymous one, else one of the committee."""
        idea = await session.get_one(Idea, idea_id)
        for manager_id in [] if idea.anonymous else self._troupe.managers:
            manager = await self._troupe.actor(session, manager_id)
            if not await conflicts.is_conflicted(session, manager, idea_id):
                return manager
        return panel

    async def _holder(self, session: WriteSession, key: str) -> tuple[Actor, str]:
        idea = await session.get_one(Idea, self._troupe.ideas[key])
        if idea.holder_id is None:
            raise LookupError(f"nobody holds {idea.id}")
        return await self._troupe.actor(session, idea.holder_id), idea.id


def _state(money: acts.Money | None) -> StatedMoney | None:
    if money is None:
        return None
    return StatedMoney.model_validate({"amount": money.amount, "currency": money.currency, "per": money.per})
