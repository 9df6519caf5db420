"""What the points ledger must say of the ideas of a model, person by person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.chaos.model import Idea

_PER_DAY = {"vote": 3, "comment": 2}
_STAGES = {"recommended": 20, "selected": 100, "project": 200, "pilot": 300, "deployed": 500}
_SUBMITTED = 10


def check(person: str, world: Sequence[Idea], ids: Sequence[str], ledger: Any) -> list[str]:
    """Return what is wrong in the ledger of somebody who did nothing but what the model knows.

    A vote or a comment is paid for while it stands, and unpaid only where the day had no slot left. Which of
    several at the same time took the last slot is open. One that was taken back keeps its slot.
    """
    entries: dict[tuple[str, str], list[int]] = defaultdict(list)
    days: dict[tuple[str, str], str] = {}
    for entry in reversed(ledger["items"]):
        entries[entry["rule"], entry["idea"]].append(entry["points"])
        days[entry["rule"], entry["idea"]] = entry["day"]
    faults = [
        f"balance {ledger['balance']} is not the sum" for _ in [0] if ledger["balance"] != _sum(entries)
    ]
    faults += [
        f"{rule} is written as {points}"
        for (rule, _), points in entries.items()
        if any(one != (-1) ** place * points[0] for place, one in enumerate(points))
    ]
    net = {place: sum(points) for place, points in entries.items()}
    faults += _check_small("vote", net, days, _list_small(person, world, ids, "vote"))
    faults += _check_small("comment", net, days, _list_small(person, world, ids, "comment"))
    wanted = dict(_list_awards(person, world, ids))
    earned = {place: points for place, points in net.items() if place[0] not in _PER_DAY and points}
    faults += [f"{earned} was earned, {wanted} is due" for _ in [0] if earned != wanted]
    return [f"the ledger of {person}: {fault}" for fault in faults]


def _sum(entries: Mapping[Any, Iterable[int]]) -> int:
    return sum(sum(points) for points in entries.values())


def _list_small(
    person: str, world: Sequence[Idea], ids: Sequence[str], rule: str
) -> tuple[set[str], set[str]]:
    """Return the ideas where a vote or a comment of somebody stands, and those where one ever stood."""
    stands, ever = set(), set()
    for name, idea in zip(ids, world, strict=True):
        standing = idea.voters if rule == "vote" else {who for _, who in idea.comments}
        if person in standing:
            stands.add(name)
        if person in (idea.voted if rule == "vote" else idea.said):
            ever.add(name)
    return stands, ever


def _check_small(
    rule: str,
    net: Mapping[tuple[str, str], int],
    days: Mapping[tuple[str, str], str],
    said: tuple[set[str], set[str]],
) -> list[str]:
    stands, ever = said
    slots = {idea for name, idea in net if name == rule}
    used = Counter(days[rule, idea] for idea in slots if net[rule, idea])
    faults = [
        f"{rule}: more than the day's slots: {used}" for _ in [0] if max([0, *used.values()]) > _PER_DAY[rule]
    ]
    faults += [f"{rule}: paid without a cause: {idea}" for idea in slots - ever]
    faults += [
        f"{rule}: {net[rule, idea]} for one that {'stands' if idea in stands else 'was taken back'}"
        for idea in slots
        if net[rule, idea] > (idea in stands)
    ]
    unpaid = {idea for idea in stands if not net.get((rule, idea))}
    if unpaid and len(ever) <= _PER_DAY[rule]:
        faults.append(f"{rule}: {len(unpaid)} unpaid while slots are left: {used}")
    return faults


def _list_awards(
    person: str, world: Sequence[Idea], ids: Sequence[str]
) -> Iterable[tuple[tuple[str, str], int]]:
    """Give what an author is due: submission while it is not withdrawn, and every stage that was reached."""
    for name, idea in zip(ids, world, strict=True):
        if idea.author != person or not idea.path:
            continue
        if idea.stage != "withdrawn":
            yield ("submitted", name), _SUBMITTED
        for stage in {target for _, _, target in idea.path} & set(_STAGES):
            yield (stage, name), _STAGES[stage]
