"""The targets: what must be held, and what is aimed at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its bounds; `least` when more is better. `subject` is what a profile is taken of."""

    key: str
    what: str
    must: float
    aim: float
    least: bool = False
    unit: str = "×"
    subject: str = ""

    def meets(self, value: float, bound: float) -> bool:
        """Tell whether a value holds a bound, as it is printed: to two digits behind the point."""
        shown = round(value, 2)
        return shown >= bound if self.least else shown <= bound

    def write(self, value: float) -> str:
        """Write a value of this figure."""
        number = f"{value:.0f}" if self.unit in {"statements", "pages"} else f"{value:.2f}"
        return f"{number} {self.unit}"


def _share(key: str, what: str, must: float, aim: float, subject: str = "") -> Target:
    return Target(key, what, must, aim, least=True, subject=subject)


def _number(key: str, what: str, most: int, subject: str) -> Target:
    return Target(
        key, f"statements of {what}, whatever the page size", most, most, unit="statements", subject=subject
    )


TARGETS: tuple[Target, ...] = (
    _share(
        "feed.rate",
        "feed page of 20, own votes and `can`, 32 connections: requests/s ÷ floor",
        0.5,
        0.6,
        "feed",
    ),
    Target(
        "feed.cpu", "the same in processor time of application and database ÷ floor", 2.2, 1.7, subject="feed"
    ),
    Target("feed.p99.32", "feed p99 ÷ p50, 32 connections", 6, 4, subject="feed"),
    Target("feed.p99.64", "feed p99 ÷ p50, 64 connections", 6, 4, subject="feed"),
    _share("unchanged", "unchanged page by `ETag` ÷ own feed", 3, 8, "unchanged"),
    _share("idea.rate", "idea and its 50 comments ÷ floor", 0.5, 0.6, "idea"),
    _share("comment.rate", "comment ÷ floor", 0.5, 0.6, "comment"),
    _share("search.rate", "search by `hot` ÷ floor", 0.5, 0.6, "search"),
    _share("vote.rate", "vote (row, counter, event) ÷ floor", 0.4, 0.6, "vote"),
    _share("vote.hot", "64 voters on one idea ÷ own votes spread over ideas", 0.6, 1.0, "vote"),
    _number("statements.feed", "a feed page on PostgreSQL", 2, "feed"),
    _number("statements.idea", "an idea on PostgreSQL", 3, "idea"),
    _number("statements.vote", "a vote on PostgreSQL", 1, "vote"),
    _number("statements.sqlite.feed", "a feed page on SQLite", 2, "feed"),
    _number("statements.sqlite.idea", "an idea on SQLite", 3, "idea"),
    _number("statements.sqlite.vote", "a vote on SQLite, in one transaction", 4, "vote"),
    Target("instructions.feed", "SQLite feed: instructions ÷ hand-written sqlite3", 5, 3, subject="feed"),
    Target("authentication", "telling who asks, processor time", 40, 5, unit="µs"),
    _share("sign-ins", "sign-ins/s ÷ (cores ÷ processor time of a hash)", 0.7, 0.9),
    Target("sign-ins.feed", "feed p99 during a storm of sign-ins ÷ alone", 3, 2),
    Target("memory", "memory of a process after 10,000 requests", 120, 90, unit="MiB"),
    Target("memory.growth", "its growth over 100,000 more", 5, 1, unit="MiB"),
    Target("listeners.memory", "memory of a process with 10,000 idle listeners", 500, 350, unit="MiB"),
    Target(
        "listeners.hundred", "a vote to the hundred of them who look at the idea, p99", 500, 250, unit="ms"
    ),
    Target("listeners.all", "a vote to all 10,000, p99", 2000, 1000, unit="ms"),
    Target("sqlite.listeners.memory", "on SQLite: 10,000 idle listeners", 500, 350, unit="MiB"),
    Target("sqlite.listeners.hundred", "on SQLite: a vote to a hundred of them, p99", 500, 250, unit="ms"),
    Target("sqlite.listeners.all", "on SQLite: a vote to all 10,000, p99", 2000, 1000, unit="ms"),
    Target(
        "growth", "pages touched by a request, ten thousand ideas to the scale of the run, worst", 2.0, 1.7
    ),
    Target("growth.pages", "pages that the largest plan touches", 1000, 1000, unit="pages"),
    Target(
        "nights.all", "two years of Eurêka: days, segments, badges, boards, from nothing", 30, 15, unit="s"
    ),
    Target("nights.next", "the next night, after a day on which two hundred voted", 2, 1, unit="s"),
    Target("dashboards", "the slowest call of a dashboard, p95 ÷ that of a feed page, one at a time", 5, 2),
    Target("dashboards_anew", "the same, with a change before each look", 5, 2),
    _share(
        "exports.csv", "CSV of itineraries over HTTP: rows/s ÷ PostgreSQL's COPY of the same lines", 0.5, 0.7
    ),
    Target("exports.csv.memory", "its memory: server and press, above idle", 48, 40, unit="MiB"),
    Target("exports.csv.growth", "its memory for all rows, above that for few", 5, 1, unit="MiB"),
    Target("exports.csv.feed", "feed p99 during it ÷ alone", 3, 2),
    _share("exports.xlsx", "XLSX of itineraries over HTTP: rows/s ÷ COPY", 0.1, 0.25),
    Target("exports.xlsx.memory", "its memory: server and press, above idle", 48, 40, unit="MiB"),
    Target("exports.xlsx.growth", "its memory for all rows, above that for few", 5, 1, unit="MiB"),
    Target("exports.xlsx.feed", "feed p99 during it ÷ alone", 3, 2),
    Target("start", "start to first answer ÷ importing the same libraries, processor time", 4, 2),
)
"""In the order of the page; growth only where it was asked for."""
