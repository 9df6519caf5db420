"""Characters that are no text, or that not every database stores; and how many of them are shown."""

import re

UNSTORABLE = re.compile(
    "[\\x00\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
"""NUL, which PostgreSQL refuses; lone surrogates, which UTF-8 can't write; noncharacters (RFC 9839, 2.2)."""


def is_storable(text: str) -> bool:
    """Tell whether a text can be stored alike on both databases: it has no character of `UNSTORABLE`."""
    if text.isascii():
        return "\0" not in text
    return UNSTORABLE.search(text) is None


def cut(text: str, longest: int) -> str:
    """Return the beginning of a text, with a mark where it goes on."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
