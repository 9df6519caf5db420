"""Rows of a directory file compared with each other and with the people there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.domain import names
from app.domain.directory_records import BadRow, DirectorySnapshot, Doubt, Person, Wish

_SHOWN = 10
"""People of a cycle, and lines of doubles, that are named."""

Node = str | tuple[str]
"""A person in the line of management: the external id or, where there is none, the id in a tuple."""


@dataclass(slots=True)
class Settlement:
    """Which rows stand, once each was compared with all others.

    A row is known by its place in `wishes`. `places` finds it by external id, `holders` finds the people
    there are by address, `leaning` the rows that lean on a person: on their row, or on their address.
    """

    wishes: list[Wish]
    snapshot: DirectorySnapshot
    full: bool
    fallen: set[int] = field(default_factory=set)
    bad: list[BadRow] = field(default_factory=list)
    doubts: dict[int, Doubt] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    holders: dict[str, Person] = field(default_factory=dict)
    leaning: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def fall(self, place: int, column: str, code: str, detail: str) -> None:
        """Fell the row at this place, for this reason."""
        self.fallen.add(place)
        self.doubts.pop(place, None)
        self.bad.append(BadRow(self.wishes[place].line, column, f"directory.{code}", detail))

    def stands(self, external_id: str) -> bool:
        """Tell whether the file has a row for this person that stands."""
        place = self.places.get(external_id)
        return place is not None and place not in self.fallen


def settle(
    wishes: list[Wish], unreadable: Iterable[int], snapshot: DirectorySnapshot, *, full: bool
) -> Settlement:
    """Find the rows that can't stand because of other rows or of the people there are.

    1. Rows that share an external id or an e-mail address all fall.
    2. A row falls whose address belongs to somebody who does not give it up, or whose manager will not be
       there; and with each row those that lean on it, until nothing changes.
    3. Rows whose managers make a cycle, together with the links of people whom the file leaves as they
       are, fall together. Their people keep the managers they had, which may close another cycle: 2 and 3
       are repeated until no cycle is left that the file would make.

    `unreadable` are the lines of rows with bad cells. Guarantees: applying the rows that stand makes no
    cycle, no link to nobody, and no address that two people share.
    """
    lines = frozenset(unreadable)
    settlement = Settlement(wishes, snapshot, full)
    settlement.fallen.update(place for place, wish in enumerate(wishes) if wish.line in lines)
    settlement.holders.update(
        (names.fold_email(person.email), person) for person in snapshot.people if person.email
    )
    _fell_doubles(settlement)
    for place, wish in enumerate(wishes):
        if wish.manager:
            settlement.leaning[wish.manager].append(place)
        holder = settlement.holders.get(wish.email)
        if holder is not None and holder.external_id not in {None, wish.external_id}:
            settlement.leaning[holder.external_id or ""].append(place)
    _fell_leaning(settlement, range(len(wishes)))
    _fell_cycles(settlement)
    return settlement


def _fell_doubles(settlement: Settlement) -> None:
    same_id: dict[str, list[int]] = defaultdict(list)
    same_email: dict[str, list[int]] = defaultdict(list)
    for place, wish in enumerate(settlement.wishes):
        same_id[wish.external_id].append(place)
        same_email[wish.email].append(place)
    settlement.places.update((shared, places[0]) for shared, places in same_id.items() if shared)
    for shared, places in same_id.items():
        if shared and len(places) > 1:
            _fell_double(settlement, places, "external_id", shared)
    for shared, places in same_email.items():
        if shared and len({settlement.wishes[place].external_id for place in places}) > 1:
            _fell_double(settlement, places, "email", shared)


def _fell_double(settlement: Settlement, places: list[int], column: str, shared: str) -> None:
    lines = ", ".join(str(settlement.wishes[place].line) for place in places[:_SHOWN])
    for place in places:
        detail = f"The {column} {shared!r} stands on more than one line: {lines}."
        settlement.fall(place, column, f"duplicate-{column.replace('_', '-')}", detail)


def _fell_leaning(settlement: Settlement, places: Iterable[int]) -> set[int]:
    """Look at the rows at these places, and at those that lean on each that falls; return the fallen."""
    waiting = list(places)
    fell = set()
    while waiting:
        place = waiting.pop()
        if place in settlement.fallen:
            continue
        wish = settlement.wishes[place]
        _check_email(settlement, place, wish)
        _check_manager(settlement, place, wish)
        if place in settlement.fallen:
            fell.add(place)
            waiting.extend(settlement.leaning[wish.external_id])
    return fell


def _check_email(settlement: Settlement, place: int, wish: Wish) -> None:
    holder = settlement.holders.get(wish.email)
    if holder is None or holder.external_id == wish.external_id:
        return
    if holder.external_id is None:
        owner = "an account outside the directory"
    elif not settlement.stands(holder.external_id):
        owner = f"{holder.external_id!r}, who does not give it up"
    else:
        return
    settlement.fall(place, "email", "email-taken", f"The email {wish.email!r} belongs to {owner}.")


def _check_manager(settlement: Settlement, place: int, wish: Wish) -> None:
    known = settlement.snapshot.by_external_id
    if wish.manager is None and wish.active and wish.external_id not in known:
        detail = "A new person needs a manager, or an empty cell for the top of a tree."
        settlement.fall(place, "manager_external_id", "no-manager-column", detail)
    if not wish.manager:
        return
    if wish.manager == wish.external_id:
        detail = "Nobody is their own manager; leave the cell empty for the top of a tree."
        settlement.fall(place, "manager_external_id", "self-manager", detail)
    elif settlement.stands(wish.manager):
        if wish.active and not settlement.wishes[settlement.places[wish.manager]].active:
            _doubt(settlement, place, wish, "manager-inactive", "is not active in this file")
    else:
        _check_absent_manager(settlement, place, wish, known.get(wish.manager))


def _check_absent_manager(settlement: Settlement, place: int, wish: Wish, manager: Person | None) -> None:
    """Look at a manager of whom no row stands: they must be there already, and stay."""
    in_file = wish.manager in settlement.places
    leaves = settlement.full and not in_file and manager is not None and not manager.operator
    code, reason = ("manager-row-bad", "has a bad row") if in_file else ("unknown-manager", "is not known")
    if manager is not None and manager.active and not leaves:
        if in_file:
            _doubt(settlement, place, wish, code, f"{reason} and stays as before")
    elif not wish.active:
        _doubt(settlement, place, wish, code, f"{reason}; the manager of a person who leaves stays as before")
        wish.manager = None
    else:
        if manager is not None and not in_file:
            reason = "is not in this full file" if leaves else "is no longer active"
        detail = f"The manager {wish.manager!r} {reason}."
        settlement.fall(place, "manager_external_id", code, detail)


def _doubt(settlement: Settlement, place: int, wish: Wish, code: str, reason: str) -> None:
    detail = f"The manager {wish.manager!r} {reason}."
    settlement.doubts[place] = Doubt(wish.line, "manager_external_id", f"directory.{code}", detail)


def _fell_cycles(settlement: Settlement) -> None:
    before = _link_people(settlement.snapshot)
    links = dict(before)
    for place, wish in enumerate(settlement.wishes):
        if place not in settlement.fallen and wish.manager is not None:
            links[wish.external_id] = wish.manager or None
    starts: list[Node] = list(links)
    while cycles := list(_find_cycles(links, starts)):
        fell = set()
        for cycle in cycles:
            fell |= _fell_cycle(settlement, cycle)
        leaning = [
            other for place in fell for other in settlement.leaning[settlement.wishes[place].external_id]
        ]
        fell |= _fell_leaning(settlement, leaning)
        # What fell follows its old link again, and only through such a link can there be a further cycle.
        starts = [settlement.wishes[place].external_id for place in sorted(fell)]
        links.update((start, before.get(start)) for start in starts)


def _fell_cycle(settlement: Settlement, cycle: list[Node]) -> set[int]:
    shown = [
        node if isinstance(node, str) else "(an account outside the directory)" for node in cycle[:_SHOWN]
    ]
    named = " → ".join((*shown, shown[0] if len(cycle) <= _SHOWN else "…"))
    places = {settlement.places[node] for node in cycle if isinstance(node, str) and settlement.stands(node)}
    places = {place for place in places if settlement.wishes[place].manager is not None}
    for place in places:
        settlement.fall(place, "manager_external_id", "cycle", f"The managers go round in a circle: {named}.")
    return places


def _link_people(snapshot: DirectorySnapshot) -> dict[Node, Node | None]:
    nodes: dict[str, Node] = {person.id: person.external_id or (person.id,) for person in snapshot.people}
    return {nodes[person.id]: nodes.get(person.manager_id or "") for person in snapshot.people}


def _find_cycles(links: Mapping[Node, Node | None], starts: Iterable[Node]) -> Iterator[list[Node]]:
    done: set[Node] = set()
    for start in starts:
        path: dict[Node, None] = {}
        node: Node | None = start
        while node is not None and node not in done:
            if node in path:
                walked = list(path)
                yield walked[walked.index(node) :]
                break
            path[node] = None
            node = links.get(node)
        done.update(path)
