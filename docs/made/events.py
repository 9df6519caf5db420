"""The page of the events."""

from inspect import unwrap

from app.domain.events import list_kinds
from app.jobs.reactions import REACTIONS
from docs.made.markdown import write_page, write_table

_TEXT = """
What happened, in the past tense: one row of `events`, written in the transaction of the change itself. It
is the audit trail, and the outbox from which everything else follows by the table of
`app/jobs/reactions.py`. Rows hold identifiers and numbers, never names or texts; where naming the actor
would tell a secret there is none.
"""


def write() -> str:
    """Return each event with what it means, its subject and what follows from it."""
    follows = _list_reactions()
    rows = []
    for kind in list_kinds():
        said, _, subject = " ".join((kind.__doc__ or "").split()).partition(" Subject: ")
        rows.append((f"`{kind.kind}`", said, subject.rstrip("."), ", ".join(follows.get(kind.kind, []))))
    head = ("kind", "what happened", "subject", "what follows")
    return write_page("Events", _TEXT, write_table(head, rows))


def _list_reactions() -> dict[str, list[str]]:
    follows: dict[str, list[str]] = {}
    for reaction, kinds in REACTIONS:
        function = unwrap(reaction)
        name = f"`{function.__module__.rpartition('.')[2]}.{getattr(function, '__name__', '')}`"
        for kind in kinds:
            follows.setdefault(kind.kind, []).append(name)
    return follows
