"""Importing employees from a file: read, planned and written as a whole, or not at all."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core import locks
from app.core.db import Database, ReadSession, WriteSession
from app.domain import directory
from app.domain.directory_records import BadRow, Doubt, ImportPlan
from app.domain.directory_rows import OPTIONAL, REQUIRED
from app.domain.errors import Conflict, FieldProblem, Invalid
from app.domain.events import DirectoryImported
from app.integrations import spreadsheets
from app.queries.directory import get_directory
from app.services import directory_changes, events, rerouting

INSTALLATION = "installation"
"""Whom the event names as importer when the file came by the command line."""

MAX_NAMED = 1_000
"""Bad rows that a refusal names."""

Rows = list[tuple[int, dict[str, str]]]
"""Cells by the names of their columns, with the number of the line."""


class ChangedMeanwhile(Conflict):
    """The directory was changed by somebody else while this file was imported: import it again."""

    code = "directory.changed-meanwhile"


class BadRows(Invalid):
    """The file has bad rows, so nothing was imported; each is named by its line and column."""

    code = "directory.bad-rows"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do on a dry run.

    It was not `accepted` when bad rows kept everything from being written. `roles_ended` and
    `ideas_rerouted` are known once it was done: before, the first counts what the file itself ends, and
    the second is None.
    """

    dry_run: bool
    accepted: bool
    created: int = 0
    updated: int = 0
    deactivated: int = 0
    reactivated: int = 0
    unchanged: int = 0
    entities: int = 0
    functions: int = 0
    roles_granted: int = 0
    roles_ended: int = 0
    managers_changed: int = 0
    ideas_rerouted: int | None = None
    bad_rows: tuple[BadRow, ...] = ()
    warnings: tuple[Doubt, ...] = ()

    def count(self) -> dict[str, int]:
        """Return every number, in the order in which they are shown."""
        values = {name: getattr(self, name) for name in _COUNTS}
        return {name: value for name, value in values.items() if value is not None}

    def describe(self) -> list[str]:
        """Return what there is to say, line by line, for a terminal."""
        lines = [_write(row, "") for row in self.bad_rows]
        lines += [_write(doubt, "warning: ") for doubt in self.warnings]
        lines += [f"{name.replace('_', ' ')}: {number}" for name, number in self.count().items()]
        if not self.accepted:
            lines.append("Nothing was imported because of the bad rows. --skip-bad takes the others.")
        elif self.dry_run:
            lines.append("A dry run: nothing was written.")
        return lines


_COUNTS = (
    "created",
    "updated",
    "deactivated",
    "reactivated",
    "unchanged",
    "entities",
    "functions",
    "roles_granted",
    "roles_ended",
    "managers_changed",
    "ideas_rerouted",
)


async def import_file(
    database: Database,
    content: bytes,
    *,
    dry_run: bool,
    skip_bad: bool,
    full: bool,
    actor_id: str | None,
    now: datetime,
) -> Outcome:
    """Import employees from the bytes of a CSV file, in one transaction; see `import_rows`.

    Raises: UnreadableFile, ChangedMeanwhile, DatabaseAway.
    """
    rows = await read(content)
    if dry_run:
        async with database.reader() as session:
            return await check_rows(session, rows, skip_bad=skip_bad, full=full)
    async with database.writer() as session:
        return await import_rows(session, rows, skip_bad=skip_bad, full=full, actor_id=actor_id, now=now)


async def read(content: bytes) -> Rows:
    """Return the rows of a CSV file, read in a thread so that others are served meanwhile.

    Raises: UnreadableFile.
    """

    def take() -> Rows:
        return list(spreadsheets.read_csv(content, required=REQUIRED, optional=OPTIONAL).rows)

    return await asyncio.to_thread(take)


async def check_rows(session: ReadSession, rows: Rows, *, skip_bad: bool, full: bool) -> Outcome:
    """Say what an import would do, without a lock and without writing."""
    current = await get_directory(session)
    plan = await asyncio.to_thread(
        directory.plan_import, rows, current.snapshot, full=full, skip_bad=skip_bad
    )
    return _report(plan, dry_run=True, skip_bad=skip_bad)


async def import_rows(
    session: WriteSession, rows: Rows, *, skip_bad: bool, full: bool, actor_id: str | None, now: datetime
) -> Outcome:
    """Import employees in the transaction of the session, alone with the organisation.

    In the same transaction every open idea whose holder is too close to its author now, or gone, finds
    another one. The same file again writes nothing.

    Raises: ChangedMeanwhile.
    """
    await locks.take(session, locks.ORGANISATION)
    current = await get_directory(session)
    plan = await asyncio.to_thread(
        directory.plan_import, rows, current.snapshot, full=full, skip_bad=skip_bad
    )
    outcome = _report(plan, dry_run=False, skip_bad=skip_bad)
    if plan.is_empty:
        return replace(outcome, ideas_rerouted=0)
    try:
        ended = await directory_changes.apply(session, plan, current, actor_id=actor_id, now=now)
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    await session.flush()
    moved = await rerouting.settle_all(session, now=now)
    outcome = replace(outcome, roles_ended=ended, ideas_rerouted=moved)
    event = DirectoryImported(actor_id or INSTALLATION, dict(outcome.count()))
    events.record(session, event, actor_id=actor_id, now=now)
    await session.flush()
    return outcome


def check_accepted(outcome: Outcome) -> None:
    """Let pass an import that bad rows did not stop.

    Raises: BadRows.
    """
    if outcome.accepted:
        return
    raise BadRows(
        errors=tuple(
            FieldProblem(f"/lines/{row.line}/{row.column}".rstrip("/"), row.detail)
            for row in outcome.bad_rows[:MAX_NAMED]
        )
    )


def _report(plan: ImportPlan, *, dry_run: bool, skip_bad: bool) -> Outcome:
    return Outcome(
        dry_run=dry_run,
        accepted=_is_accepted(plan, skip_bad=skip_bad),
        created=len(plan.created),
        updated=len(plan.updated),
        deactivated=len(plan.deactivated),
        reactivated=len(plan.reactivated),
        unchanged=plan.unchanged,
        entities=len(plan.entities),
        functions=len(plan.functions),
        roles_granted=len(plan.granted),
        roles_ended=len(plan.ended),
        managers_changed=len(plan.managers),
        bad_rows=plan.bad,
        warnings=plan.warnings,
    )


def _is_accepted(plan: ImportPlan, *, skip_bad: bool) -> bool:
    """Tell whether the rest is let through; what is wrong with the file as a whole (line 0) stops it."""
    return not plan.bad or (skip_bad and all(row.line for row in plan.bad))


def _write(said: BadRow | Doubt, mark: str) -> str:
    place = f"line {said.line}, {said.column}" if said.line else said.column
    return f"{mark}{place}: {said.detail} ({said.code})"
