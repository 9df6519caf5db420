"""Markdown in, safe HTML out."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ABSOLUTE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_PARSER_WITHOUT_TABLES = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")

_MOST_CELLS = 10_000
"""Rows are filled up to the width of their table's head: of 20,000 characters that made a second's work."""


def _count_cells(text: str) -> int:
    """Return more cells than all tables of a text can have together."""
    lines = text.splitlines()
    return len(lines) * max((line.count("|") + 1 for line in lines if "|" in line), default=0)


def _keep_absolute(_tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or _ABSOLUTE.match(value) else None


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Return the HTML of a Markdown text; raw HTML in it is shown, not run.

    The parser does not let HTML pass, and the sanitiser keeps only plain formatting and links with the
    schemes http, https and mailto, which open without a referrer. Links without a scheme lead nowhere:
    `//elsewhere.example` would leave the page unseen. What looks like enormous tables stays text.
    """
    if not text:
        return ""
    parser = _PARSER if _count_cells(text) <= _MOST_CELLS else _PARSER_WITHOUT_TABLES
    return nh3.clean(
        parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_keep_absolute,
        link_rel="nofollow noopener noreferrer",
    )
