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
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


def _keep_absolute(_tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or _ABSOLUTE.match(value) else None


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Return the HTML of a Markdown text; raw HTML in it is shown, not run.

    The parser does not let HTML pass, and the sanitiser keeps only plain formatting and links with the
    schemes http, https and mailto, which open without a referrer. Links without a scheme lead nowhere:
    `//elsewhere.example` would leave the page unseen.
    """
    if not text:
        return ""
    return nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_keep_absolute,
        link_rel="nofollow noopener noreferrer",
    )
