"""Charts show what the answers tell, and hide what they hide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.core.db import Database
from app.domain import charts as words
from app.domain.charts import BarChart, LineChart
from app.domain.measures import FIGURES
from app.queries import charts, engagement, funnels
from app.queries.engagement import TOTAL
from app.queries.statistics import Filters
from app.services import releases
from tests.queries.test_statistics import NOW, make
from tests.support.client import Client
from tests.support.figures import ZONE, Past
from tests.support.world import Cast

Ask = Callable[..., Any]


@pytest.fixture
def ask(database: Database, cast: Cast) -> Ask:
    async def read(what: Any, filters: Filters, *more: str, **options: Any) -> Any:
        async with database.reader() as session:
            hana = await cast.actor(session, "Hana")  # type: ignore[arg-type]
            return await what(session, hana, filters, *more, zone=ZONE, now=NOW, **options)

    return read


@pytest.fixture
async def past(database: Database, cast: Cast) -> Past:
    """A company whose figures were released, many of them hidden."""
    past = await make(database, cast, 7)
    await releases.keep_due(database, now=NOW)
    return past


async def test_the_funnel_has_the_numbers_of_its_answer(past: Past, ask: Ask) -> None:
    for filters in (Filters(), Filters(as_of=date(2026, 5, 3)), Filters(theme=past.ideas[0].theme_id)):
        chart: BarChart = await ask(charts.draw_funnel, filters)
        steps = (await ask(funnels.get_funnel, filters)).steps
        assert [bar.value for bar in chart.bars] == [step.reached for step in steps]
        assert len({bar.label for bar in chart.bars}) == len(steps)


@pytest.mark.parametrize("measure", FIGURES)
async def test_bars_of_entities_are_those_that_were_released(past: Past, ask: Ask, measure: str) -> None:
    hidden = 0
    for filters in (Filters(), Filters(entity=past.entities[1].id), Filters(as_of=date(2026, 6, 30))):
        chart: BarChart = await ask(charts.draw_entities, filters, measure)
        cells = (await ask(engagement.list_engagement, filters)).cells
        told = {
            (cell.path or "").rpartition("/")[2]: cell
            for cell in cells
            if cell.month == TOTAL and cell.measure == measure
        }
        for bar in chart.bars:
            cell = told[bar.label]
            assert bar.value == (cell.share if cell.shown else None)
            if not cell.shown:
                hidden += 1
                assert bar.text == chart.caption.hidden
    assert hidden, "this company has hidden figures"


async def test_lines_of_months_are_those_of_the_export(past: Past, ask: Ask) -> None:
    for filters in (Filters(), Filters(entity=past.entities[0].id), Filters(since=date(2026, 4, 1))):
        chart: LineChart = await ask(charts.draw_months, filters)
        cells = (await ask(engagement.list_engagement, filters)).cells
        told = {(cell.month, cell.measure): cell for cell in cells if cell.entity == filters.entity}
        assert chart.labels == sorted({month for month, _ in told if month != TOTAL})
        for name, line in zip(FIGURES, chart.lines, strict=True):
            assert line.values == [told[month, name].share for month in chart.labels]


async def test_more_entities_than_fit_are_counted(
    past: Past, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await ask(charts.draw_entities, Filters(), "connected")
    assert len(whole.bars) > 1
    monkeypatch.setattr(words, "MOST_BARS", 1)
    short = await ask(charts.draw_entities, Filters(), "connected")
    assert short.bars == whole.bars[:1]
    assert short.caption == replace(whole.caption, note=short.caption.note)
    assert str(len(whole.bars) - 1) in short.caption.note.removeprefix(whole.caption.note)


async def test_pictures_are_told_as_files_that_browsers_may_keep(
    past: Past, speak: Callable[[str], Client]
) -> None:
    for name in ("funnel", "months", "entities"):
        answer = await speak("Hana").request("GET", f"/charts/{name}.svg")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml"), answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        again = await speak("Hana").request(
            "GET", f"/charts/{name}.svg", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
    await speak("Ian").refused("GET", "/charts/months.svg", 403, "permissions.role-missing")
    await speak("Alice").refused("GET", "/charts/funnel.svg", 403, "permissions.role-missing")
    await speak("Hana").refused("GET", "/charts/entities.svg?measure=age", 422, "requests.invalid")
