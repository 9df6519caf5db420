"""Charts of figures: each shows what one answer of the API tells its reader, and hides what that hides."""

from collections.abc import Sequence
from datetime import datetime

from app.core.db import ReadSession
from app.domain import charts, translations
from app.domain.actors import Actor
from app.domain.catalogue import CATALOGUE
from app.domain.charts import Bar, BarChart, Line, LineChart
from app.domain.measures import FIGURES
from app.domain.pipeline import Stage
from app.queries import engagement, funnels, profiles
from app.queries.engagement import TOTAL, Cell
from app.queries.statistics import Filters

_NAMES = {each.key: each.name for each in CATALOGUE}


async def draw_funnel(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> BarChart:
    """Return the chart of `GET /stats/funnel`.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    found = await funnels.get_funnel(session, actor, filters, zone=zone, now=now)
    locale = await profiles.read_locale(session, actor)
    french = translations.speaks_french(locale)
    bars = []
    for step in found.steps:
        text = charts.write_number(step.reached, french=french)
        if step.of_submitted is not None and Stage(step.stage) is not Stage.SUBMITTED:
            text += f" ({charts.write_share(step.of_submitted, french=french)})"
        bars.append(Bar(charts.STAGES[Stage(step.stage)].say(locale), step.reached, text))
    note = charts.UNTIL.say(locale).format(day=found.as_of)
    return BarChart(charts.caption(charts.FUNNEL, note, locale), bars)


async def draw_months(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> LineChart:
    """Return the chart of participation by month that the export `engagement` tells of the whole, or of an entity.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter, TooManyMonths.
    """
    found = await engagement.list_engagement(session, actor, filters, zone=zone, now=now)
    locale = await profiles.read_locale(session, actor)
    cells = [cell for cell in found.cells if cell.unit == "people" and cell.month != TOTAL]
    told = {(cell.month, cell.measure): cell for cell in cells if cell.entity == filters.entity}
    months = list(dict.fromkeys(month for month, _ in told))
    lines = [
        Line(_NAMES[name].say(locale), [_get_share(told.get((month, name))) for month in months])
        for name in FIGURES
    ]
    parts = [charts.HEADCOUNT.say(locale), charts.UNTIL.say(locale).format(day=found.as_of)]
    path = next((cell.path for cell in told.values() if cell.path), None)
    note = ", ".join([path, *parts] if path else parts)
    return LineChart(charts.caption(charts.BY_MONTH, note, locale), months, lines)


async def draw_entities(
    session: ReadSession, actor: Actor, filters: Filters, measure: str, *, zone: str, now: datetime
) -> BarChart:
    """Return the chart of one measure by entity: those right below the one that is asked for, or below the whole.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter, TooManyMonths.
    """
    found = await engagement.list_engagement(session, actor, filters, by_month=False, zone=zone, now=now)
    locale = await profiles.read_locale(session, actor)
    french = translations.speaks_french(locale)
    told = [
        cell
        for cell in found.cells
        if cell.month == TOTAL and cell.measure == measure and cell.path is not None
    ]
    below = _list_below(told)
    bars = [
        Bar(
            (cell.path or "").rpartition("/")[2],
            _get_share(cell),
            charts.HIDDEN.say(locale)
            if cell.share is None
            else charts.write_share(cell.share, french=french)
            + f" ({charts.write_number(cell.value or 0, french=french)})",
        )
        for cell in below[: charts.MOST_BARS]
    ]
    days = sorted({str(cell.as_of) for cell in below if cell.shown} or {str(found.as_of)})
    parts = [_NAMES[measure].say(locale), charts.HEADCOUNT.say(locale)]
    parts.append(charts.UNTIL.say(locale).format(day=" / ".join(days)))
    if len(below) > charts.MOST_BARS:
        parts.append(charts.MORE.say(locale).format(number=len(below) - charts.MOST_BARS))
    return BarChart(charts.caption(charts.BY_ENTITY, ", ".join(parts), locale), bars)


def _get_share(cell: Cell | None) -> float | None:
    return cell.share if cell is not None and cell.shown else None


def _list_below(told: Sequence[Cell]) -> list[Cell]:
    """Return the cells right below the uppermost one, or that one alone where there is nothing below."""
    depths = sorted({(cell.path or "").count("/") for cell in told})
    wanted = depths[1] if len(depths) > 1 else depths[0] if depths else 0
    return [cell for cell in told if (cell.path or "").count("/") == wanted]
