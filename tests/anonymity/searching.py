"""Looking for markers of somebody in everything that was got, whatever form they have, and beside whose ideas."""

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from html import escape
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

Got = dict[str, bytes]
"""What was got, by who and where."""

Found = dict[str, list[str]]
"""The markers that stand somewhere, by who got it and where."""

_ROW = re.compile(r"(?=<(?:tr|li|p|h\d|dt|div|section|row|si)\b)")


def list_forms(trace: str) -> Iterator[str]:
    """A text as it may stand in an address, a page, a document, a name of a file, or in what was encoded."""
    for form in {trace, normalize("NFD", trace), normalize("NFC", trace)}:
        yield from (form, quote(form), escape(form), form.encode("unicode_escape").decode())
        yield form.encode().hex()
        for shift in range(3):
            code = b64encode(b"\0" * shift + form.encode()).decode().rstrip("=")
            # The first and the last letters depend on what stands beside.
            yield code[4 if shift else 0 : -2]


def find(got: Mapping[str, bytes], known: Collection[str]) -> Found:
    """Return where one of some texts stands in whatever form, in whatever case."""
    forms = {form.lower(): trace for trace in known for form in list_forms(trace)}
    found: Found = {}
    for name, what in got.items():
        text = what.decode(errors="ignore").lower()
        if here := sorted({trace for form, trace in forms.items() if form in text}):
            found[name] = here
    return found


def find_beside(got: Mapping[str, bytes], known: Collection[str], ideas: Collection[str]) -> Found:
    """Return where a marker stands beside one of some ideas.

    That is anywhere at an address of theirs and in a message about one; elsewhere in one item of a list, in one row of
    a table, in one line.
    """
    found: Found = {}
    for name, here in find(got, known).items():
        if any(idea in name for idea in ideas):
            found[name] = here
            continue
        text = got[name].decode(errors="ignore")
        whole = " message " in name
        # Most of what names somebody is about no such idea.
        parts = [text] if whole else list_parts(text) if any(idea in text for idea in ideas) else ()
        close = [part for part in parts if any(idea in part for idea in ideas)]
        if close_by := find({"": "\n".join(close).encode()}, known):
            found[name] = close_by[""]
    return found


def list_parts(text: str) -> Iterator[str]:
    """Return what belongs together in a text: items of the lists of a document of JSON, rows of a page, or lines."""
    head, gap, body = text.partition("\n\n")
    try:
        document = json.loads(body if gap else head)
    except ValueError:
        yield from _ROW.sub("\n", text).splitlines()
        return
    for part in _cut(document):
        yield json.dumps(part, ensure_ascii=False)


def _cut(node: Any) -> Iterator[Any]:
    """A document without its lists of documents, then each of theirs."""
    lists: list[Any] = []
    yield _leave(node, lists)
    for item in lists:
        yield from _cut(item)


def _leave(node: Any, lists: list[Any]) -> Any:
    if isinstance(node, dict):
        return {name: _leave(value, lists) for name, value in node.items()}
    if isinstance(node, list):
        lists += [each for each in node if isinstance(each, (dict, list))]
        return [each for each in node if not isinstance(each, (dict, list))]
    return node
