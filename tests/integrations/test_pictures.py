"""Pictures are well-formed whatever people wrote, and show nothing of what is hidden."""

from xml.etree import ElementTree as ET

import pytest

from app.domain import charts
from app.domain.charts import Bar, BarChart, Line, LineChart
from app.integrations import pictures

CAPTION = charts.caption(charts.BY_ENTITY, "until 2026-10-31", "fr")
SVG = "{http://www.w3.org/2000/svg}"
ODD = [
    "<script>alert(1)</script>",
    "R&D \"'>",
    "\x00\x07\ufffe bell",
    "é" * 300,
    "قسم الابتكار",
    "🚀",
    "]]>",
    "&amp;",
    "",
]


def read(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  our own


def list_texts(picture: str) -> list[str]:
    return [each.text or "" for each in read(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ODD)
def test_what_people_write_is_text_and_nothing_else(name: str) -> None:
    caption = charts.Caption(name, name, name, name)
    lines = LineChart(caption, [name, "b"], [Line(name, [0.1, None])])
    for picture in (
        pictures.draw_bars(BarChart(caption, [Bar(name, 0.5, name)])),
        pictures.draw_lines(lines),
        pictures.draw_lines(LineChart(caption, [name], [Line(name, [None])])),
    ):
        tags = {each.tag.removeprefix(SVG) for each in read(picture).iter()}
        assert tags <= {"svg", "title", "desc", "rect", "text", "path", "circle"}
        assert not [
            key
            for each in read(picture).iter()
            for key in each.attrib
            if key.startswith("on") or "href" in key
        ]
        if len(name) < 20 and name.isprintable():
            assert name in list_texts(picture)


def test_a_hidden_bar_is_not_one_of_nought() -> None:
    picture = pictures.draw_bars(BarChart(CAPTION, [Bar("A", None, CAPTION.hidden), Bar("B", 0.0, "0,0 %")]))
    assert [text for text in list_texts(picture) if text == "non communiqué"] == ["non communiqué"]
    bars = list(read(picture).iter(f"{SVG}rect"))[1:]
    assert [bar.get("width") for bar in bars] == ["0.0"], "the one of nought alone has a bar"


def test_a_line_is_interrupted_where_a_value_is_hidden() -> None:
    chart = LineChart(CAPTION, ["1", "2", "3", "4"], [Line("x", [0.1, None, 0.3, 0.2])])
    drawn = read(pictures.draw_lines(chart))
    assert len(list(drawn.iter(f"{SVG}circle"))) == 3
    paths = [each.get("d", "") for each in drawn.iter(f"{SVG}path") if each.get("fill") == "none"]
    assert [(path.count("M"), path.count("L")) for path in paths] == [(2, 1)]
    said = drawn.find(f"{SVG}desc")
    assert said is not None
    assert "2 non communiqué" in (said.text or "")


@pytest.mark.parametrize("number", [0, 1, charts.MOST_BARS])
def test_bars_stay_on_the_slide(number: int) -> None:
    picture = pictures.draw_bars(
        BarChart(CAPTION, [Bar(f"{each}", each, f"{each}") for each in range(number)])
    )
    for bar in read(picture).iter(f"{SVG}rect"):
        place, size = float(bar.get("y") or 0), float(bar.get("height") or 0)
        assert place + size <= pictures.HEIGHT
        assert float(bar.get("width") or 0) <= pictures.WIDTH
    if not number:
        assert CAPTION.empty in list_texts(picture)


@pytest.mark.parametrize(("share", "end"), [(0.0, 0.04), (0.04, 0.04), (0.041, 0.1), (0.81, 1.0), (1.0, 1.0)])
def test_the_scale_ends_above_the_highest(share: float, end: float) -> None:
    texts = list_texts(pictures.draw_lines(LineChart(CAPTION, ["a", "b"], [Line("x", [share, None])])))
    assert f"{end * 100:g}\N{NO-BREAK SPACE}%" in texts
