"""The page of the messages: what people are told, to whom, by which channel until they choose."""

from datetime import timedelta

from app.domain.deliveries import CLAIM, PAUSES, STALE
from app.domain.notifications import CATALOGUE
from app.domain.preferences import Channel, Habits, Timing, get_default
from app.services.posting import PATIENCE
from docs.made.markdown import write_page, write_table

_TEXT = """
Everything that people are told is in their inbox (`GET /me/notifications`). By e-mail, web push, Slack and Teams it
comes as below, unless somebody chooses otherwise (`PUT /me/preferences`). What asks for an act is resolved as soon as
the act is done, by whomever; what was resolved is not sent any more. Nobody is told of their own acts, and nothing
names the author of an anonymous idea. The words of each are on the page [Mails](mails.md).
"""
_WHEN = """
## When

The digest comes {digest} at {hour}:00, with like things about one idea in one line. Between {since}:00 and
{until}:00 nothing is sent, and what asks for an act comes together in the morning; after {per_day} messages in a day by
one channel the rest does too. Each person can choose these (`PUT /me/message-settings`), in a time zone of
their own. A digest leaves out what was read in the inbox already. One click in a mail ends what the mail is about,
without signing in (RFC 8058).

## What can go wrong

A delivery is claimed, sent outside any transaction, then noted as sent. Whoever dies in between leaves a claim for
{claim}; when that is over the message is sent again. So a message comes once, but a process that is killed
within the moments between the answer of the mail server and the note (a sending has {patience} seconds at
most) can make it come twice, with the same `Message-ID`, by which mail programs know it. One that is not taken is tried
again after {pauses}, a fifth more or less, or later when the other side asks for it; then it is given up. One that
nobody could send for {stale} is given up too. What is refused for good is given up at once, and
an address that is gone is forgotten.
"""


def write() -> str:
    """Return the catalogue with its defaults, and how messages are sent."""
    rows = [
        (
            f"`{kind.value}`",
            entry.to,
            "yes" if entry.asks else "",
            *(_say(get_default(kind, each)) for each in Channel),
        )
        for kind, entry in CATALOGUE.items()
    ]
    head = ("kind", "told to", "asks", *(channel.value for channel in Channel))
    habits = Habits()
    when = _WHEN.format(
        digest=habits.digest,
        hour=habits.hour,
        since=habits.quiet_from,
        until=habits.quiet_until,
        per_day=habits.per_day,
        claim=measure(CLAIM),
        patience=int(PATIENCE),
        pauses=", ".join(measure(pause) for pause in PAUSES),
        stale=measure(STALE),
    )
    return write_page("Messages", _TEXT, write_table(head, rows), when)


def _say(timing: Timing) -> str:
    return "" if timing is Timing.NEVER else timing.value.replace("_", " ")


def measure(length: timedelta) -> str:
    """Return a length of time in words, in the largest unit that goes into it."""
    seconds = int(length.total_seconds())
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
