"""Exports: what can be taken out as a file, by whom, how many at a time, and how long a file and its link live."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import permissions
from app.domain.actors import Actor
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable
from app.domain.permissions import Permission

LINK_LIVES = timedelta(minutes=5)
"""How long a link to a file opens it; reading the export gives a fresh one."""

FILE_LIVES = timedelta(days=7)
"""How long a file is kept after it was made."""

SILENT = timedelta(seconds=60)
"""How long an export may tell nothing of itself before it counts as abandoned."""

ATTEMPTS = 3
"""How often a file is begun that was abandoned before."""

MOST_OF_ONE, MOST_OF_ALL = 3, 12
"""Exports under way at a time: of one person, and of everybody."""

MOST_MONTHS = 60
"""Months that an export of engagement has at most."""

_DIGITS = 12

RETRY_AFTER = 20
"""Seconds after which somebody tries again for whom too many were under way."""


class What(StrEnum):
    """What is taken out."""

    ENGAGEMENT = "engagement"
    IDEAS = "ideas"
    ITINERARIES = "itineraries"
    BENEFITS = "benefits"


class FileFormat(StrEnum):
    """The format of a file."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class ExportState(StrEnum):
    """Where an export stands; `sent` is one that was streamed, `gone` one whose file was deleted."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    SENT = "sent"
    CUT = "cut"
    FAILED = "failed"
    GONE = "gone"


UNDER_WAY = frozenset({ExportState.WAITING, ExportState.RUNNING})

PERMISSIONS: Mapping[What, Permission] = {
    What.ENGAGEMENT: Permission.EXPORTS_READ,
    What.IDEAS: Permission.EXPORTS_IDEAS,
    What.ITINERARIES: Permission.EXPORTS_IDEAS,
    What.BENEFITS: Permission.EXPORTS_IDEAS,
}

MEDIA_TYPES: Mapping[FileFormat, str] = {
    FileFormat.CSV: "text/csv; charset=utf-8; header=present",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PARQUET: "application/vnd.apache.parquet",
}


class NoSuchExport(NotFound):
    """There is no such export of yours."""

    code = "exports.not-found"


class TooManyExports(TooMany):
    """So many exports are under way that yours has to wait: try again in a moment."""

    code = "exports.too-many"
    retry_after = RETRY_AFTER


class ExportNotReady(Conflict):
    """The file of this export is not there: it is still being made, it failed, or it was deleted after its time."""

    code = "exports.not-ready"


class ExportFailed(Unavailable):
    """The file could not be made: try again in a moment."""

    code = "exports.failed"


class LinkExpired(Forbidden):
    """This link does not open the file, or not any more: read the export again for a fresh one."""

    code = "exports.link-expired"


class UnfitFilters(Invalid):
    """An export is narrowed only by what its rows have."""

    code = "exports.filters"


class TooManyMonths(Invalid):
    """An export of engagement has 60 months at most: begin later, or end earlier."""

    code = "exports.too-many-months"


def check_may(actor: Actor, what: What) -> None:
    """Let pass who may take something out.

    Raises: RoleMissing.
    """
    permissions.check(actor, PERMISSIONS[what])


def check_room(own: int, all_: int) -> None:
    """Let pass one more export, when so many are under way of the same person and of everybody.

    Raises: TooManyExports.
    """
    if own >= MOST_OF_ONE or all_ >= MOST_OF_ALL:
        raise TooManyExports


def write_expiry(until: datetime) -> str:
    """Return the end of a link as it stands in it: seconds since 1970."""
    return str(int(until.timestamp()))


def is_over(written: str, now: datetime) -> bool:
    """Tell whether a link is over by the end that stands in it; what is no such end is over."""
    return (
        not (written.isascii() and written.isdigit() and len(written) <= _DIGITS)
        or int(written) < now.timestamp()
    )
