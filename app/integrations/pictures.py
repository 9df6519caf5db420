"""Pictures: charts as SVG for a slide, with no script, style sheet or outside reference; each value stands in words.

Colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any colour vision tell apart; lines
differ by their dashes as well.
"""

from collections.abc import Iterator, Sequence
from html import escape

from app.domain.charts import Bar, BarChart, Caption, Line, LineChart

WIDTH, HEIGHT = 960, 540
"""Of a slide of 16 to 9, whatever is on it."""

POLICY = "default-src 'none'; frame-ancestors 'none'"
_INK, _QUIET, _RULE = "#1a1a2e", "#555555", "#d9d9e0"
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_DASHES = ("", "10 4", "3 4", "14 4 3 4")
_LEFT, _TOP, _RIGHT = 260, 110, 190
_ROW, _LARGEST = 64, 17
"""The most that a bar takes with its distance to the next one, and the largest letters beside it."""

_LONGEST = 24
"""Characters of a label; what is longer ends with an ellipsis, and is whole in the description."""

_STEPS = 4
_MOST_LABELS = 8


def draw_bars(chart: BarChart) -> str:
    """Return the picture of a bar chart; a hidden bar has words and no length."""
    words = chart.caption
    said = "; ".join(f"{bar.label}: {bar.text}" for bar in chart.bars) or words.empty
    longest = max((bar.value for bar in chart.bars if bar.value is not None), default=0) or 1
    row = min(_ROW, (HEIGHT - _TOP - 40) / max(1, len(chart.bars)))
    body = [_draw_bar(bar, _TOP + number * row, row, longest, words) for number, bar in enumerate(chart.bars)]
    return _frame(words, said, body or [_write_instead(words.empty)])


def draw_lines(chart: LineChart) -> str:
    """Return the picture of a line chart; a line is interrupted where a value is hidden."""
    words = chart.caption
    told = [
        f"{line.name}: "
        + ", ".join(
            f"{label} {words.hidden if value is None else _percent(value)}"
            for label, value in zip(chart.labels, line.values, strict=True)
        )
        for line in chart.lines
    ]
    most = max((value for line in chart.lines for value in line.values if value is not None), default=None)
    if most is None:
        body = [_write_instead(words.hidden if chart.labels else words.empty)]
        return _frame(words, "; ".join(told) or words.empty, body)
    end = _round_up(most)
    return _frame(words, "; ".join(told), [*_draw_scale(chart.labels, end), *_draw_all(chart.lines, end)])


def _write_instead(text: str) -> str:
    return _write(WIDTH / 2, HEIGHT / 2, text, anchor="middle")


def _frame(words: Caption, said: str, body: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="title said" font-family="system-ui, sans-serif">'
    )
    lines = [
        head,
        f'<title id="title">{_escape(words.title)}</title>',
        f'<desc id="said">{_escape(f"{words.note}. {said}")}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _write(40, 52, words.title, size=30, weight=600),
        _write(40, 82, _shorten(words.note, 100), colour=_QUIET, size=17),
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _draw_bar(bar: Bar, top: float, row: float, longest: float, words: Caption) -> str:
    thick, size = row * 0.58, min(_LARGEST, round(row * 0.6))
    middle = top + thick / 2 + size * 0.36
    drawn = _write(_LEFT - 14, middle, _shorten(bar.label, _LONGEST), anchor="end", size=size)
    if bar.value is None:
        return drawn + _write(_LEFT + 10, middle, words.hidden, colour=_QUIET, slant=True, size=size)
    length = (WIDTH - _LEFT - _RIGHT) * bar.value / longest
    drawn += (
        f'<rect x="{_LEFT}" y="{top:.1f}" width="{length:.1f}" height="{thick:.1f}" fill="{_COLOURS[0]}"/>'
    )
    return drawn + _write(_LEFT + length + 10, middle, bar.text, size=size)


def _draw_scale(labels: Sequence[str], most: float) -> Iterator[str]:
    for step in range(_STEPS + 1):
        height = _find_height(most * step / _STEPS, most)
        yield f'<path d="M90 {height:.1f}H{WIDTH - _RIGHT - 60}" stroke="{_RULE}"/>'
        yield _write(80, height + 5, _percent(most * step / _STEPS), anchor="end", colour=_QUIET, size=15)
    every = -(-len(labels) // _MOST_LABELS)
    for number, label in enumerate(labels):
        if number % every == 0:
            place = _find_place(number, len(labels))
            yield _write(place, HEIGHT - 40, label, anchor="middle", colour=_QUIET, size=13)


def _draw_all(lines: Sequence[Line], most: float) -> Iterator[str]:
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        yield from _draw_line(line, most, colour, _DASHES[number % len(_DASHES)])
        top = _TOP + 20 + number * 46
        left = WIDTH - _RIGHT - 40
        yield f'<path d="M{left} {top}h34" stroke="{colour}" stroke-width="4" {_dash(number)}/>'
        yield _write(left, top + 22, _shorten(line.name, 26), size=15)


def _draw_line(line: Line, most: float, colour: str, dash: str) -> Iterator[str]:
    path, before = "", False
    for number, value in enumerate(line.values):
        if value is not None:
            place, height = _find_place(number, len(line.values)), _find_height(value, most)
            path += f"{'L' if before else 'M'}{place:.1f} {height:.1f}"
            yield f'<circle cx="{place:.1f}" cy="{height:.1f}" r="4" fill="{colour}"/>'
        before = value is not None
    dashes = f'stroke-dasharray="{dash}"' if dash else ""
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="3" {dashes}/>'


def _dash(number: int) -> str:
    dash = _DASHES[number % len(_DASHES)]
    return f'stroke-dasharray="{dash}"' if dash else ""


def _find_place(number: int, count: int) -> float:
    wide = WIDTH - _RIGHT - 60 - 90 - 60
    return 120 + wide * (number / (count - 1) if count > 1 else 0.5)


def _find_height(value: float, most: float) -> float:
    return HEIGHT - 70 - (HEIGHT - 70 - _TOP - 10) * value / most


def _round_up(most: float) -> float:
    """Return the upper end of the scale: the next of some shares that a fourth of is easily read."""
    return next((end for end in (0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if most <= end), 1.0)


def _percent(value: float) -> str:
    return f"{value * 100:.1f}".removesuffix(".0") + "\N{NO-BREAK SPACE}%"


def _write(
    left: float,
    top: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = _INK,
    size: int = 18,
    weight: int = 400,
    slant: bool = False,
) -> str:
    style = ' font-style="italic"' if slant else ""
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}"{style}>{_escape(text)}</text>'
    )


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _escape(text: str) -> str:
    """Return a text as XML takes it: characters that no XML document may hold are left out (XML 1.0, 2.2)."""
    kept = (sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
    return escape("".join(kept))
