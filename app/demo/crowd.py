"""Who takes part and how much: the connected, the authors, the commenters, the voters, a few much, most little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from random import Random

from app.demo.figures import Figures
from app.demo.organisation import Employee, Organisation

# Those who watch over the programme don't act on ideas; everybody else with a role does.
_ONLOOKERS = frozenset({"hr", "works_council"})
_MOST_OF_IDEAS = 0.02


@dataclass(frozen=True, slots=True)
class Crowd:
    """People by external id; the three last lists hold a person once and are parts of the first."""

    connected: tuple[str, ...]
    staff: tuple[str, ...]
    authors: tuple[str, ...]
    commenters: tuple[str, ...]
    voters: tuple[str, ...]


def draw(rng: Random, organisation: Organisation, figures: Figures) -> Crowd:
    """Draw who takes part: everybody who acts by role is connected, those who write also vote more often."""
    people = organisation.employees
    zeal = {employee.external_id: rng.paretovariate(1.5) for employee in people}
    staff = [employee.external_id for employee in people if set(employee.roles) - _ONLOOKERS]
    firm = dict.fromkeys([*staff, people[0].external_id])
    if len(firm) > figures.connected:
        raise ValueError(f"{len(firm)} people act by role, more than the {figures.connected} connected")
    others = {one: zeal[one] ** 0.5 for one in zeal if one not in firm}
    drawn = _sample(rng, others, figures.connected - len(firm))
    chosen = set(firm) | set(drawn)
    connected = [one for one in zeal if one in chosen]
    appetite = {one: zeal[one] * _weigh_author(organisation.by_id[one]) for one in connected}
    authors = [people[0].external_id]
    appetite.pop(people[0].external_id)
    authors += _sample(rng, appetite, figures.submitted - 1)
    wrote = set(authors)
    talk = {one: zeal[one] * (4.0 if one in wrote else 1.0) for one in connected}
    commenters = _sample(rng, talk, figures.commented)
    wrote |= set(commenters)
    voting = {one: zeal[one] * (4.0 if one in wrote else 1.0) for one in connected}
    voters = _sample(rng, voting, figures.voted)
    return Crowd(tuple(connected), tuple(staff), tuple(authors), tuple(commenters), tuple(voters))


def _weigh_author(employee: Employee) -> float:
    # The committee judges ideas: its members write hardly any, so that somebody is always free to decide.
    if {"innovation_manager", "admin"} & set(employee.roles):
        return 1e-6
    return 0.4 if "correspondent" in employee.roles else 1.0


def _sample(rng: Random, weights: Mapping[str, float], count: int) -> list[str]:
    # Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).
    keys = {one: log(1.0 - rng.random()) / weight for one, weight in weights.items()}
    return sorted(keys, key=lambda one: -keys[one])[:count]


def share_out(rng: Random, people: Sequence[str], total: int, *, idle: float, most: int) -> dict[str, int]:
    """Share a total among people: one each, the rest to a few with a long tail.

    `idle` is the share of people who stop at one, `most` what nobody exceeds as long as the total allows.
    """
    counts = dict.fromkeys(people, 1)
    most = max(most, -(-2 * total // len(people)))
    busy = rng.sample(people, max(1, round(len(people) * (1 - idle))))
    weights = [min(rng.paretovariate(0.95), 150.0) for _ in busy]
    rest = total - len(people)
    while rest > 0:
        for one in rng.choices(busy, weights, k=rest):
            if counts[one] < most:
                counts[one] += 1
                rest -= 1
        if all(counts[one] >= most for one in busy):
            busy, weights = list(people), [1.0] * len(people)
    return counts


def assign_ideas(rng: Random, authors: Sequence[str], lasting: Sequence[bool]) -> list[str]:
    """Name the author of each idea, in order; everyone has an idea that lasts (isn't withdrawn) if possible."""
    ideas = len(lasting)
    most = max(3, round(ideas * _MOST_OF_IDEAS))
    counts = share_out(rng, authors, ideas, idle=0.55, most=most)
    order = sorted(range(ideas), key=lambda index: (not lasting[index], rng.random()))
    firsts, rests = order[: len(authors)], order[len(authors) :]
    names: list[str] = [""] * ideas
    for index, author in zip(firsts, authors, strict=True):
        names[index] = author
    again = [author for author in authors for _ in range(counts[author] - 1)]
    rng.shuffle(again)
    for index, author in zip(rests, again, strict=True):
        names[index] = author
    return names
