"""Markdown of the pages that are made."""

from collections.abc import Iterable, Sequence

RENEW = "make docs"
"""What writes every page anew."""


def write_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; bars inside a cell are escaped."""
    lines = [
        list(head),
        ["---"] * len(head),
        *([str(cell).replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_page(title: str, *parts: str) -> str:
    """Return a page that says how it is renewed; line ends inside a paragraph are nothing but spaces."""
    note = f"<!-- Made from the code by `{RENEW}`; don't edit by hand. -->"
    return "\n\n".join([f"# {title}", note, *(part.strip("\n") for part in parts)]) + "\n"
