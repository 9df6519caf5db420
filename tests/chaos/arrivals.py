"""What arrived at the sinks, held against what had to: each event once for each person by each channel."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from itertools import pairwise
from typing import Protocol, cast

from app.domain import deliveries, webhooks
from tests.chaos.people import Person
from tests.chaos.push_service import PushService
from tests.chaos.races_ground import Books
from tests.chaos.sinks import Hook, Mailbox
from tests.chaos.trials import Outcome

COUNT = "SELECT count(*) FROM events WHERE kind = 'comments.written' AND sequence > :since"

WINDOWS = {"email": deliveries.CLAIM, "push": deliveries.CLAIM, "webhook": webhooks.CLAIM}
"""How long after the first arrival a second one is a redelivery, give or take the grace."""

_GRACE = timedelta(minutes=1)
"""What may pass between the end of a claim and the second arrival; it has its turn after what was due before."""

_BEFORE, _AFTER = 5.0, 30.0
"""Seconds around an arrival within which the sender was killed, if it comes again: a sending may take 30."""

_WRITTEN = (
    "SELECT c.body, c.id, e.sequence, a.employee_id FROM comments c"
    " JOIN events e ON e.subject = c.id AND e.kind = 'comments.written'"
    " JOIN authorships a ON a.idea_id = c.idea_id WHERE e.sequence > :since"
)
_PUSHED = (
    "SELECT d.id, n.event_sequence FROM deliveries d JOIN delivery_items i ON i.delivery_id = d.id"
    " JOIN inbox n ON n.id = i.notification_id WHERE d.channel = 'push'"
)
_SENT = (
    "SELECT id FROM deliveries WHERE channel IN ('email', 'push') AND state = 'sent'"
    " UNION ALL SELECT id FROM webhook_deliveries WHERE state = 'sent'"
)
_NUMBER = re.compile(r"Number ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that was taken; `event` is the number in the comment that it tells of, None for anything else."""

    channel: str
    person: str
    event: int | None
    identifier: str
    moment: float


Due = tuple[int, str, str]
"""An event, a person, a channel."""


class Sinks(Protocol):
    """Where messages arrive."""

    mailbox: Mailbox
    hook: Hook
    service: PushService
    kills: list[float]


def compare(
    outcome: Outcome,
    books: Books,
    since: int,
    sinks: Sinks,
    everybody: Sequence[Person],
    owner: str,
    *,
    messages: int,
) -> None:
    """Note what arrived, and what was missing, came twice or came to somebody else."""
    written = {_read_number(body): row for body, *row in books.ask(_WRITTEN, since=since)}
    outcome.counts[f"of {messages} comments"] = len(written)
    due: set[Due] = set()
    for number, (_, _, author) in written.items():
        due |= {(cast("int", number), author, "email"), (cast("int", number), author, "push")}
        due.add((cast("int", number), owner, "webhook"))
    numbers = {sequence: number for number, (_, sequence, _) in written.items()}
    pushed = {identifier: numbers.get(sequence) for identifier, sequence in books.ask(_PUSHED)}
    found = [*_list_mails(sinks.mailbox, everybody), *_list_hooked(sinks.hook, owner)]
    for identifier, person, said, moment in sinks.service.taken:
        told = pushed.get(identifier) if said["kind"] == "comments.written" else None
        found.append(Arrival("push", person, told, identifier, moment))
    counts, faults = check(due, found, sinks.kills)
    outcome.counts |= counts
    lost = {str(identifier) for (identifier,) in books.ask(_SENT)} - {each.identifier for each in found}
    if len(written) != messages or books.count(COUNT, since=since) != messages:
        faults.append(f"{messages} comments were written, {len(written)} are there")
    if lost:
        faults.append(f"{len(lost)} are noted as sent and did not arrive")
    outcome.faults += faults + sinks.hook.faults[:5] + sinks.service.faults[:5]


def check(
    due: Collection[Due], found: Iterable[Arrival], kills: Sequence[float]
) -> tuple[dict[str, int], list[str]]:
    """Return what is counted, and a sentence on each kind of thing that must not be."""
    arrived: defaultdict[Due, dict[str, list[float]]] = defaultdict(dict)
    others = 0
    for each in found:
        if each.event is None:
            others += 1
            continue
        moments = arrived[each.event, each.person, each.channel].setdefault(each.identifier, [])
        moments.append(each.moment)
    counts: dict[str, int] = {}
    again: list[str] = []
    for channel, window in WINDOWS.items():
        here = {place: taken for place, taken in arrived.items() if place[2] == channel}
        counts[f"by {channel}"] = sum(len(taken) for taken in here.values())
        repeated = [moments for taken in here.values() for moments in taken.values() if len(moments) > 1]
        counts[f"by {channel} once more after a kill"] = sum(len(moments) - 1 for moments in repeated)
        last = max((moments[0] for taken in here.values() for moments in taken.values()), default=0.0)
        again += _check_repeated(channel, repeated, kills, window.total_seconds(), last)
    counts["others"] = others
    wrong = {
        "did not arrive": len(set(due) - arrived.keys()),
        "came to somebody whom they don't concern": len(arrived.keys() - set(due)),
        "came twice, under two identifiers": sum(len(taken) > 1 for taken in arrived.values()),
    }
    return counts, [f"{number} {what}" for what, number in wrong.items() if number] + again


def _check_repeated(
    channel: str, repeated: Sequence[Sequence[float]], kills: Sequence[float], window: float, last: float
) -> Iterator[str]:
    """Give a fault for each second arrival that no kill explains; `last` is when the last first one came."""
    for moments in repeated:
        for first, second in pairwise(moments):
            if second > max(first + window, last) + _GRACE.total_seconds():
                yield f"a message by {channel} came again after {second - first:.0f} s, beyond the window"
            if not any(first - _BEFORE < kill < first + _AFTER for kill in kills):
                yield f"a message by {channel} came again after {second - first:.0f} s, though nobody was killed"


def _list_mails(mailbox: Mailbox, everybody: Sequence[Person]) -> Iterator[Arrival]:
    people: Mapping[str, str] = {person.email: person.id for person in everybody}
    for recipient, mail, moment in mailbox.mails:
        identifier = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        text = cast("EmailMessage", mail).get_body(("plain",))
        said = text.get_content() if text is not None else ""
        yield Arrival("email", people.get(recipient, recipient), _read_number(said), identifier, moment)


def _list_hooked(hook: Hook, owner: str) -> Iterator[Arrival]:
    for identifier, payload, moment in hook.taken:
        said = str(payload["data"]["comment"]["body"])
        yield Arrival("webhook", owner, _read_number(said), identifier, moment)


def _read_number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found[1]) if found else None
