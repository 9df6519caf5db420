"""The page of what is kept for how long."""

from app.domain.retention import ELSEWHERE, KEEPING
from docs.made.markdown import write_page, write_table

_TEXT = """
Each night (`retention.forget`) goes what was kept long enough; `ideabox retention --dry-run` says what would go now,
and `ideabox retention` does it at once. Other times than these are set in one place, `IDEABOX_KEEP_DAYS`, as JSON:
`{"notifications": 200, "events": 365}`. A run that forgets something is an entry of the register, with numbers.

What people gave has no time of its own: ideas, comments, votes, points, itineraries. It goes, or loses its name, when
its author is erased (`POST /employees/{id}/erasure`).
"""
_BACKUPS = """
## Logs

Ideabox writes logs to standard error and keeps none. They hold identifiers and no names, addresses or texts. Whoever
collects them sets their time: 30 days are enough to look into a fault.

## Backups

A backup holds everybody who was there when it was made, also who was erased since. So:

1. Keep backups for 35 days at most, and encrypt them. An erasure is complete when the last backup from before it is
   gone: this is the time to tell people.
2. Keep the register's entries `erasures.made` apart from the backups, with the letters that asked for them. After an
   older backup was restored, erase again everybody who was erased since it was made, before people work with it.
3. On SQLite the file is written anew in the night after an erasure (`erasures.compact`), so that its free pages and its
   log hold nothing; file systems and disks may keep blocks of their own until they are used again.
4. On PostgreSQL the rows are gone at once for every query and every dump. Their bytes stay in the files of the server
   until autovacuum frees them and something else is written there, and in the write-ahead log until it is recycled.
   `VACUUM FULL` of the tables and a checkpoint do it at once, at the price of locks.

## What has left the house

Mails, messages to chats and browsers, calls of webhooks and files that somebody downloaded can't be called back.
Webhooks carry no names of people beside what their owner may read at that moment.
"""


def write() -> str:
    """Return each class of data with its time, then what operators have to do themselves."""
    rows = [
        (f"`{name}`", each.what, each.since, f"{each.days} days", f"{each.least}–{each.most}")
        for name, each in KEEPING.items()
    ]
    table = write_table(("class", "what it is", "counted from", "kept", "can be set to"), rows)
    fixed = write_table(("what", "kept"), list(ELSEWHERE.items()))
    return write_page("What is kept, and for how long", _TEXT, f"{table}\n{fixed}", _BACKUPS)
