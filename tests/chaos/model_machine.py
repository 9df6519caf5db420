"""The state machine: up to three people act at once over HTTP, and some order of their acts must explain it all."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.chaos import model_draws, model_ledger, model_wire
from tests.chaos.model import OPEN, Act, Company, Idea, Reply, World
from tests.chaos.model_draws import Said, Scene
from tests.chaos.model_rules import carry_out, explain
from tests.chaos.races_ground import Ground
from tests.chaos.starting_gun import Hit

_MOST_IDEAS = 8
_MOST_OPEN = 3
_MOST_WORLDS = 400
_LAST_LINES = 12


class Diverged(AssertionError):
    """What was seen fits no order of what was asked."""


@dataclass
class Play:
    """What all examples of one run share: servers, people, how many steps are left, what was counted.

    `crews` are four people each: two authors, two others. `names` are names by identifier. `until` is when the
    run stops, by the monotonic clock.
    """

    ground: Ground
    company: Company
    officers: list[str]
    names: dict[str, str]
    crews: list[list[str]]
    functions: list[str]
    card: Any
    runner: asyncio.Runner
    steps: int
    until: float
    counts: Counter[str] = field(default_factory=Counter)
    diverged: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be played."""
        return bool(self.diverged) or self.counts["steps"] >= self.steps or time.monotonic() > self.until


class Machine(RuleBasedStateMachine):
    """One example: ideas of a crew of its own, whom the officers of all examples serve."""

    play: ClassVar[Play]

    def __init__(self) -> None:
        super().__init__()
        self.crew = [] if self.play.over or not self.play.crews else self.play.crews.pop()
        self.worlds: frozenset[World] = frozenset({()})
        self.ids: list[str] = []
        self.comments: dict[int, Said] = {}
        self.log: list[str] = []
        self.labels = 0

    @precondition(lambda self: len(self.ids) < _MOST_IDEAS and self.count_open() < _MOST_OPEN)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Somebody submits an idea, or begins a draft."""
        if self._steps_aside():
            return
        author = data.draw(st.sampled_from(self.crew[:2]))
        function = data.draw(st.sampled_from(self.play.functions))
        kind = data.draw(st.sampled_from(("named", "named", "anonymous", "draft")))
        values: dict[str, Any] = {
            "title": "An idea",
            "problem": "Slow.",
            "solution": "Run.",
            "theme": self.play.ground.theme,
        }
        values |= {"function": function, "draft": kind == "draft", "anonymous": kind == "anonymous"}
        self.ids.append(self._ask(author, "POST", "/ideas", values)["id"])
        number = len(self.ids) - 1
        self._note(f"{self.play.names[author]} begins {number}: {kind}")
        begun = Idea(author, function, anonymous=kind == "anonymous")
        self.worlds = frozenset((*world, begun) for world in self.worlds)
        if kind != "draft":
            act = Act("submit", author, number)
            self.worlds = frozenset(
                after for world in self.worlds for _, after in carry_out(self.play.company, world, act)
            )
        self._look(author, [number])

    def count_open(self) -> int:
        """Return how many ideas still have a way to go."""
        return sum(idea.stage in OPEN or idea.stage == "draft" for idea in next(iter(self.worlds)))

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def act_alone(self, data: st.DataObject) -> None:
        """Somebody does something."""
        self._act(data, 1)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def act_in_pairs(self, data: st.DataObject) -> None:
        """Two do something at once."""
        self._act(data, 2)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def act_together(self, data: st.DataObject) -> None:
        """Three do something at once."""
        self._act(data, 3)

    def teardown(self) -> None:
        """The ledger, the chains and the feed say what the model says."""
        if not self.ids or self.play.diverged:
            return
        self.play.runner.run(self.play.ground.drain())
        for person in self.crew:
            ledger = self._ask(person, "GET", "/me/points?limit=100")
            faults = [model_ledger.check(person, world, self.ids, ledger) for world in self.worlds]
            self._insist(not all(faults), f"{self.play.names[person]}: {min(faults, key=len)}")
        for number in range(len(self.ids)):
            self._check_chain(number)
        self._check_feed()
        self.play.counts["examples"] += 1

    def _steps_aside(self) -> bool:
        """Count a step; tells whether it is one too many."""
        if self.play.over or not self.crew:
            return True
        self.play.counts["steps"] += 1
        return False

    def _act(self, data: st.DataObject, number: int) -> None:
        if self._steps_aside():
            return
        where = data.draw(st.integers(0, len(self.ids) - 1))
        world = next(iter(self.worlds)) if len(self.worlds) == 1 else min(self.worlds, key=repr)
        scene = Scene(
            self.play.company, world, self.crew, self.play.officers, self.play.functions, self.comments
        )
        acts = [model_draws.draw(data, scene, where, self.labels + place) for place in range(number)]
        self.labels += number
        reader = data.draw(st.sampled_from([*self.crew, *self.play.officers]))
        replies = self._send(acts)
        worlds = explain(self.play.company, self.worlds, acts, replies)
        self._insist(bool(worlds), "no order explains the answers")
        self._insist(len(worlds) <= _MOST_WORLDS, f"{len(worlds)} worlds explain the answers")
        self.worlds = worlds
        self._look(reader, sorted({act.idea for act in acts} | {act.into for act in acts if act.into >= 0}))

    def _send(self, acts: list[Act]) -> list[Reply]:
        comments = {label: said.id for label, said in self.comments.items()}
        shots = []
        for act in acts:
            method, path, body, headers = model_wire.write(
                act, self.ids, comments, owner=self.crew[3], card=self.play.card
            )
            shots.append(self.play.ground.shot(self.play.names[act.who], method, path, body, **headers))
        hits: list[Hit] = self.play.runner.run(self.play.ground.gun.fire(shots))
        replies = [model_wire.read_reply(act, hit) for act, hit in zip(acts, hits, strict=True)]
        for act, reply, hit in zip(acts, replies, hits, strict=True):
            taken = reply.status < 300
            said = f"{reply.status} {(*reply.seen, *reply.told) or hit.code}" + (
                " at once" if len(acts) > 1 else ""
            )
            self._note(f"{self._tell(act)}: {said}")
            self.play.counts["acts taken" if taken else "acts refused"] += 1
            self.play.counts["acts at the same time as others"] += len(acts) > 1
            self.play.counts[f"{act.kind} taken"] += taken
            if act.kind == "comment" and taken:
                self.comments[act.label] = Said(hit.json()["id"], act.who, act.idea)
        return replies

    def _look(self, reader: str, numbers: list[int]) -> None:
        """Read ideas with their itineraries, and drop the worlds in which they read otherwise."""
        shots = []
        for number in numbers:
            at, who = f"/ideas/{self.ids[number]}", self._find_reader(number, reader)
            shots += [self.play.ground.shot(who, "GET", path) for path in (at, f"{at}/itinerary")]
        hits: list[Hit] = self.play.runner.run(self.play.ground.gun.fire(shots, loaded=0))
        self._insist(all(hit.status == 200 for hit in hits), f"reads were refused: {hits}")
        for place, number in enumerate(numbers):
            read = model_wire.describe_read(hits[2 * place].json(), hits[2 * place + 1].json()["items"])
            self._compare(reader, number, read)

    def _compare(self, reader: str, number: int, read: dict[str, Any]) -> None:
        who = self._find_reader(number, reader)
        wanted = {
            world: model_wire.describe(self.play.company, world[number], self.play.ground.people[who])
            for world in self.worlds
        }
        fitting = frozenset(world for world, description in wanted.items() if description == read)
        told = [{key: text for key, text in one.items() if text != read[key]} for one in wanted.values()][:3]
        self._insist(bool(fitting), f"{who} reads of {number}: {read}; instead of it {told}")
        self.worlds = fitting
        self.play.counts["reads compared"] += 1

    def _check_chain(self, number: int) -> None:
        author = next(iter(self.worlds))[number].author
        verdict = self._ask(author, "GET", f"/ideas/{self.ids[number]}/itinerary/verification")
        rows = len(next(iter(self.worlds))[number].path)
        fits = verdict["valid"] and verdict["rows"] == rows
        self._insist(fits, f"the chain of {number} with {rows} steps: {verdict}")

    def _check_feed(self) -> None:
        """The newest page of the feed shows every idea but drafts, with the counters of the model."""
        cards = {card["id"]: card for card in self._ask(self.crew[2], "GET", "/ideas?limit=100")["items"]}
        world = next(iter(self.worlds))
        for name, idea in zip(self.ids, world, strict=True):
            card = cards.get(name)
            shown = card and (card["stage"], card["votes"], card["comments"], card["voted"])
            wanted = (idea.stage, len(idea.voters), len(idea.comments), self.crew[2] in idea.voters)
            self._insist(
                shown == (None if idea.stage == "draft" else wanted), f"the feed: {shown}, not {wanted}"
            )
            self.play.counts[f"ideas that ended {idea.stage}"] += idea.stage not in OPEN

    def _find_reader(self, number: int, wished: str) -> str:
        """Return the name of who reads an idea: a draft is read by its author."""
        idea = next(iter(self.worlds))[number]
        return self.play.names[idea.author if idea.stage == "draft" else wished]

    def _ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        return self.play.runner.run(self.play.ground.do(self.play.names[who], method, path, body))

    def _tell(self, act: Act) -> str:
        """Return an act in words."""
        facts = {"door": act.door, "function": act.function, "into": act.into, "label": act.label}
        told = [f"{name} {fact}" for name, fact in facts.items() if fact not in ("", -1)]
        told += [] if act.complete else ["incomplete"]
        return ", ".join([f"{self.play.names[act.who]} {act.kind} {act.idea}", *told])

    def _note(self, line: str) -> None:
        self.log.append(line)

    def _insist(self, holds: bool, what: str) -> None:
        if not holds:
            self.play.diverged = [what, *self.log[-_LAST_LINES:]]
            raise Diverged(what)
