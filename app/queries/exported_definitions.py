"""What the columns of each export mean, and what holds for all of it: on the first sheet, and at `…/definitions`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from app.core.cells import Column
from app.core.sheets import Kind
from app.domain.exports import FileFormat, What
from app.queries import exported_benefits, exported_ideas, exported_itineraries
from app.queries.exported_tables import ExportedTable, Narrowing
from app.schemas.exports import ColumnMeaning, ExportDefinitions
from app.schemas.statistics import HIDDEN

ENGAGEMENT: tuple[Column, ...] = (
    Column(
        "entity_id", Kind.TEXT, None, "The entity, with everything below it; empty for the whole company."
    ),
    Column("entity", Kind.TEXT, None, "Its path."),
    Column("month", Kind.TEXT, None, "The month (2026-01); `total` is everything up to `as_of`."),
    Column("as_of", Kind.DAY, None, "The day at whose end people and ideas are counted."),
    Column("measure", Kind.TEXT, None, "What is counted; see the measures."),
    Column("unit", Kind.TEXT, None, "`people` or `ideas`."),
    Column("value", Kind.NUMBER, None, "The number; empty where it is hidden."),
    Column("headcount", Kind.NUMBER, None, "The people that a share is of."),
    Column("rate", Kind.NUMBER, None, "The number divided by the headcount, a fraction of 1."),
    Column("shown", Kind.FLAG, None, "Whether the number is told; 0 that is hidden looks like any other."),
)

MEASURES: tuple[tuple[str, str], ...] = (
    ("headcount", "People employed at the end of the day."),
    ("connected", "Of these, who signed in interactively."),
    ("submitted", "Of these, who is an author of a submitted idea."),
    ("commented", "Of these, who wrote a comment that was not deleted."),
    ("voted", "Of these, who has a vote that was not withdrawn and that no campaign hides."),
    ("ideas", "Ideas submitted, whatever became of them."),
    ("with_potential", "Of these, ideas in selected, project, pilot or deployed."),
    ("stage_…", "Of these, ideas that stood in a stage at the end of the day."),
)

_GENERAL = (
    "Times are UTC. Drafts are in no export. Nobody is named who wrote an anonymous idea.",
    "Empty means nothing; 0 and an empty text are values.",
)
_CSV = (
    "CSV is RFC 4180 in UTF-8. A text that a spreadsheet could take for a formula has an apostrophe in front,"
    " and so has one that begins with an apostrophe before such a text: without it, it is the text again."
)
_XLSX = (
    "In XLSX every text is a cell of the type text, so nothing is a formula. A text of more than 32,767"
    " characters is cut and ends with …; CSV has all of it."
)
_PEOPLE = (
    HIDDEN,
    "The floor is 5 people, whoever reads; figures are those of docs/measures.md, and are the same in every format.",
)


def describe(what: What, narrowing: Narrowing, *, zone: str) -> ExportedTable:
    """Return the table of an export of rows about ideas."""
    if what is What.ITINERARIES:
        return exported_itineraries.describe_itineraries(narrowing, zone=zone)
    if what is What.BENEFITS:
        return exported_benefits.describe_benefits(narrowing, zone=zone)
    return exported_ideas.describe_ideas(narrowing, zone=zone)


def write_notes(
    what: What, filters: Mapping[str, str], *, as_of: date | None, now: datetime
) -> list[tuple[str, str]]:
    """Return what the first sheet says of the whole file, as names and texts."""
    narrowed = ", ".join(f"{name} = {value}" for name, value in sorted(filters.items()))
    notes = [
        ("export", what.value),
        ("made at", now.astimezone(UTC).isoformat(timespec="seconds")),
        ("as of", (as_of or now.astimezone(UTC).date()).isoformat()),
        ("filters", narrowed or "none"),
    ]
    return notes + [("note", note) for note in _list_notes(what)]


def show_definitions(what: What) -> ExportDefinitions:
    """Return what an export has, as JSON tells it."""
    columns = ENGAGEMENT if what is What.ENGAGEMENT else _COLUMNS[what]
    shown = [
        ColumnMeaning(name=column.name, kind=column.kind.value, meaning=column.meaning) for column in columns
    ]
    notes = _list_notes(what)
    if what is What.ENGAGEMENT:
        notes += [f"{name}: {meaning}" for name, meaning in MEASURES]
    return ExportDefinitions(
        what=what.value, formats=[each.value for each in FileFormat], notes=notes, columns=shown
    )


_COLUMNS: Mapping[What, Sequence[Column]] = {
    What.IDEAS: exported_ideas.COLUMNS,
    What.ITINERARIES: exported_itineraries.COLUMNS,
    What.BENEFITS: exported_benefits.COLUMNS,
}


def _list_notes(what: What) -> list[str]:
    people = _PEOPLE if what is What.ENGAGEMENT else ()
    return [*people, *_GENERAL, _CSV, _XLSX]
