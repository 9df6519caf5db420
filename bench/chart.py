"""The chart of the page: each rate as a share of the floor's, with its bounds; readable on light and on dark."""

from html import escape

from bench.figures import Figures
from bench.targets import TARGETS, Target

_WIDTH, _LEFT, _SCALE = 860, 300, 480
_TOP, _ROW, _BAR = 74, 34, 18
_KEYS = {
    "feed.rate": "feed, page of 20",
    "idea.rate": "idea, then its 50 comments",
    "search.rate": "search by hot",
    "comment.rate": "comment",
    "vote.rate": "vote",
    "sqlite.feed.rate": "feed on SQLite",
    "sqlite.idea.rate": "idea on SQLite",
    "sqlite.vote.rate": "vote on SQLite",
}
_STYLE = """
    svg { --paper: #ffffff; --edge: #d0d7de; --ink: #1f2328; --soft: #57606a; --bar: #0a5cc2; --short: #b3261e; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #0d1117; --edge: #3d444d; --ink: #e6edf3; --soft: #9ea7b3; --bar: #79b8ff; --short: #ff9b93; }
    }
    text { font: 14px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
    .title { font-size: 16px; font-weight: 600; }
    .soft { font-size: 12px; fill: var(--soft); }
    .paper { fill: var(--paper); stroke: var(--edge); }
    .rule { stroke: var(--edge); }
    .bar { fill: var(--bar); } .short { fill: var(--short); }
    .must { stroke: var(--ink); stroke-width: 2; }
    .aim { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 3 3; }
"""


def draw(figures: Figures) -> str:
    """Return the chart as SVG: a bar for each rate that was measured, as long as its share of the floor."""
    targets = {target.key: target for target in TARGETS}
    measured = [
        (key, name, value) for key, name in _KEYS.items() if (value := figures.middle(key)) is not None
    ]
    height = _TOP + _ROW * len(measured) + 24
    told = "; ".join(f"{name} {value:.2f}" for _, name, value in measured)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"',
        '  aria-labelledby="title description">',
        '  <title id="title">Requests per second as a share of the floor</title>',
        f'  <desc id="description">{escape(told)}</desc>',
        f"  <style>{_STYLE}  </style>",
        f'  <rect class="paper" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        '  <text class="title" x="20" y="30">Requests per second, as a share of the hand-written floor</text>',
        '  <text class="soft" x="20" y="50">line: must; dashed: aim; the right edge is the floor itself</text>',
        *_draw_rules(height),
    ]
    for number, (key, name, value) in enumerate(measured):
        lines += _draw_row(_TOP + number * _ROW, name, value, targets.get(key))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _draw_rules(height: int) -> list[str]:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _LEFT + share * _SCALE
        lines.append(
            f'  <line class="rule" x1="{x:g}" y1="{_TOP - 8}" x2="{x:g}" y2="{height - 24}"/>\n'
            f'  <text class="soft" x="{x:g}" y="{height - 9}" text-anchor="middle">{share:g}</text>'
        )
    return lines


def _draw_row(top: int, name: str, value: float, target: Target | None) -> list[str]:
    length = min(value, 1.08) * _SCALE
    kind = "short" if target is not None and not target.meets(value, target.must) else "bar"
    middle = top + _BAR - 4
    lines = [
        f'  <text x="{_LEFT - 12}" y="{middle}" text-anchor="end">{escape(name)}</text>',
        f'  <rect class="{kind}" x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" rx="2"/>',
    ]
    ticks = [] if target is None else [("must", target.must), ("aim", target.aim)]
    for kind, bound in ticks:
        x = _LEFT + bound * _SCALE
        lines.append(f'  <line class="{kind}" x1="{x:g}" y1="{top - 4}" x2="{x:g}" y2="{top + _BAR + 4}"/>')
    beside = max(length, *(bound * _SCALE for _, bound in ticks), 0) if ticks else length
    lines.append(f'  <text x="{_LEFT + beside + 8:.1f}" y="{middle}">{value:.2f}</text>')
    return lines
