"""What the press is told for an export: its rows or the statement of them, its definitions, its charts."""

from collections.abc import Mapping
from datetime import date, datetime

from app.core import snapshots
from app.core.config import Settings
from app.core.db import Database, ReadSession
from app.core.sheets import Kind
from app.domain.actors import Actor
from app.domain.exports import What
from app.domain.measures import FIGURES
from app.integrations.press.orders import Chart, Order, Table
from app.queries import engagement, exported_definitions, exported_tables
from app.queries.engagement import TOTAL, Cell, Engagement
from app.queries.exported_tables import Narrowing
from app.queries.statistics import Filters

STYLES = {Kind.TIME.value: ' s="3"', Kind.DAY.value: ' s="4"'}
"""The attributes of cells with a time and a day; the binding of workbooks makes sure that they are these."""

_LIFE = ("selected", "project", "pilot", "deployed")


def read_filters(given: Mapping[str, str]) -> Filters:
    """Return the filters of figures as they were written down."""
    days = {name: date.fromisoformat(given[name]) for name in ("as_of", "from", "to") if name in given}
    return Filters(
        days.get("as_of"), given.get("entity"), given.get("campaign"), days.get("from"), days.get("to")
    )


def read_narrowing(given: Mapping[str, str]) -> Narrowing:
    """Return what rows about ideas are narrowed to, as it was written down."""
    days = {name: date.fromisoformat(given[name]) for name in ("from", "to") if name in given}
    ids = {name: given.get(name) for name in ("stage", "theme", "function", "campaign", "entity")}
    return Narrowing(**ids, since=days.get("from"), to=days.get("to"))


async def write_order(
    database: Database,
    actor: Actor,
    *,
    what: What,
    file_format: str,
    filters: Mapping[str, str],
    now: datetime,
) -> Order:
    """Return the order of a file.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter, TooManyMonths.
    """
    if what is What.ENGAGEMENT:

        async def read(session: ReadSession) -> Engagement:
            asked = read_filters(filters)
            return await engagement.list_engagement(session, actor, asked, zone=session.zone, now=now)

        found = await snapshots.read_aside(database, read)
        return _order_engagement(found, file_format, filters, now=now)
    return _order_rows(database, what, file_format, filters, now=now)


def _order_engagement(
    found: Engagement, file_format: str, filters: Mapping[str, str], *, now: datetime
) -> Order:
    columns = exported_definitions.ENGAGEMENT
    return Order(
        file_format,
        [(column.name, column.kind.value) for column in columns],
        rows=[_lay_out(cell) for cell in found.cells],
        notes=exported_definitions.write_notes(What.ENGAGEMENT, filters, as_of=found.as_of, now=now),
        meanings=[*exported_definitions.MEASURES, *((column.name, column.meaning) for column in columns)],
        tables=_draw(found),
    )


def _order_rows(
    database: Database, what: What, file_format: str, filters: Mapping[str, str], *, now: datetime
) -> Order:
    table = exported_definitions.describe(what, read_narrowing(filters), zone=database.zone)
    settings = database.settings
    tables = [_draw_stages()] if file_format == "xlsx" and table.count is not None else []
    return Order(
        file_format,
        [(column.name, column.kind.value) for column in table.columns],
        database=locate(settings),
        statement=exported_tables.write_statement(table, database.engine, file_format, STYLES),
        count=exported_tables.compile_for_press(table.count, database.engine)
        if tables and table.count is not None
        else None,
        notes=exported_definitions.write_notes(what, filters, as_of=None, now=now),
        meanings=[(column.name, column.meaning) for column in table.columns],
        tables=tables,
    )


def locate(settings: Settings) -> str:
    """Return where the press finds the database: the path of a file, or an address."""
    return str(settings.sqlite_path.absolute()) if settings.on_sqlite else settings.database_url


def _lay_out(cell: Cell) -> list[str | int | float | bool | None]:
    return [
        cell.entity,
        cell.path or "(whole company)",
        cell.month,
        cell.as_of.isoformat(),
        cell.measure,
        cell.unit,
        cell.value,
        cell.headcount,
        cell.share,
        cell.shown,
    ]


def _draw(found: Engagement) -> list[Table]:
    """Return the tables of the charts: of the first place in the file, which is the whole unless one was asked for."""
    first = next((cell.entity for cell in found.cells if cell.unit == "people"), None)
    told = {(cell.month, cell.measure): cell for cell in found.cells if cell.entity == first}
    months = list(dict.fromkeys(month for month, _ in told if month != TOTAL))
    ideas = {cell.measure: cell.value for cell in found.cells if cell.month == TOTAL and cell.unit == "ideas"}
    life = [["ideas", ideas.get("ideas")], *([stage, ideas.get(f"stage_{stage}")] for stage in _LIFE)]
    rates = [
        [month, *(told[month, name].share if (month, name) in told else None for name in FIGURES)]
        for month in months
    ]
    return [
        Table(
            "Ideas by where they stand",
            ["stage", "ideas"],
            life,
            [Chart("bar", "From idea to deployment", [1])],
        ),
        Table(
            "Participation by month, of the headcount",
            ["month", *FIGURES],
            rates,
            [Chart("line", "Participation by month", [1, 2, 3, 4], percent=True)],
        ),
    ]


def _draw_stages() -> Table:
    return Table("Ideas by stage", ["stage", "ideas"], [], [Chart("bar", "Ideas by stage", [1])])
