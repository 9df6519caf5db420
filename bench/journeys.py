"""How ideas got where they stand: reviews, gates, scorecards, and the itinerary with its chain of hashes."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from app.domain import calendars, chains, itinerary, scorecards
from app.domain.calendars import WorkingCalendar
from app.domain.clock_policies import POLICIES
from app.domain.pipeline import COMMITTEE_STAGES, Stage
from app.domain.routing import Choice, Tier
from bench.company import END, Company
from bench.copying import Rows

ZONE = "Europe/Paris"

# Of 3,600 ideas of Eurêka; the youngest ones wait for their answer.
_SETTLED = {
    "declined": 2790,
    "merged": 120,
    "withdrawn": 90,
    "recommended": 60,
    "selected": 107,
    "project": 49,
    "deployed": 44,
    "pilot": 7,
    "evaluation": 60,
}
_YOUNG = {"submitted": 50, "evaluation": 45, "withdrawn": 5}
YOUTH = 0.12
"""Share of the ideas, the last ones, that are young."""

_SETTLED_SO_FAR = list(accumulate(_SETTLED.values()))
_YOUNG_SO_FAR = list(accumulate(_YOUNG.values()))
_REASONS = (
    "already_exists",
    "duplicate",
    "legal",
    "cost",
    "not_feasible",
    "out_of_scope",
    "not_now",
    "other",
)
_REASON_TEXT = "Nous avons étudié votre idée avec soin et ne pouvons pas la suivre pour le moment."
_TEXT_OF = {
    "decline": _REASON_TEXT,
    "recommend": "Une idée simple, que deux équipes attendent depuis longtemps.",
}
_GATES = ("start_project", "start_pilot", "deploy")
_WAY = (
    ("acknowledge", "evaluation"),
    ("recommend", "recommended"),
    ("select", "selected"),
    ("start_project", "project"),
    ("start_pilot", "pilot"),
    ("deploy", "deployed"),
)
_STEPS = {stage: _WAY[: number + 1] for number, (_, stage) in enumerate(_WAY)} | {
    "submitted": (),
    "declined": (_WAY[0], ("decline", "declined")),
    "withdrawn": (("withdraw", "withdrawn"),),
    "merged": (("merge", "merged"),),
}


@dataclass(slots=True)
class Entry:
    """An entry of an itinerary, as `domain/itinerary.py` seals it."""

    id: str
    idea_id: str
    position: int
    at: datetime
    act: str
    actor_ref: str | None
    holder_ref: str | None
    from_stage: str
    to_stage: str
    function_id: str | None
    reason_code: str | None
    facts: dict[str, Any]
    text: str | None
    salt: str | None
    commitment: str
    previous: str
    hash: str


def draw_stage(random: Random, *, young: bool) -> str:
    """Return where an idea stands by now."""
    names, so_far = (_YOUNG, _YOUNG_SO_FAR) if young else (_SETTLED, _SETTLED_SO_FAR)
    return random.choices(tuple(names), cum_weights=so_far)[0]


def is_answered(stage: str) -> bool:
    """Tell whether a correspondent answered an idea on its way to a stage."""
    return _STEPS[stage][:1] == (_WAY[0],)


@dataclass(slots=True)
class Guide:
    """Leads ideas along their way and writes down what is left of it."""

    company: Company
    random: Random
    ids: Any

    def lead(self, rows: Rows, idea: dict[str, Any], author: int) -> None:
        """Lead one idea from its submission to the stage it has; sets its holder."""
        correspondent = self._choose(self.company.correspondents[idea["function_id"]], author)
        manager = self._choose(self.company.managers, author)
        pace = min(timedelta(days=9), (END - idea["submitted_at"]) / 8)
        steps = _STEPS[idea["stage"]]
        times = [idea["submitted_at"] + pace * (number + 1) for number in range(len(steps))]
        committee = any(act == "recommend" for act, _ in steps)
        idea["holder_id"] = self.company.people[manager if committee else correspondent]
        idea["updated_at"] = times[-1] if times else idea["submitted_at"]
        if idea["stage"] == "declined":
            idea["declined_at"] = "evaluation"
        self._review(rows, idea, steps, times, correspondent, manager)
        self._chain(rows, idea, steps, times, (author, correspondent, manager))
        for (act, stage), at in zip(steps, times, strict=True):
            if act == "select":
                rows["scorecards"].append(self._score(idea, manager, at))
            if act in _GATES:
                rows["gates"].append(self._gate(idea, act, stage, at, manager))

    def _choose(self, people: list[int], author: int) -> int:
        """Choose somebody of another entity: an author who heads a team has reports in the own one only."""
        entity = self.company.entity_of[author]
        start = int(self.random.random() * len(people))
        for number in range(len(people)):
            person = people[(start + number) % len(people)]
            if person != author and self.company.entity_of[person] != entity:
                return person
        message = "too few people to hold ideas"
        raise ValueError(message)

    def _review(
        self,
        rows: Rows,
        idea: dict[str, Any],
        steps: tuple[tuple[str, str], ...],
        times: list[datetime],
        correspondent: int,
        manager: int,
    ) -> None:
        acts = [act for act, _ in steps]
        closing = next((act for act in acts if act in ("recommend", "decline", "withdraw", "merge")), None)
        first = self._turn(idea, correspondent, "review", idea["submitted_at"])
        if "acknowledge" in acts:
            first["acknowledged_at"] = times[0]
        if closing:
            first |= {"closed_at": times[acts.index(closing)], "outcome": closing}
        rows["reviews"].append(first)
        if closing == "recommend":
            second = self._turn(idea, manager, "committee", times[1])
            if idea["stage"] not in COMMITTEE_STAGES:
                second |= {"closed_at": times[-1], "outcome": acts[-1]}
            rows["reviews"].append(second)

    def _turn(self, idea: dict[str, Any], person: int, kind: str, at: datetime) -> dict[str, Any]:
        tier = Tier.FUNCTION if kind == "review" else Tier.INNOVATION_MANAGER
        choice = asdict(Choice(self.company.people[person], tier, other_entity=True, load=0))
        function_by = "author" if kind == "review" else None
        return {
            "id": next(self.ids),
            "idea_id": idea["id"],
            "reviewer_id": self.company.people[person],
            "function_id": idea["function_id"],
            "kind": kind,
            "opened_at": at,
            "first_answer_due_at": at + _until_due(at.date(), POLICIES[Stage.SUBMITTED].days),
            "decision_due_at": at + _until_due(at.date(), POLICIES[Stage.EVALUATION].days),
            "route": json.dumps({"function_by": function_by, **choice}),
        }

    def _chain(
        self,
        rows: Rows,
        idea: dict[str, Any],
        steps: tuple[tuple[str, str], ...],
        times: list[datetime],
        people: tuple[int, int, int],
    ) -> None:
        author, correspondent, manager = people
        refs = {person: next(self.ids) for person in dict.fromkeys(people)}
        met, previous, stage, holder = {author, correspondent}, chains.GENESIS, "draft", correspondent
        path = [("submit", "submitted", idea["submitted_at"])]
        path += [(act, target, at) for (act, target), at in zip(steps, times, strict=True)]
        for position, (act, target, at) in enumerate(path, 1):
            actor = author if act in ("submit", "withdraw") else holder
            if act == "recommend":
                holder = manager
                met.add(manager)
            text, salt = _TEXT_OF.get(act), f"{self.random.getrandbits(128):032x}"
            facts = {"into": idea["canonical_id"]} if act == "merge" else {}
            reason = _REASONS[position % len(_REASONS)] if act == "decline" else None
            entry = Entry(
                next(self.ids), idea["id"], position, at, act, refs[actor], refs[holder], stage, target,
                idea["function_id"], reason, facts, text, salt, chains.commit(text, salt), previous, "",
            )  # fmt: skip
            entry.hash = itinerary.seal(entry)
            previous, stage = entry.hash, target
            row = {name: getattr(entry, name) for name in Entry.__slots__}
            rows["itinerary_entries"].append(row | {"facts": json.dumps(facts)})
        rows["itinerary_heads"].append({"idea_id": idea["id"], "position": len(path), "hash": previous})
        rows["itinerary_actors"] += [
            {"ref": refs[person], "idea_id": idea["id"], "employee_id": self.company.people[person]}
            for person in sorted(met)
        ]

    def _score(self, idea: dict[str, Any], manager: int, at: datetime) -> dict[str, Any]:
        scores = {criterion: self.random.randint(2, 5) for criterion in self.company.weights}
        return {
            "id": next(self.ids),
            "idea_id": idea["id"],
            "evaluator_id": self.company.people[manager],
            "scores": json.dumps(scores),
            "total": scorecards.get_total(scores, self.company.weights),
            "filled_at": at,
        }

    def _gate(self, idea: dict[str, Any], act: str, stage: str, at: datetime, manager: int) -> dict[str, Any]:
        shown: dict[str, dict[str, Any]] = {
            "start_project": {
                "owner_id": self.company.people[manager],
                "amount": Decimal(12_000),
                "cost": Decimal(4_000),
            },
            "start_pilot": {
                "place": "Lyon",
                "starts_on": at.date(),
                "ends_on": at.date() + timedelta(days=60),
                "success_measure": "Un délai réduit d'un jour",
            },
            "deploy": {
                "amount": Decimal(15_000),
                "cost": Decimal(4_500),
                "result": "Le délai est réduit de deux jours.",
            },
        }
        money = {} if act == "start_pilot" else {"currency": "EUR", "per": "year", "cost_currency": "EUR"}
        return {"id": next(self.ids), "idea_id": idea["id"], "stage": stage, "at": at, **shown[act], **money}


@lru_cache(maxsize=8192)
def _until_due(day: date, days: int) -> timedelta:
    morning = datetime(day.year, day.month, day.day, 8, tzinfo=END.tzinfo)
    return calendars.add_working_days(morning, days, WorkingCalendar(ZONE)) - morning
