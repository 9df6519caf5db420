"""Letters: what a delivery has to say, as the message that leaves."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.deliveries import Form
from app.domain.notifications import ABOUT_HELP, ABOUT_OPENINGS, ABOUT_RESTRICTIONS, Kind
from app.domain.preferences import AT_ONCE, DIGEST, Channel
from app.domain.subjects import Topic, get_path
from app.integrations.letters import Fact, Item, writing
from app.integrations.posts import Outgoing
from app.models.notifications import Notification
from app.queries.facts import Facts
from app.queries.matters import Matter

INBOX = "/notifications"
SETTINGS = "/settings/messages"
"""Pages of the web client."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the public address and the name of the company.

    `unsubscribe` gives the address at which a person ends what a channel brings.
    """

    base_url: str
    company_name: str
    unsubscribe: Callable[[str, str, str], str]


def write(matter: Matter, sender: Sender, *, now: datetime) -> Outgoing:
    """Return what a delivery has to say as a message."""
    delivery, person = matter.delivery, matter.person
    items = _collapse(matter, sender.base_url)
    alone = items[0].kind if len(items) == 1 else None
    ended = None
    if delivery.channel == Channel.EMAIL:
        what = DIGEST if delivery.form == Form.DIGEST else alone or AT_ONCE
        ended = sender.unsubscribe(person.id, delivery.channel, what)
    letter = writing.write(
        items,
        locale=person.locale,
        greeting_name=person.name,
        company_name=sender.company_name,
        settings_url=sender.base_url + SETTINGS,
        unsubscribe_url=ended,
    )
    return Outgoing(
        id=delivery.id,
        address=matter.address,
        letter=letter,
        kind=alone or DIGEST,
        path=_get_path(matter.told[0]) if alone else INBOX,
        now=now,
        name=person.name,
        unsubscribe_url=ended,
        urgent=any(item.asks for item in items),
        push_keys=matter.push_keys,
    )


def _collapse(matter: Matter, base_url: str) -> list[Item]:
    """Return an item for each kind and topic, the latest of them with how many there were."""
    alike: defaultdict[tuple[Topic, str], list[Notification]] = defaultdict(list)
    for each in matter.told:
        alike[each.topic, each.kind].append(each)
    return [
        Item(
            kind=last.kind,
            facts=_list_facts(
                last,
                matter.known[last.id],
                titled=last.topic in matter.titled and last.kind not in ABOUT_RESTRICTIONS,
            ),
            url=base_url + _get_path(last),
            count=len(rows),
            asks=last.asks,
        )
        for rows in alike.values()
        for last in rows[-1:]
    ]


def _get_path(told: Notification) -> str:
    if told.kind in ABOUT_HELP:
        return f"/help-requests/{told.facts['help']}"
    if told.kind in ABOUT_OPENINGS:
        return f"/identity-openings/{told.facts['opening']}"
    return get_path(told.topic)


def _list_facts(told: Notification, known: Facts, *, titled: bool) -> dict[str, Fact]:
    due = told.facts.get("due_on")
    named: dict[str, Fact | None] = {
        "title": known.title if titled else None,
        "holder": known.holder.name if known.holder else None,
        "person": known.person.name if known.person else None,
        "function": known.function.name if known.function else None,
        "question" if told.kind == Kind.CLARIFICATION_ASKED else "text": known.text,
        "reason": known.reason,
        "at": known.at,
        "place": known.place,
        "due_on": date.fromisoformat(due) if due else None,
        "days": told.facts.get("days"),
        "stage": told.facts.get("stage"),
    }
    return {name: fact for name, fact in named.items() if fact is not None}
