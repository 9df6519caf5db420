"""The page of the messages: what people are told, to whom, by which channel until they choose."""

from collections.abc import Iterable
from datetime import timedelta

from app.domain.deliveries import CLAIM, PAUSES, STALE
from app.domain.notifications import CATALOGUE
from app.domain.preferences import Channel, Habits, Timing, get_default
from app.domain.subjects import SubjectKind
from app.services.broadcasts import SLICE
from app.services.posting import PATIENCE
from docs.made.markdown import write_page, write_table

_TEXT = """
Everything that people are told is in their inbox (`GET /me/notifications`). By e-mail, web push, Slack and Teams it
comes as below, unless somebody chooses otherwise (`PUT /me/preferences`). What asks for an act is resolved as soon as
the act is done, by whomever; what was resolved is not sent any more. Nobody is told of their own acts, and nothing
names the author of an anonymous idea. The words of each are on the page [Mails](mails.md).
"""
_MORE = """
## Who is told, and of what

A notification is about one thing, its `subject`: {subjects}. Things like each other about one subject
stand together in a digest. Whether somebody may still know of the subject is asked again when a message is written and
when the inbox is read; what may not be known any more is not sent, not shown and not counted.

Crowds (everybody who signed up for a gathering, the audience of a campaign) are told in slices of {slice} people: the
event opens a *broadcast*, and each slice is written in one transaction together with how far it has come. Whoever dies
in the middle has told nobody of that slice; nobody is told twice.

## Adding a kind

1. `domain/notifications.py`: a member of `Kind` and its row in `CATALOGUE`: told to whom, whether it `asks` for an act,
   whether it can't wait for a digest (`at_once`). The same name into `KindName` in `schemas/preferences.py`.
2. Who is told, a pure function of the event: of an idea in `domain/audiences.py`; of a few people in
   `domain/occasions.py`, with what it needs to know read in `queries/occasions.py`; of a crowd in `domain/crowds.py`,
   with the statement of its people in `CROWDS` of `queries/crowds.py`. Facts are identifiers, days and numbers.
3. A new kind of subject: a member of `SubjectKind` and its page in `domain/subjects.py`, its name in `SubjectName` of
   `schemas/notifications.py`, and its row in `DOORS` of `queries/subjects.py`: who may see it, what is said of it.
4. The wording in English in `integrations/letters`, every sentence of it in French in `catalogues/fr.po`. A name of
   an example in `docs/made/mails.py` when its subject is new.
5. `python -m docs.pages` renews this page and that of the mails. Tests tell what was left out.
"""
_WHEN = """
## When

The digest comes {digest} at {hour}:00, with like things about one subject in one line. Between {since}:00 and
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
    more = _MORE.format(subjects=write_list(kind.value for kind in SubjectKind), slice=SLICE)
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
    return write_page("Messages", _TEXT, write_table(head, rows), more, when)


def write_list(names: Iterable[str]) -> str:
    """Return names as code, the last one after `or`."""
    *first, last = [f"`{name}`" for name in names]
    return f"{', '.join(first)} or {last}"


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
