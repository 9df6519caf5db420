"""Tables that are exported: what their rows are narrowed to, and what statement the press is given for them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, func, or_, select
from sqlmodel import col

from app.core import cells, clock
from app.core.cells import Column
from app.core.prepared import Prepared
from app.domain import measures
from app.integrations.press.orders import Statement
from app.models.ideas import Idea, Tally

VISIBLE = and_(col(Idea.stage) != "draft", col(Idea.submitted_at).is_not(None))
"""Which ideas leave the application: those that everybody may know of, as in the feed."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What rows about ideas are narrowed to, named as in the feed; None means not narrowed.

    `since` and `to` are the first and the last day (company's time zone) on which ideas were submitted.
    """

    stage: str | None = None
    theme: str | None = None
    function: str | None = None
    campaign: str | None = None
    entity: str | None = None
    since: date | None = None
    to: date | None = None

    def list_given(self) -> dict[str, str]:
        """Return what is given, as text by the name of the query field."""
        names = {"since": "from"}
        return {
            names.get(each.name, each.name): str(getattr(self, each.name))
            for each in fields(self)
            if getattr(self, each.name) is not None
        }


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table as the press is asked for it: its columns, its rows in order, and a count beside them."""

    columns: Sequence[Column]
    select: Callable[[str], Select[Any]]
    count: Select[str, int] | None = None


_COLUMNS = {
    "stage": col(Idea.stage),
    "theme": col(Idea.theme_id),
    "function": col(Idea.function_id),
    "campaign": col(Idea.campaign_id),
    "entity": col(Idea.origin_id),
}


def narrow(narrowing: Narrowing, *, zone: str) -> ColumnElement[bool]:
    """Return the condition on ideas; where an anonymous idea comes from is nobody's business."""
    conditions: list[ColumnElement[bool]] = [VISIBLE]
    given = asdict(narrowing)
    conditions += [column == given[name] for name, column in _COLUMNS.items() if given[name] is not None]
    if narrowing.entity is not None:
        conditions.append(col(Idea.anonymous).is_(False))
    if narrowing.since is not None:
        conditions.append(col(Idea.submitted_at) >= measures.start_day(narrowing.since, zone))
    if narrowing.to is not None:
        after = measures.start_day(clock.next_day(narrowing.to), zone)
        conditions.append(col(Idea.submitted_at) < after)
    return and_(*conditions)


def is_one_of(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column is one of some values; a list would be written only when it is executed."""
    return or_(*(column == value for value in sorted(values)))


def count_stages(meant: ColumnElement[bool]) -> Select[str, int]:
    """Return the statement of the number of ideas by stage."""
    return (
        select(col(Idea.stage), func.count())
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(meant)
        .group_by(col(Idea.stage))
    )


def write_statement(
    table: ExportedTable, engine: str, file_format: str, styles: Mapping[str, str]
) -> Statement:
    """Return the statement of the lines of a file; `styles` are those of a workbook."""
    rows = table.select(engine)
    if file_format == "xlsx":
        return compile_for_press(cells.write_sheet_rows(rows, table.columns, dict(styles), engine), engine)
    guarded = file_format == "csv"
    return compile_for_press(cells.write_lines(rows, table.columns, engine, guarded=guarded), engine)


def compile_for_press(statement: Executable, engine: str) -> Statement:
    """Return a statement with its values as the press takes it."""
    compiled = Prepared(lambda _: statement).compile(engine)
    given = [{"time": value.isoformat()} if isinstance(value, date) else value for value in compiled.bind({})]
    return Statement(compiled.text, given)
