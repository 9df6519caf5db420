"""What a run says: a table on the terminal, and the page of `docs/` with its chart."""

import sys
from statistics import median

from bench import chart, introduction
from bench.figures import Figures
from bench.installation import ROOT
from bench.scene import FLOOR
from bench.targets import TARGETS, Target

PAGE = ROOT / "docs" / "bench.md"
PICTURE = ROOT / "docs" / "bench.svg"


def say(line: str) -> None:
    """Tell at once how far the run is."""
    sys.stdout.write(f"bench: {line}\n")
    sys.stdout.flush()


def list_missed(figures: Figures) -> list[str]:
    """Return the keys of the targets that must be met and were measured otherwise."""
    return [
        target.key
        for target in TARGETS
        if (value := figures.middle(target.key)) is not None and not target.meets(value, target.must)
    ]


def write_text(figures: Figures) -> str:
    """Return the tables of a run for the terminal."""
    lines = ["", *_write_targets(figures), "", *_write_rates(figures), ""]
    for subject, told in figures.profiles.items():
        lines += [f"where the time of {subject} goes:", *(f"  {line}" for line in told), ""]
    lines += list(dict.fromkeys(figures.remarks))
    missed = list_missed(figures)
    return "\n".join(
        [*lines, f"make bench: {len(missed)} targets missed" if missed else "make bench: all met"]
    )


def write_page(figures: Figures, *, scale: str, rounds: int, seconds: float) -> None:
    """Write the page and its chart."""
    parts = [introduction.TEXT.format(scale=scale, rounds=rounds, seconds=f"{seconds:g}")]
    parts += ["## The targets\n", *_write_targets(figures), ""]
    parts += ["## The rates\n", *_write_rates(figures), ""]
    parts += [*(f"- {remark}" for remark in dict.fromkeys(figures.remarks)), ""]
    for title, table in figures.tables.items():
        parts += [f"## {title}\n", *table, ""]
    if figures.profiles:
        parts.append("## Why a target is missed\n")
        parts.append("Functions with most time of their own, in one process, without sockets.\n")
    for subject, told in figures.profiles.items():
        parts += [f"### {subject}\n", "```", *told, "```", ""]
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    PICTURE.write_text(chart.draw(figures), encoding="utf-8")


def _write_targets(figures: Figures) -> list[str]:
    lines = ["| | must | aim | measured | rounds | |", "|---|--:|--:|--:|---|---|"]
    for target in TARGETS:
        values = figures.values.get(target.key)
        if values is None and target.key not in figures.not_run:
            continue
        bounds = [f"{'≥' if target.least else '≤'} {bound:g}" for bound in (target.must, target.aim)]
        lines.append(f"| {target.what} | {' | '.join(bounds)} | {_write_values(target, values, figures)} |")
    return lines


def _write_values(target: Target, values: list[float] | None, figures: Figures) -> str:
    if not values:
        return f"– | | not run: {figures.not_run[target.key]}"
    value = median(values)
    spread = f"{min(values):.2f}–{max(values):.2f}" if len(values) > 1 else ""
    verdict = "missed"
    if target.meets(value, target.must):
        verdict = "aim met" if target.meets(value, target.aim) else "met"
    return f"{target.write(value)} | {spread} | {verdict}"


def _write_rates(figures: Figures) -> list[str]:
    lines = [
        "| | | requests/s | p50 ms | p99 ms | app CPU ms | database CPU ms | ÷ floor |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    floors = {(line.subject, line.engine): line.sample.rate for line in figures.lines if line.side == FLOOR}
    for line in figures.lines:
        one = line.sample
        floor = floors.get((line.subject, line.engine))
        share = f"{one.rate / floor:.2f}" if floor and line.side != FLOOR else ""
        lines.append(
            f"| {line.subject}, {line.engine} | {line.side} | {one.rate:,.0f} | {one.p50:.1f} | {one.p99:.1f} "
            f"| {one.app_cpu:.2f} | {one.database_cpu:.2f} | {share} |"
        )
    return lines
