"""Conflicts of interest: who may not hold, decide or otherwise act on an idea.

A person is conflicted who wrote the idea, stands above an author in the line of management, is directly
below one, or stood back. Where the line can't be known to its end, the people who work where it breaks
are in doubt, and the doubt goes to somebody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one person's manager now.

    An empty `manager_id` that is `certain` is the top of a tree; one that is not is an unknown manager.
    `manager_active` is False when the manager has left. `entity_id` is where the person works.
    """

    manager_id: str | None
    certain: bool = True
    manager_active: bool = True
    entity_id: str | None = None


OUTSIDE = Link(manager_id=None)
"""People outside the organisation (placeholders, operators): certainly without a line."""

UNKNOWN = Link(manager_id=None, certain=False)
"""What stands for a person of whom nothing is recorded."""


@dataclass(frozen=True, slots=True)
class Line:
    """The people above somebody, and the entities of those at whom the line breaks."""

    above: frozenset[str]
    broken_in: frozenset[str]


def trace_line(person_id: str, links: Mapping[str, Link]) -> Line:
    """Walk the line of management upwards.

    1. Take the person's link; none at all, or an unknown manager, breaks the line here.
    2. A certain empty link is the top: the walk ends well.
    3. A manager who was met before (a cycle, or oneself) breaks the line here.
    4. A manager who has left breaks it too, but what is recorded above them still counts.

    Guarantees: ends after at most as many steps as there are people; needs `links` of everybody above.
    """
    above: list[str] = []
    broken: set[str] = set()
    met = {person_id}
    here = links.get(person_id, UNKNOWN)
    while here.manager_id is not None and here.manager_id not in met:
        if not here.manager_active:
            broken.add(here.entity_id or "")
        above.append(here.manager_id)
        met.add(here.manager_id)
        here = links.get(here.manager_id, UNKNOWN)
    if here.manager_id is not None or not here.certain:
        broken.add(here.entity_id or "")
    return Line(frozenset(above), frozenset(broken))


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Everybody who is conflicted for one idea."""

    authors: frozenset[str] = frozenset()
    line: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    doubtful_entities: frozenset[str] = field(default=frozenset())

    def bars(self, person_id: str, entity_id: str | None) -> bool:
        """Tell whether a person, who works in an entity, is conflicted or in doubt."""
        return (
            person_id in self.authors
            or person_id in self.line
            or person_id in self.declared
            or (bool(self.doubtful_entities) and (entity_id or "") in self.doubtful_entities)
        )


def find_conflicts(
    authors: Iterable[str], links: Mapping[str, Link], reports: Iterable[str], declared: Iterable[str]
) -> Conflicts:
    """Return who is conflicted for an idea of these authors.

    `links` holds the current link of every author and of everybody above them; `reports` the people whose
    current manager is one of the authors; `declared` those who stood back.
    """
    writers = frozenset(authors)
    lines = [trace_line(author, links) for author in writers]
    above = frozenset().union(*(line.above for line in lines))
    return Conflicts(
        authors=writers,
        line=(above | frozenset(reports)) - writers,
        declared=frozenset(declared),
        doubtful_entities=frozenset().union(*(line.broken_in for line in lines)),
    )
