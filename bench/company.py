"""The people of the measured company: entities as a tree, who manages whom, who wears which hat."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from app.domain import names
from bench import luck
from bench.copying import Rows
from bench.scales import Scale

BEGIN = datetime(2023, 11, 1, 8, 0, tzinfo=UTC)
END = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
"""The years in which everything happens; the same at each build."""

CAMPAIGNS = 30
FUNCTIONS = (
    "Achats",
    "Communication",
    "Finance",
    "Immobilier",
    "Informatique",
    "Juridique",
    "Logistique",
    "Marketing",
    "Produit",
    "Ressources humaines",
    "Service client",
    "Ventes",
)
_BRANCHES = 20
_TEAMS = 24
_PEOPLE_PER_TEAM = 40
_FIRST = "Anne Bruno Chloé David Emma Farid Gaëlle Hugo Inès Jules Karim Léa Marc Nadia Omar Paula Rémi Sofia".split()
_LAST = (
    "Arnaud Bernard Chevalier Durand Étienne Faure Girard Henry Imbert Joly Klein Lambert Morel Noël".split()
)


@dataclass(slots=True)
class Company:
    """Who and what ideas refer to."""

    people: list[str] = field(default_factory=list)
    entity_of: list[str] = field(default_factory=list)
    correspondents: dict[str, list[int]] = field(default_factory=dict)
    managers: list[int] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    box: str = ""
    campaigns: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)


def found(company: Company, scale: Scale, random: Random, *, password_hash: str) -> Rows:
    """Fill the company and return its rows by table."""
    ids = luck.stream_ids(random)
    rows: Rows = {}
    entities, parents = _plant_entities(rows, ids, min(_TEAMS, scale.people // _PEOPLE_PER_TEAM - 1))
    _hire(company, rows, ids, entities, parents, scale, password_hash)
    for name in FUNCTIONS:
        company.functions.append(next(ids))
        rows.setdefault("functions", []).append(
            {"id": company.functions[-1], "name": name, "fallback": False, "created_at": BEGIN}
        )
    _give_roles(company, rows, ids, entities, scale)
    _announce(company, rows, ids)
    return rows


def _plant_entities(rows: Rows, ids: Iterator[str], teams: int) -> tuple[list[str], dict[str, str | None]]:
    parents: dict[str, str | None] = {}
    table = rows.setdefault("entities", [])

    def plant(name: str, path: str, parent: str | None) -> str:
        entity = next(ids)
        parents[entity] = parent
        table.append({"id": entity, "name": name, "parent_id": parent, "path": path, "created_at": BEGIN})
        return entity

    top = plant("Maison", "Maison", None)
    for branch in range(_BRANCHES):
        path = f"Maison/Direction {branch + 1}"
        middle = plant(f"Direction {branch + 1}", path, top)
        for team in range(teams):
            plant(f"Équipe {branch + 1}.{team + 1}", f"{path}/Équipe {branch + 1}.{team + 1}", middle)
    return list(parents), parents


def _hire(
    company: Company,
    rows: Rows,
    ids: Iterator[str],
    entities: list[str],
    parents: dict[str, str | None],
    scale: Scale,
    password_hash: str,
) -> None:
    """Hire a head for each entity first, then its members in turn; a head reports to the next head above."""
    heads: dict[str, str] = {}
    for number in range(scale.people):
        person, entity = next(ids), entities[number % len(entities)]
        manager = heads.get(entity)
        if manager is None:
            heads[entity] = person
            above = parents[entity]
            manager = heads[above] if above else None
        name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}-{number}"
        company.people.append(person)
        company.entity_of.append(entity)
        _record_person(rows, ids, person, entity, manager, number, name, password_hash)


def _record_person(
    rows: Rows,
    ids: Iterator[str],
    person: str,
    entity: str,
    manager: str | None,
    number: int,
    name: str,
    password_hash: str,
) -> None:
    rows.setdefault("employees", []).append(
        {
            "id": person,
            "external_id": f"E{number:06}",
            "email": f"person{number}@example.com",
            "name": name,
            "folded_name": names.fold_words(name),
            "entity_id": entity,
            "password_hash": password_hash,
            "created_at": BEGIN,
        }
    )
    since = {"employee_id": person, "started_at": BEGIN}
    rows.setdefault("employments", []).append({"id": next(ids), "entity_id": entity, **since})
    rows.setdefault("managements", []).append({"id": next(ids), "manager_id": manager, **since})
    seen = BEGIN + timedelta(days=number % 300)
    rows.setdefault("sign_ins", []).append({"id": next(ids), "employee_id": person, "at": seen})


def _give_roles(company: Company, rows: Rows, ids: Iterator[str], entities: list[str], scale: Scale) -> None:
    """Give roles to people who head nothing, so that nobody stands above an author."""
    table = rows.setdefault("role_grants", [])
    plain = count(len(entities))

    def grant(role: str, function: str | None = None) -> int:
        number = next(plain)
        person = company.people[number]
        values = {"id": next(ids), "employee_id": person, "role": role, "function_id": function}
        table.append({**values, "granted_at": BEGIN})
        return number

    each = max(3, scale.people // 1000)
    for function in company.functions:
        company.correspondents[function] = [grant("correspondent", function) for _ in range(each)]
    company.managers = [grant("innovation_manager") for _ in range(max(3, scale.people // 2000))]
    for role in ("hr", "community_manager", "admin"):
        grant(role)


def _announce(company: Company, rows: Rows, ids: Iterator[str]) -> None:
    length = (END - BEGIN) / CAMPAIGNS
    for number in range(CAMPAIGNS):
        company.campaigns.append(next(ids))
        rows.setdefault("campaigns", []).append(
            {
                "id": company.campaigns[-1],
                "name": f"Campagne {number + 1}",
                "question": f"Que faire de mieux, question {number + 1} ?",
                "permanent": False,
                "starts_at": BEGIN + number * length,
                "ends_at": BEGIN + (number + 1) * length,
            }
        )
