"""Growth: the pages that requests touch at ten thousand ideas, and at a hundred times as many."""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench import facts as known
from bench import plans
from bench.dataset import describe_settings
from bench.facts import Facts
from bench.plans import Plan
from bench.visitor import Visitor, visiting

SORTS = ("new", "hot", "top", "discussed", "needs_eyes")
MUST, AIM, MOST_PAGES = 2.0, 1.7, 1_000
_READERS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A request that is measured; `who` names a list of people in the facts."""

    what: str
    path: str
    given: dict[str, str] = field(default_factory=dict)
    who: str = "people"
    method: str = "GET"
    resumed: bool = False


def list_cases(facts: Facts) -> Iterator[Case]:
    """Yield every sort with every filter, first page and second, and what else must not grow."""
    for sort in SORTS:
        for name, given in _list_filters(facts).items():
            who = "writers" if "mine" in given else "people"
            for resumed in (False, True):
                page = ", next page" if resumed else ""
                yield Case(
                    f"feed {sort}, {name}{page}", "/ideas", {"sort": sort, **given}, who, resumed=resumed
                )
    idea = facts.fifty[0]
    yield Case("an idea with 50 comments", f"/ideas/{idea}")
    yield Case("its comments", f"/ideas/{idea}/comments")
    yield Case("its itinerary", f"/ideas/{idea}/itinerary")
    yield Case("the idea with most votes", f"/ideas/{facts.hot[0]}")
    yield Case("a correspondent's queue", "/reviews", {"assignee": "me", "state": "open"}, "correspondents")
    yield Case("a correspondent's feed", "/ideas", {}, "correspondents")
    yield Case("a vote", f"/ideas/{facts.open[0]}/vote", method="PUT")
    yield Case("a vote withdrawn", f"/ideas/{facts.open[0]}/vote", method="DELETE")


def _list_filters(facts: Facts) -> dict[str, dict[str, str]]:
    campaigns = [key for key in facts.campaigns if key != facts.permanent]
    return {
        "all": {},
        "stage common": {"stage": "declined"},
        "stage rare": {"stage": "pilot"},
        "theme": {"theme": next(iter(facts.themes))},
        "function": {"function": next(iter(facts.functions))},
        "campaign permanent": {"campaign": facts.permanent},
        "campaign rare": {"campaign": campaigns[-1]},
        "entity": {"entity": next(key for key in facts.entities if key)},
        "theme and stage": {"theme": list(facts.themes)[-1], "stage": "deployed"},
        "mine": {"mine": "true"},
    }


@dataclass(slots=True)
class Touched:
    """What one case touched, the worst of some readers."""

    pages: int | None = None
    worst: Plan | None = None
    statements: int = 0
    shown: int = 0

    def add(self, plans_seen: list[Plan], shown: int) -> None:
        """Take the plans of one request into account, whose answer had so many items."""
        self.shown = max(self.shown, shown)
        pages = sum(plan.pages for plan in plans_seen)
        if plans_seen and pages >= (self.pages or 0):
            self.pages, self.statements = pages, len(plans_seen)
            self.worst = max(plans_seen, key=lambda plan: plan.pages)


async def measure(url_by_scale: Mapping[str, str]) -> dict[str, Any]:
    """Return the pages touched by each case at each scale, with the verdicts, as plain data.

    `rows` has for each case `what`, `at_10k`, `at_100k`, `at_1m` (pages, None where not measured), `ratio` (of
    1m to 10k), `must`, `aim`, `ok`; `worst` the plans that touch more than they may.
    """
    found = {scale: await _touch_all(url) for scale, url in url_by_scale.items()}
    rows: list[dict[str, Any]] = []
    worst: dict[str, Any] = {}
    for what in next(iter(found.values())):
        pages = {scale: touched[what].pages for scale, touched in found.items()}
        before, after = pages.get("10k"), pages.get("1m")
        shown = {touched[what].shown for touched in found.values()}
        # Half a page against a whole one says nothing of growth.
        ratio = round(after / before, 2) if before and after and len(shown) == 1 else None
        most = max((plan.pages for t in found.values() if (plan := t[what].worst)), default=0)
        ok = (ratio is None or ratio <= MUST) and most <= MOST_PAGES
        rows.append(
            {
                "what": what,
                **{f"at_{scale}": pages.get(scale) for scale in ("10k", "100k", "1m")},
                "statements": max(touched[what].statements for touched in found.values()),
                "most_pages": most,
                "ratio": ratio,
                "must": MUST,
                "aim": AIM,
                "ok": ok,
            }
        )
        if not ok:
            largest = list(found.values())[-1][what].worst
            worst[what] = {"statement": largest.statement, "plan": largest.describe()} if largest else {}
    return {"unit": "pages", "rows": rows, "worst": worst}


async def _touch_all(url: str) -> dict[str, Touched]:
    facts = await known.gather(url)
    found: dict[str, Touched] = {}
    with plans.watching() as seen:
        async with visiting(describe_settings(url)) as visitor:
            for case in list_cases(facts):
                found[case.what] = await _touch(visitor, case, facts, seen)
    return found


async def _touch(visitor: Visitor, case: Case, facts: Facts, seen: list[Plan]) -> Touched:
    touched = Touched()
    people: list[str] = getattr(facts, case.who)
    for person in people[:_READERS]:
        given = dict(case.given)
        if case.resumed:
            cursor = (await visitor.ask(person, case.path, params=given))["next_cursor"]
            if cursor is None:
                continue
            given["cursor"] = cursor
        seen.clear()
        answer = await visitor.ask(person, case.path, method=case.method, params=given)
        await asyncio.sleep(0)  # the last notice comes with the answer, its listener is called a moment later
        touched.add(list(seen), len(answer.get("items", ())))
    return touched


def write_table(result: dict[str, Any]) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| request | 10k | 100k | 1M | ratio | |", "|---|--:|--:|--:|--:|---|"]
    for row in result["rows"]:
        cells = [row[f"at_{scale}"] for scale in ("10k", "100k", "1m")] + [row["ratio"]]
        written = " | ".join("" if cell is None else f"{cell:,}" for cell in cells)
        lines.append(f"| {row['what']} | {written} | {'' if row['ok'] else 'missed'} |")
    return "\n".join(lines)


def main() -> None:
    """Measure from the shell: `SCALE=URL` for each database; writes JSON, or a table with `--table`."""
    given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    result = asyncio.run(measure(given))
    if "--table" in sys.argv:
        print(write_table(result))  # noqa: T201  what a command says
        for what, told in result["worst"].items():
            print(f"\n## {what}\n{told.get('plan', '')}")  # noqa: T201
    else:
        print(json.dumps(result, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
