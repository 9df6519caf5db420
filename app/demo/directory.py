"""The tree of entities with a seat for each person, and the names that people bear."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from app.demo import luck
from app.demo.topics import list_words

COMPANY = "Eurêka"
HEAD_OFFICE = "Sèvres"
DOMAIN = "eureka.example"
_LEAST_PER_ENTITY = 10
_SPAN = 11
_HOMONYMS = 0.03


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; homonyms have a number in their e-mail."""

    full: str
    feminine: bool
    number: int = 1

    @property
    def email(self) -> str:
        """A unique address within the company's domain."""
        suffix = str(self.number) if self.number > 1 else ""
        return f"{make_address(self.full)}{suffix}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the company; `manager` is the number of another seat, none for the head of the company."""

    entity: str
    town: str
    function: str
    manager: int | None
    leads: bool


@dataclass(slots=True)
class Unit:
    """An entity with its share of its parent's people."""

    name: str
    weight: float
    town: str
    function: str
    children: list["Unit"] = field(default_factory=list)


def make_address(name: str) -> str:
    """The local part of an e-mail: `Hélène Le Goff` gives `helene.legoff`."""
    first, _, last = name.partition(" ")
    plain = unicodedata.normalize("NFD", f"{first}.{last}".lower())
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalpha() or letter in ".-"))


def share(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Share a total by weights: largest remainders, ties to the first, and `least` for each at least."""
    spread = total - least * len(weights)
    quotas = [spread * weight / sum(weights) for weight in weights]
    parts = [int(quota) for quota in quotas]
    ranked = sorted(range(len(weights)), key=lambda i: (parts[i] - quotas[i], i))
    for index in ranked[: spread - sum(parts)]:
        parts[index] += 1
    return [part + least for part in parts]


def list_departments() -> list[Unit]:
    """The departments of the full company, those of the smallest company first."""
    departments: list[Unit] = []
    for heading, lines in list_words("entites").items():
        name, weight, function = heading.split(" | ")
        department = Unit(name, float(weight), HEAD_OFFICE, function)
        for line in lines:
            site, _, teams = line.partition(": ")
            town, _, share_of_site = site.rpartition(" ")
            unit = Unit(town, float(share_of_site), town, function)
            unit.children = [Unit(team, 1.0, town, function) for team in teams.split(", ") if team]
            department.children.append(unit)
        departments.append(department)
    return departments


def draw_seats(rng: Random, employees: int) -> list[Seat]:
    """Lay out a company of so many people: seat 0 is its head, and each unit's head comes before the unit."""
    everything = list_departments()
    departments = everything[: max(5, min(len(everything), employees // 4))]
    seats = [Seat(COMPANY, HEAD_OFFICE, departments[0].function, None, True)]
    weights = [department.weight * rng.uniform(0.95, 1.05) for department in departments]
    for department, people in zip(departments, share(employees - 1, weights, least=1), strict=True):
        _seat_unit(seats, department, f"{COMPANY}/{department.name}", people, manager=0)
    return seats


def _seat_unit(seats: list[Seat], unit: Unit, path: str, people: int, *, manager: int) -> None:
    head = len(seats)
    seats.append(Seat(path, unit.town, unit.function, manager, True))
    kept = sorted(unit.children, key=lambda child: -child.weight)[: (people - 1) // _LEAST_PER_ENTITY]
    if len(kept) > 1:
        parts = share(people - 1, [child.weight for child in kept], least=1)
        for child, part in zip(kept, parts, strict=True):
            _seat_unit(seats, child, f"{path}/{child.name}", part, manager=head)
        return
    teams = 1 if people - 1 <= _SPAN + 3 else -(-(people - 1) // _SPAN)
    for team in share(people - 1, [1.0] * teams):
        leader = head
        for rank in range(team):
            leads = teams > 1 and rank == 0
            seats.append(Seat(path, unit.town, unit.function, head if leads else leader, leads))
            if leads:
                leader = len(seats) - 1


def draw_names(rng: Random, count: int, *, taken: Iterable[str]) -> list[Name]:
    """Draw names, women and men, a few homonyms among them; no e-mail twice, none of those taken."""
    words = list_words("noms")
    lists = {key: [name for line in lines for name in line.split(", ")] for key, lines in words.items()}
    uses = {make_address(name): 1 for name in taken}
    names: list[Name] = []
    while len(names) < count:
        feminine = luck.happens(rng, 0.5)
        first = rng.choice(lists["prenoms_f" if feminine else "prenoms_m"])
        last = rng.choice(lists["noms"])
        if luck.happens(rng, 0.015):
            last = f"{last}-{rng.choice(lists['noms'])}"
        address = make_address(f"{first} {last}")
        if address in uses and rng.random() > _HOMONYMS:
            continue
        uses[address] = uses.get(address, 0) + 1
        names.append(Name(f"{first} {last}", feminine, uses[address]))
    return names
