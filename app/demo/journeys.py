"""The way of an idea through the pipeline: what happens to it, when, with which texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.demo import facts, luck, verdicts
from app.demo.acts import Act, Answer, Review, Score, Transition, Withdraw
from app.demo.texts import IdeaText
from app.demo.timeline import Timeline, draw_delay

Step = tuple[float, str]
# The waiting time before each step, in working days: the shortest, and what comes to it on average.
_DELAYS = {
    "acknowledge": (0.02, 3.0),
    "forward": (0.02, 2.5),
    "clarify": (0.02, 3.0),
    "answer": (0.02, 2.5),
    "recommend": (0.3, 8.0),
    "decline": (0.2, 8.0),
    "score": (0.1, 6.0),
    "selected": (1.0, 8.0),
    "project": (5.0, 13.0),
    "pilot": (5.0, 10.0),
    "deployed": (30.0, 15.0),
    "skipped": (15.0, 15.0),
    "declined": (5.0, 10.0),
    "on_hold": (2.0, 8.0),
    "resumed": (10.0, 15.0),
    "reopened": (5.0, 10.0),
    "withdraw": (0.1, 8.0),
}


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea of the plan: who, when on the timeline, where it ends."""

    key: str
    start: float
    stage: str
    author: str
    co_authors: tuple[str, ...]
    anonymous: bool
    text: IdeaText
    function: str | None
    waits_for_answer: bool = False
    on_hold: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """The author and the co-authors."""
        return (self.author, *self.co_authors)


def plan(
    rng: Random, idea: Idea, line: Timeline, owners: Sequence[str], said: set[str]
) -> list[tuple[float, Act]]:
    """Everything that reviewers, committee and author do about an idea after its submission, in order.

    Waiting times shrink as far as needed for all of it to happen before the end of the timeline.  Refusals
    avoid the words of those `said` before, and are added to them.
    """
    steps = _list_steps(rng, idea)
    room = line.end - idea.start - 0.01
    total = sum(delay for delay, _ in steps)
    pace = min(1.0, 0.97 * room / total) if steps else 1.0
    if idea.stage == "pilot":
        # A pilot under way began in the last two months, however old the idea is.
        pace = max(0.6 * room, room - rng.uniform(5.0, 45.0)) / total
    moment = idea.start
    moments: list[tuple[float, str]] = []
    for delay, name in steps:
        moment += delay * pace
        moments.append((moment, name))
    return _write_acts(rng, idea, line, moments, owners, said)


def _list_steps(rng: Random, idea: Idea) -> list[Step]:
    names: list[str] = []
    stage = idea.stage
    misfiled = idea.function not in (None, idea.text.function)
    if stage == "submitted":
        if misfiled and luck.happens(rng, 0.4):
            names.append("forward")
        if not idea.waits_for_answer and luck.happens(rng, 0.08):
            names += ["clarify", "answer"]
    elif stage == "withdrawn" and luck.happens(rng, 0.5):
        names.append("withdraw")
    elif stage == "declined" and luck.happens(rng, 0.45):
        names += ["forward"] * misfiled + ["decline"]
    else:
        names += [*_list_evaluation(rng, misfiled=misfiled), *_list_end(rng, stage)]
    if idea.on_hold:
        names.append("on_hold")
    if idea.waits_for_answer:
        names.append("clarify")
    return [(draw_delay(rng, *_DELAYS[name]), name) for name in names]


def _list_evaluation(rng: Random, *, misfiled: bool) -> list[str]:
    names: list[str] = []
    if misfiled or luck.happens(rng, 0.03):
        names.append("forward")
    if luck.happens(rng, 0.05):
        names += ["clarify", "answer"]
    names.append("acknowledge")
    if luck.happens(rng, 0.03):
        names += ["forward", "acknowledge"]
    if luck.happens(rng, 0.1):
        names += ["clarify", "answer"]
    return names


def _list_end(rng: Random, stage: str) -> Sequence[str]:
    chosen = ["recommend", "score", "selected"]
    if stage in {"selected", "project", "pilot", "deployed"} and luck.happens(rng, 0.06):
        chosen += ["on_hold", "resumed"]
    if stage == "declined":
        return luck.draw(
            rng,
            {
                ("decline",): 95.5,
                ("recommend", "declined"): 3.0,
                (*chosen, "declined"): 1.0,
                ("decline", "reopened", "decline"): 0.5,
            },
        )
    direct = luck.happens(rng, 0.3)
    return {
        "evaluation": [],
        "withdrawn": ["withdraw"],
        "recommended": chosen[: 1 if luck.happens(rng, 0.7) else 2],
        "selected": chosen,
        "project": [*chosen, "project"],
        "pilot": [*chosen, "project", "pilot"],
        "deployed": [*chosen, "project", *(["skipped"] if direct else ["pilot", "deployed"])],
    }[stage]


def _write_acts(
    rng: Random,
    idea: Idea,
    line: Timeline,
    moments: Sequence[tuple[float, str]],
    owners: Sequence[str],
    said: set[str],
) -> list[tuple[float, Act]]:
    acts: list[tuple[float, Act]] = []
    current = idea.function
    inquiry = ""
    place, last = facts.pick_place(rng), line.days[-1]
    for rank, (moment, name) in enumerate(moments):
        at, key, text = line.tell(moment), idea.key, idea.text
        following = line.tell(moments[rank + 1][0]).date() if rank + 1 < len(moments) else None
        act: Act
        if name in {"acknowledge", "recommend", "decline", "forward", "clarify"}:
            if name == "forward":
                current = facts.pick_target(rng, current, text.function)
            if name == "clarify":
                inquiry = verdicts.pick_inquiry(rng)
            act = _write_review(rng, name, idea, at, current, inquiry, said)
        elif name == "answer":
            act = Answer(at, key, idea.author, verdicts.answer(rng, inquiry, text))
        elif name == "withdraw":
            act = Withdraw(at, key, idea.author)
        elif name == "score":
            act = Score(at, key, facts.draw_marks(rng), verdicts.score(rng, text))
        else:
            turn = facts.Turn(at, key, text, place, following, last)
            act = facts.write_transition(rng, name, turn, owners)
        acts.append((moment, act))
    return acts


def _write_review(
    rng: Random, name: str, idea: Idea, at: datetime, function: str | None, inquiry: str, said: set[str]
) -> Review:
    text = idea.text
    if name == "acknowledge":
        return Review(at, idea.key, name, verdicts.acknowledge(rng, text) if luck.happens(rng, 0.4) else None)
    if name == "recommend":
        return Review(at, idea.key, name, verdicts.recommend(rng, text))
    if name == "forward":
        return Review(at, idea.key, name, verdicts.forward(rng, function or "", text), function=function)
    if name == "clarify":
        return Review(at, idea.key, name, verdicts.ask(rng, inquiry, text))
    reason = verdicts.pick_reason(rng)
    refusal = luck.retry(lambda: verdicts.decline(rng, reason, text), said)
    said.add(refusal)
    return Review(at, idea.key, name, refusal, reason_code=reason)


def find_closing(acts: Sequence[tuple[float, Act]]) -> float | None:
    """The moment from which an idea takes no more votes: its first refusal or its withdrawal."""
    for moment, act in acts:
        declined = isinstance(act, Review) and act.action == "decline"
        if declined or isinstance(act, Withdraw) or (isinstance(act, Transition) and act.to == "declined"):
            return moment
    return None
