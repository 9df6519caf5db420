"""Who takes part and how much: the connected, authors, commenters, voters; few do much, most a little."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from random import Random

from app.demo.figures import Figures
from app.demo.organisation import Employee, Organisation

# Those who watch over the programme don't act on ideas; everybody else with a role does.
_ONLOOKERS = frozenset({"hr", "works_council"})


@dataclass(frozen=True, slots=True)
class Crowd:
    """People by external id; the last three are parts of the first, with the first of the cast ahead."""

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
    alice = people[0].external_id
    firm = dict.fromkeys([*staff, alice])
    if len(firm) > figures.connected:
        raise ValueError(f"{len(firm)} people act by role, more than the {figures.connected} connected")
    others = {one: zeal[one] ** 0.5 for one in zeal if one not in firm}
    drawn = _sample(rng, others, figures.connected - len(firm))
    chosen = set(firm) | set(drawn)
    connected = [one for one in zeal if one in chosen]
    appetite = {one: zeal[one] * _weigh_author(organisation.by_id[one]) for one in connected}
    authors = _sample_with(rng, alice, appetite, figures.submitted)
    wrote = set(authors)
    talk = {one: zeal[one] * (4.0 if one in wrote else 1.0) for one in connected}
    commenters = _sample_with(rng, alice, talk, figures.commented)
    wrote |= set(commenters)
    voting = {one: zeal[one] * (4.0 if one in wrote else 1.0) for one in connected}
    voters = _sample_with(rng, alice, voting, figures.voted)
    return Crowd(tuple(connected), tuple(staff), tuple(authors), tuple(commenters), tuple(voters))


def _weigh_author(employee: Employee) -> float:
    # The committee judges ideas: its members write hardly any, so that somebody is always free to decide.
    # The head of the company stands above everybody, and could write with nobody.
    if {"innovation_manager", "admin"} & set(employee.roles) or not employee.manager:
        return 1e-6
    return 0.4 if "correspondent" in employee.roles else 1.0


def _sample(rng: Random, weights: Mapping[str, float], count: int) -> list[str]:
    # Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).
    keys = {one: log(1.0 - rng.random()) / weight for one, weight in weights.items()}
    return sorted(keys, key=lambda one: -keys[one])[:count]


def _sample_with(rng: Random, first: str, weights: Mapping[str, float], count: int) -> list[str]:
    others = {one: weight for one, weight in weights.items() if one != first}
    return [first, *_sample(rng, others, count - 1)]


def share_out(
    rng: Random, people: Sequence[str], total: int, *, idle: float, most: tuple[float, float]
) -> dict[str, int]:
    """Share a total among people: one each, the rest to a few with a long tail, the first person among them.

    `idle` is the share of people who stop at one.  Nobody has more than six times the average or the first
    figure of `most`, whichever is more, nor than the second as long as the total allows.
    """
    counts = dict.fromkeys(people, 1)
    average = total / len(people)
    limit = max(ceil(1.5 * average), min(most[1], max(most[0], 6 * average)))
    busy = [people[0], *rng.sample(people[1:], round((len(people) - 1) * (1 - idle)))]
    weights = [rng.paretovariate(1.4) for _ in busy]
    rest = total - len(people)
    while rest > 0:
        for one in rng.choices(busy, weights, k=rest):
            if counts[one] < limit:
                counts[one] += 1
                rest -= 1
        if all(counts[one] >= limit for one in busy):
            busy, weights = list(people), [1.0] * len(people)
    return counts


def assign_ideas(rng: Random, authors: Sequence[str], lasting: Sequence[bool]) -> list[str]:
    """Name the author of each idea, in order; everyone has one that isn't withdrawn wherever possible."""
    ideas = len(lasting)
    counts = share_out(rng, authors, ideas, idle=0.55, most=(0.02 * ideas, 0.4 * ideas))
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
