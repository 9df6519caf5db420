"""What the clockwork is given to do: rows to work off, and periodic runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Periodic:
    """A run that happens by the clock, once in the whole installation.

    `name` is dotted and unique (`reviews.remind`); `cron` has five fields, or six with seconds first, in UTC.
    `run` gets the moment it was due, an aware UTC datetime. It has to be idempotent: it is repeated when it
    raises (three times in a quarter of a minute) and after a crash, and overlaps on two workers when long.
    A run that comes late is left out when a later one was made; with `catch_up` none is, also of those that
    were due while nothing was up. Their order is then not kept. A run may return how many rows it handled.
    """

    name: str
    cron: str
    run: Callable[[datetime], Awaitable[int | None]]
    catch_up: bool = False


Drain = Callable[[], Awaitable[int]]
"""Works off one batch of rows that wait, and returns how many it handled.

0 when none is due or when another process is at it. It has to be idempotent: what a crash interrupted is done
again.
"""


@dataclass(frozen=True)
class Work:
    """Everything the clockwork does.

    `drains` have dotted names and stand in the order in which their rows come of each other: whenever one
    handled something, those behind it are rung for. All are rung for when events were recorded.
    """

    drains: Mapping[str, Drain]
    schedule: Sequence[Periodic] = ()
