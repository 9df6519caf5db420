"""Search and similar ideas at the largest scale, beside the feed, in the same minute and the same process."""

import asyncio
import json
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bench import facts as known
from bench import plans
from bench.dataset import describe_settings
from bench.facts import Facts
from bench.visitor import Visitor, visiting

MUST, AIM = 10.0, 4.0
SIMILAR_MUST, SIMILAR_AIM = 100.0, 30.0
_ROUNDS = 40
_SORTS = ("hot", "new")


def list_searches(facts: Facts) -> dict[str, list[str]]:
    """Return the words that are searched, by their kind; each of several kinds costs in its own way."""
    common, medium, rare = facts.common, facts.medium, facts.rare
    return {
        "a common word": common,
        "a word of one idea in a hundred": medium,
        "a word of one idea in five hundred": facts.scarce,
        "a rare word": rare,
        "two common words": [f"{one} {other}" for one, other in pairwise(common)],
        "a common and a medium word": [f"{one} {other}" for one, other in zip(common, medium, strict=False)],
        "two medium words": [f"{one} {other}" for one, other in pairwise(medium)],
        "a common and a rare word": [f"{one} {other}" for one, other in zip(common, rare, strict=False)],
        "the first letters of a word": [word[:3] for word in medium],
        "a misspelled word": [word[:-2] + word[-1] + word[-2] for word in medium],
    }


async def measure(url_by_scale: Mapping[str, str]) -> dict[str, Any]:
    """Return how long searches take beside the feed at the largest scale given, as plain data.

    `rows` has for each kind of search `what`, `p50` and `p95` (milliseconds of the answer, nobody else asking),
    `pages` (touched by the worst one), `ratio` (p95 to that of the feed in the same order), `must`, `aim`, `ok`;
    for similar ideas `must` and `aim` are milliseconds.
    """
    scale, url = list(url_by_scale.items())[-1]
    facts = await known.gather(url)
    rows = []
    with plans.watching() as seen:
        async with visiting(describe_settings(url)) as visitor:
            pages = await _count_pages(visitor, facts, seen)
    async with visiting(describe_settings(url)) as visitor:
        for sort in _SORTS:
            times = await _time_searches(visitor, facts, sort)
            feed = _quantile(times.pop("feed"), 0.95)
            rows.append({"what": f"{sort}: the feed itself", "p95": feed, "ok": True})
            for what, taken in times.items():
                rows.append(_judge(f"{sort}: {what}", taken, feed, pages[f"{sort}: {what}"]))
        rows.append(await _time_similar(visitor, facts, pages["similar"]))
    return {"scale": scale, "unit": "ms", "rows": rows}


def _judge(what: str, taken: list[float], feed: float, pages: int) -> dict[str, Any]:
    p95 = _quantile(taken, 0.95)
    ratio = round(p95 / feed, 2)
    told = {"what": what, "p50": _quantile(taken, 0.5), "p95": p95, "pages": pages}
    return {**told, "ratio": ratio, "must": MUST, "aim": AIM, "ok": ratio <= MUST}


async def _time_searches(visitor: Visitor, facts: Facts, sort: str) -> dict[str, list[float]]:
    """Time every kind in turn, round after round, so that a noisy moment strikes all of them."""
    searches = list_searches(facts)
    times: dict[str, list[float]] = {what: [] for what in ("feed", *searches)}
    for turn in range(_ROUNDS):
        person = facts.people[turn % len(facts.people)]
        times["feed"].append(await visitor.time(person, "/ideas", params={"sort": sort}))
        for what, words in searches.items():
            given = {"sort": sort, "q": words[turn % len(words)]}
            times[what].append(await visitor.time(person, "/ideas", params=given))
    return times


async def _time_similar(visitor: Visitor, facts: Facts, pages: int) -> dict[str, Any]:
    times = [
        await visitor.time(facts.people[turn], "/ideas/similar", params={"text": facts.texts[turn]})
        for turn in range(_ROUNDS)
    ]
    p95 = _quantile(times, 0.95)
    told = {"what": "similar ideas", "p50": _quantile(times, 0.5), "p95": p95, "pages": pages}
    return {**told, "must": SIMILAR_MUST, "aim": SIMILAR_AIM, "ok": p95 <= SIMILAR_MUST}


async def _count_pages(visitor: Visitor, facts: Facts, seen: list[plans.Plan]) -> dict[str, int]:
    """Return the pages that the worst request of each kind touches."""
    person = facts.people[0]
    found: dict[str, int] = {}

    async def count(what: str, path: str, given: dict[str, str]) -> None:
        seen.clear()
        await visitor.ask(person, path, params=given)
        await asyncio.sleep(0)
        found[what] = max(found.get(what, 0), sum(plan.pages for plan in seen))

    for sort in _SORTS:
        for what, words in list_searches(facts).items():
            for word in words[::4]:
                await count(f"{sort}: {what}", "/ideas", {"sort": sort, "q": word})
    for text in facts.texts[:10]:
        await count("similar", "/ideas/similar", {"text": text})
    return found


def _quantile(times: list[float], share: float) -> float:
    return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 2)


def write_table(result: dict[str, Any]) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| request | p50 ms | p95 ms | pages | ÷ feed | |", "|---|--:|--:|--:|--:|---|"]
    for row in result["rows"]:
        cells = [row.get(name) for name in ("p50", "p95", "pages", "ratio")]
        written = " | ".join("" if cell is None else f"{cell:,}" for cell in cells)
        lines.append(f"| {row['what']} | {written} | {'' if row['ok'] else 'missed'} |")
    return "\n".join(lines)


def main() -> None:
    """Measure from the shell: `SCALE=URL`; writes JSON, or a table with `--table`."""
    given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    result = asyncio.run(measure(given))
    print(write_table(result) if "--table" in sys.argv else json.dumps(result, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
