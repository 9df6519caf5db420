"""Who holds which role: a fixed cast, correspondents for every function, and more as the company grows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from app.demo.directory import Seat, share
from app.demo.figures import EMPLOYEES
from app.demo.topics import FUNCTION_FILES

Roles = dict[int, list[str]]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people whose e-mail is the same in every world."""

    name: str
    feminine: bool
    role: str
    departments: tuple[str, ...]
    function: str = ""


CAST = (
    Member("Alice Martin", True, "", ("Ventes",)),
    Member("Farid Benali", False, "correspondent", ("Finance", "Ressources humaines"), "Finance"),
    Member("Inès Garcia", True, "correspondent", ("Systèmes d'information",), "Informatique"),
    Member("Samuel Costa", False, "correspondent", ("Service client",), "Service client"),
    Member("Fanny Petit", True, "facilitator", ("Service client", "Ventes")),
    Member("Denis Moreau", False, "idea_developer", ("Systèmes d'information", "Ventes")),
    Member("Camille Roux", True, "community_manager", ("Communication", "Ventes")),
    Member("Irène Lefèvre", True, "innovation_manager", ("Stratégie et innovation", "Service client")),
    Member("Ivan Nguyen", False, "innovation_manager", ("Produit", "Ventes")),
    Member("Sophie Dubois", True, "sponsor", ("Direction générale",)),
    Member("Hélène Bernard", True, "hr", ("Ressources humaines",)),
    Member("Walter Schmitt", False, "works_council", ("Impression et distribution", "Ventes")),
    Member("Adèle Fontaine", True, "admin", ("Systèmes d'information", "Ventes")),
)
# Holders of each role in a company of full size, the cast included.
_HOLDERS = {
    "facilitator": 25,
    "idea_developer": 30,
    "community_manager": 3,
    "innovation_manager": 4,
    "sponsor": 5,
    "hr": 3,
    "works_council": 6,
    "admin": 2,
}
_CORRESPONDENTS = {
    "Ventes": 9,
    "Service client": 9,
    "Informatique": 9,
    "Ressources humaines": 6,
    "Produit": 6,
    "Marketing": 6,
    "Logistique": 6,
    "Finance": 5,
    "Immobilier": 4,
    "Communication": 4,
    "Achats": 3,
    "Juridique": 3,
}


def seat_cast(seats: Sequence[Seat]) -> dict[int, int]:
    """Find a seat for each member of the cast: seat number to member number, the cast's order.

    Nobody reports to a member of the cast but to the sponsor, who heads the general management alone.
    """
    cast: dict[int, int] = {}
    for number, member in enumerate(CAST):
        wanted = [*member.departments, *_list_departments(seats)]
        free = (
            seat
            for department in wanted
            for seat, place in enumerate(seats)
            if seat not in cast
            and _get_department(place) == department
            and place.leads == (member.role == "sponsor")
            and (member.role == "sponsor" or department != "Direction générale")
        )
        cast[next(free)] = number
    return cast


def _get_department(place: Seat) -> str:
    return place.entity.split("/")[1] if "/" in place.entity else ""


def _list_departments(seats: Sequence[Seat]) -> list[str]:
    return list(dict.fromkeys(_get_department(place) for place in seats))


def assign_roles(rng: Random, seats: Sequence[Seat], cast: Mapping[int, int]) -> Roles:
    """Give the roles other than correspondent: to the cast, and to more people in a bigger company.

    Sponsors head a department; everybody else with a role leads nobody.
    """
    roles: Roles = {seat: [CAST[number].role] for seat, number in cast.items() if CAST[number].role}
    heads = [seat for seat, place in enumerate(seats) if place.manager == 0 and seat not in cast]
    staff = [seat for seat, place in enumerate(seats) if not place.leads and seat not in cast]
    for role, holders in _HOLDERS.items():
        present = sum(role in held for held in roles.values())
        wanted = round(holders * len(seats) / EMPLOYEES) - present
        pool = heads if role == "sponsor" else staff
        for seat in rng.sample(pool, max(0, min(wanted, len(pool) // 4))):
            pool.remove(seat)
            roles[seat] = [role]
    return roles


def assign_functions(
    rng: Random, seats: Sequence[Seat], cast: Collection[int], roles: Roles
) -> dict[int, list[str]]:
    """Name the correspondents of every function, two at least, from different entities where there are.

    In a small company one person answers for several functions, and those who develop or facilitate ideas
    are correspondents too.  The role is added to `roles`.
    """
    functions: dict[int, list[str]] = {}
    pool = [seat for seat, held in roles.items() if "correspondent" in held]
    for seat, member in zip(pool, (member for member in CAST if member.function), strict=True):
        functions[seat] = [member.function]
    size = max(5, min(sum(_CORRESPONDENTS.values()), len(seats) // 20))
    if size <= len(pool) + 2:
        pool += [seat for seat, held in roles.items() if {"idea_developer", "facilitator"} & set(held)]
    taken = {*cast, *roles}
    staff = [seat for seat, place in enumerate(seats) if not place.leads and seat not in taken]
    parts = share(max(size, 2 * len(_CORRESPONDENTS)), list(_CORRESPONDENTS.values()), least=1)
    missing = {
        function: max(2, part) - sum(function in held for held in functions.values())
        for function, part in zip(_CORRESPONDENTS, parts, strict=True)
    }
    for function in cycle(FUNCTION_FILES):
        if not any(missing.values()):
            break
        if missing[function]:
            missing[function] -= 1
            candidates = staff if len(pool) < size else pool
            seat = _pick(rng, seats, candidates, functions, function)
            if candidates is staff:
                staff.remove(seat)
                pool.append(seat)
            functions.setdefault(seat, []).append(function)
    for seat in functions:
        held = roles.setdefault(seat, [])
        if "correspondent" not in held:
            held.insert(0, "correspondent")
    return functions


def _pick(
    rng: Random,
    seats: Sequence[Seat],
    candidates: Collection[int],
    functions: Mapping[int, Sequence[str]],
    function: str,
) -> int:
    peers = [seat for seat, held in functions.items() if function in held]
    entities = {seats[seat].entity for seat in peers}
    at_home = len(peers) % 2 == 0

    def rank(seat: int) -> tuple[bool, bool, int, bool, float]:
        return (
            seat in peers,
            seats[seat].entity in entities,
            len(functions.get(seat, ())),
            (seats[seat].function == function) != at_home,
            rng.random(),
        )

    return min(candidates, key=rank)
