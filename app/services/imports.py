"""Importing ideas and comments from elsewhere: all or nothing, once, as they were written there."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core.db import Database, ReadSession
from app.domain import imports
from app.domain.import_columns import list_names, list_verbatim, read_header
from app.domain.import_records import BadRow, File, ImportPlan, Outcome, Rows
from app.domain.import_rows import RowReader
from app.domain.register import Entry
from app.integrations import spreadsheets
from app.integrations.encodings import UnreadableFile
from app.queries.imports import get_snapshot
from app.services import import_plans, register


async def import_files(
    database: Database,
    ideas: bytes,
    comments: bytes | None,
    *,
    source: str,
    dry_run: bool,
    now: datetime,
) -> Outcome:
    """Import a CSV file of ideas and one of the comments under them, in one transaction.

    `source` names where they come from: with the id of elsewhere it makes sure that nothing comes in twice.
    Bad rows, of either file, keep everything from being written; so does a dry run, which reports the same.

    Raises: ImportedMeanwhile, DatabaseAway.
    """
    bad_source = imports.find_bad_source(source)
    if bad_source is not None:
        return _report(ImportPlan(bad=(bad_source,)), source, dry_run=dry_run)
    # Only write sessions know the company's zone, and a dry run must not open one beside a live server.
    zone = database.zone
    rows = _read(ideas, comments, zone=zone, now=now)
    if dry_run:
        async with database.reader() as session:
            plan = await _plan(session, rows, source)
        return _report(plan, source, dry_run=True)
    try:
        async with database.writer() as session:
            plan = await _plan(session, rows, source)
            if not plan.bad:
                await import_plans.apply(session, plan, source=source, now=now)
                if _brings_something(plan):
                    register.enter(session, Entry("imports.made", facts=_count(plan, source)), now=now)
    except IntegrityError as error:
        raise imports.ImportedMeanwhile from error
    return _report(plan, source, dry_run=False)


def _read(ideas: bytes, comments: bytes | None, *, zone: str, now: datetime) -> Rows:
    """Read the files row by row; one that can't be read as a whole leaves no rows of either."""
    parts = [_read_file(File.IDEAS, ideas, zone=zone, now=now)]
    if comments is not None:
        parts.append(_read_file(File.COMMENTS, comments, zone=zone, now=now))
    bad = tuple(row for part in parts for row in part.bad)
    notes = tuple(note for part in parts for note in part.notes)
    if any(part.bad and not (part.ideas or part.comments) for part in parts):
        return Rows(bad=bad, notes=notes)
    return Rows(parts[0].ideas, parts[-1].comments, bad, notes)


def _read_file(file: File, content: bytes, *, zone: str, now: datetime) -> Rows:
    try:
        table = spreadsheets.read_csv(
            content, required=(), optional=list_names(file), verbatim=list_verbatim(file), keep_unknown=True
        )
        header = read_header(file, table.columns)
        if header.bad:
            return Rows(bad=header.bad, notes=header.notes)
        reader = RowReader(header, zone, now)
        if file is File.IDEAS:
            ideas = tuple(reader.read_ideas(table.rows))
            return Rows(ideas=ideas, bad=tuple(reader.bad), notes=header.notes)
        comments = tuple(reader.read_comments(table.rows))
        return Rows(comments=comments, bad=tuple(reader.bad), notes=header.notes)
    except UnreadableFile as error:
        column = "" if error.column is None else str(error.column)
        return Rows(bad=(BadRow(file, error.line, column, error.code, error.detail),))


async def _plan(session: ReadSession, rows: Rows, source: str) -> ImportPlan:
    return imports.plan_import(rows, await get_snapshot(session, rows, source=source), source=source)


def _brings_something(plan: ImportPlan) -> bool:
    return bool(plan.ideas or plan.comments)


def _count(plan: ImportPlan, source: str) -> dict[str, str | int]:
    numbers = {
        "ideas": len(plan.ideas),
        "comments": len(plan.comments),
        "placeholders": len(plan.placeholders),
    }
    return {"source": source, **numbers}


def _report(plan: ImportPlan, source: str, *, dry_run: bool) -> Outcome:
    return Outcome(
        source=source,
        dry_run=dry_run,
        written=not dry_run and not plan.bad and _brings_something(plan),
        ideas=plan.idea_counts,
        comments=plan.comment_counts,
        matched=plan.matched,
        placeholders=len(plan.placeholders),
        bad=plan.bad,
        notes=plan.notes,
    )
