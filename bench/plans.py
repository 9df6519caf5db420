"""What PostgreSQL really did for a request: the plans of the statements as they ran, told by the server itself."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench import pools

# The server explains each statement while it runs it, with the values and the plan that were really used, and
# tells the client in a notice. Clocks inside the plan would only slow it down.
_EXPLAIN = """
LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on; SET auto_explain.log_timing = off; SET auto_explain.log_format = json;
SET auto_explain.log_level = notice; SET client_min_messages = notice
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement as it ran: its text, and the pages it touched (found in memory or read)."""

    statement: str
    pages: int
    tree: dict[str, Any]

    def describe(self) -> str:
        """Return the nodes of the plan that touched more than a few pages, the outer first."""
        lines: list[str] = []
        _describe(self.tree, 0, lines)
        return "\n".join(lines)


@contextmanager
def watching() -> Iterator[list[Plan]]:
    """Give the list into which the plans of all statements go, of connections that are opened meanwhile."""
    found: list[Plan] = []

    def hear(_connection: Any, message: Any) -> None:
        _, _, written = str(message.message).partition("plan:\n")
        if written:
            told = json.loads(written)
            tree = told["Plan"]
            found.append(Plan(told["Query Text"], _count_pages(tree), tree))

    async def begin(connection: Any) -> None:
        await connection.execute(_EXPLAIN)
        connection.add_log_listener(hear)

    with pools.opening(lambda connection: connection.run_async(begin)):
        yield found


def _count_pages(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def _describe(node: dict[str, Any], depth: int, lines: list[str]) -> None:
    pages = _count_pages(node)
    name = node.get("Index Name") or node.get("Relation Name") or ""
    rows = node.get("Actual Rows", 0) * node.get("Actual Loops", 1)
    dropped = node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 1)
    lines.append(
        f"{'  ' * depth}{node['Node Type']} {name}: {pages} pages, {rows:.0f} rows, {dropped:.0f} dropped"
    )
    for child in node.get("Plans", []):
        if _count_pages(child) > _WORTH_TELLING:
            _describe(child, depth + 1, lines)


_WORTH_TELLING = 8
