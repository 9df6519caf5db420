"""The import of employees from a file: everything that it would do, worked out before anything is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.domain import names
from app.domain.directory_grants import ask_grants, find_bad_grants
from app.domain.directory_links import Settlement, settle
from app.domain.directory_records import (
    TOP,
    BadRow,
    DirectorySnapshot,
    Doubt,
    Grant,
    GrantChange,
    ImportPlan,
    ManagerChange,
    NewPerson,
    Person,
    Update,
    Wish,
)
from app.domain.directory_register import Register
from app.domain.directory_rows import read_rows
from app.domain.roles import Role

MANY_LEAVERS = 10
"""Leavers, and as a share of the people one in so many, from which on a full file is doubted."""

_ADMIN = Grant(Role.ADMIN)


def plan_import(
    rows: Iterable[tuple[int, Mapping[str, str]]], current: DirectorySnapshot, *, full: bool, skip_bad: bool
) -> ImportPlan:
    """Plan an import of employees; `rows` are line numbers and cells by the names of the columns.

    1. Each row is read by itself, then compared with all others and with the people there are (see
       `read_rows` and `settle`).
    2. With a bad row the plan is empty, unless `skip_bad`: then bad rows, and those that can't stand without
       them, change nothing, and the rest is planned.
    3. A person in the file is active unless the row says otherwise. In a `full` file whoever is missing
       leaves, except operators and accounts without external id. Whoever could be meant by a bad row stays.
    4. A plan that leaves no active admin where there is one, or a full file without rows, is refused: it is
       empty, with a bad row of line 0.

    Guarantees: the same file again gives an empty plan; no cycle of managers is made, and no link to nobody.
    Takes time in proportion to the rows and the people, whatever the depth of the line.
    """
    wishes, bad = read_rows(rows, current)
    unreadable = {row.line for row in bad}
    for wish in wishes:
        person = current.by_external_id.get(wish.external_id)
        problem = find_bad_grants(wish, person.granted) if person else find_bad_grants(wish)
        if problem is not None and wish.line not in unreadable:
            bad.append(problem)
    settlement = settle(wishes, {row.line for row in bad}, current, full=full)
    bad += settlement.bad
    if full and not wishes:
        detail = "A full file without a row would deactivate everybody."
        bad.append(BadRow(0, "external_id", "directory.empty-full-file", detail))
    refused = ImportPlan(bad=tuple(sorted(bad)), warnings=tuple(sorted(settlement.doubts.values())))
    if bad and (not skip_bad or not wishes):
        return refused
    plan = _draw(settlement, refused)
    if not _keeps_an_admin(current, plan):
        problem = BadRow(
            0, "roles", "directory.no-admin-left", "After this import nobody would be an active admin."
        )
        return replace(refused, bad=(problem, *refused.bad))
    return plan


def _draw(settlement: Settlement, refused: ImportPlan) -> ImportPlan:
    draft = _Draft(settlement.snapshot)
    for place, wish in enumerate(settlement.wishes):
        if place not in settlement.fallen:
            draft.add(wish)
    warnings = list(refused.warnings)
    if settlement.full:
        leavers, doubts = _find_leavers(settlement)
        draft.deactivated += leavers
        warnings += doubts
    return ImportPlan(
        entities=tuple(draft.entities.new),
        functions=tuple(draft.functions.new),
        created=tuple(draft.created),
        updated=tuple(draft.updated),
        deactivated=tuple(draft.deactivated),
        reactivated=tuple(draft.reactivated),
        managers=tuple(draft.managers),
        granted=tuple(draft.granted),
        ended=tuple(draft.ended),
        unchanged=draft.unchanged,
        bad=refused.bad,
        warnings=tuple(sorted(warnings)),
    )


@dataclass(slots=True)
class _Draft:
    """A plan that grows row by row."""

    snapshot: DirectorySnapshot
    entities: Register = field(init=False)
    functions: Register = field(init=False)
    created: list[NewPerson] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    deactivated: list[str] = field(default_factory=list)
    reactivated: list[str] = field(default_factory=list)
    managers: list[ManagerChange] = field(default_factory=list)
    granted: list[GrantChange] = field(default_factory=list)
    ended: list[GrantChange] = field(default_factory=list)
    unchanged: int = 0

    def __post_init__(self) -> None:
        self.entities = Register(self.snapshot.entities)
        self.functions = Register(self.snapshot.functions)

    def add(self, wish: Wish) -> None:
        """Take in what one row asks for."""
        entity = self.entities.resolve_path(wish.entity)
        if wish.functions is not None:
            wish.functions = tuple(self.functions.resolve(function) for function in wish.functions)
        person = self.snapshot.by_external_id.get(wish.external_id)
        if person is None:
            new = NewPerson(wish.external_id, wish.email, wish.name, entity, wish.locale, wish.active)
            self.created.append(new)
            if wish.manager is not None:
                self.managers.append(ManagerChange(wish.external_id, wish.manager))
            self._regrant(wish, frozenset(), frozenset())
        elif not any(
            (
                self._update(wish, person, entity),
                self._activate(wish, person),
                self._link(wish, person),
                self._regrant(wish, person.granted, person.granted_otherwise),
            )
        ):
            self.unchanged += 1

    def _update(self, wish: Wish, person: Person, entity: str) -> bool:
        same_email = names.fold_email(person.email or "") == wish.email
        update = Update(
            wish.external_id,
            email=None if same_email else wish.email,
            name=None if person.name == wish.name else wish.name,
            entity=None if person.entity == entity else entity,
            locale=None if person.locale == wish.locale else wish.locale,
        )
        if update == Update(wish.external_id):
            return False
        self.updated.append(update)
        return True

    def _activate(self, wish: Wish, person: Person) -> bool:
        if wish.active is person.active:
            return False
        (self.reactivated if wish.active else self.deactivated).append(wish.external_id)
        return True

    def _link(self, wish: Wish, person: Person) -> bool:
        if wish.manager is None:
            return False
        if wish.manager == TOP:
            same = person.manager_id is None and person.manager_certain
        else:
            manager = self.snapshot.by_id.get(person.manager_id or "")
            same = manager is not None and manager.external_id == wish.manager
        if not same:
            self.managers.append(ManagerChange(wish.external_id, wish.manager))
        return not same

    def _regrant(self, wish: Wish, held: frozenset[Grant], otherwise: frozenset[Grant]) -> bool:
        wanted = ask_grants(wish, held)
        if wanted is None:
            return False
        gained, lost = sorted(wanted - held - otherwise, key=repr), sorted(held - wanted, key=repr)
        self.granted += (GrantChange(wish.external_id, grant) for grant in gained)
        self.ended += (GrantChange(wish.external_id, grant) for grant in lost)
        return bool(gained or lost)


def _find_leavers(settlement: Settlement) -> tuple[list[str], list[Doubt]]:
    fallen = [settlement.wishes[place] for place in sorted(settlement.fallen)]
    meant = {wish.email for wish in fallen}
    unclear = [wish.line for wish in fallen if not wish.external_id and wish.email not in settlement.holders]
    if unclear:
        detail = "It can't be told whom this bad row means, so nobody who is missing from the file leaves."
        return [], [Doubt(unclear[0], "external_id", "directory.leavers-unclear", detail)]
    people = [person for person in settlement.snapshot.people if person.external_id and not person.operator]
    people = [person for person in people if person.active]
    leavers = [
        person.external_id
        for person in people
        if person.external_id is not None
        and person.external_id not in settlement.places
        and names.fold_email(person.email or "") not in meant
    ]
    if len(leavers) <= MANY_LEAVERS or len(leavers) * MANY_LEAVERS <= len(people):
        return leavers, []
    detail = (
        f"{len(leavers)} of {len(people)} people are missing from the file and leave: is it the whole file?"
    )
    return leavers, [Doubt(0, "external_id", "directory.many-leavers", detail)]


def _keeps_an_admin(current: DirectorySnapshot, plan: ImportPlan) -> bool:
    """Tell whether an active admin is left, or there was none before."""
    admins = {person.id for person in current.people if _ADMIN in person.granted | person.granted_otherwise}
    if not any(person.active and person.id in admins for person in current.people):
        return True
    gained = {change.external_id for change in plan.granted if change.grant == _ADMIN}
    lost = {change.external_id for change in plan.ended if change.grant == _ADMIN}
    comes, goes = set(plan.reactivated), set(plan.deactivated)
    return any(person.active and person.external_id in gained for person in plan.created) or any(
        (person.active or person.external_id in comes)
        and person.external_id not in goes
        and (
            person.external_id in gained
            or _ADMIN in person.granted_otherwise
            or (person.id in admins and person.external_id not in lost)
        )
        for person in current.people
    )
