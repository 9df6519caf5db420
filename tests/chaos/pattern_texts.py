"""Texts on which careless readers take quadratic time, each for any size; and the readers they are given to."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core import analysis, characters, markdown, strict_json, typos, words
from app.core.cursors import CursorSigner, InvalidCursor
from app.core.strict_json import InvalidJson
from app.domain import directory_rows, names

_SIGNER = CursorSigner("a secret for trials that is long enough")


@dataclass(frozen=True)
class Pattern:
    """A text of a size in characters, up to the `limit` of what is taken, and who reads it."""

    name: str
    build: Callable[[int], str]
    read: Callable[[str], object]
    limit: int


def repeat(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Return how to write a piece as often as fits."""
    return lambda size: before + piece * ((size - len(before) - len(after)) // len(piece)) + after


def mirror(opening: str, closing: str) -> Callable[[int], str]:
    """Return how to write many openings and then as many closings."""
    return lambda size: (
        opening * (size // (len(opening) + len(closing))) + closing * (size // (len(opening) + len(closing)))
    )


def render(text: str) -> str:
    """Render without remembering what was rendered before."""
    return markdown.render.__wrapped__(text)


def _read_json(text: str) -> None:
    try:
        strict_json.loads(text.encode("utf-8", "surrogatepass"))
    except InvalidJson:
        return


def _read_cursor(text: str) -> None:
    try:
        _SIGNER.read(text, listing="/api/v1/ideas")
    except InvalidCursor:
        return


def _table(size: int) -> str:
    columns = int(size**0.5) // 4
    row = "|a" * columns + "|\n"
    return row + "|-" * columns + "|\n" + row * (size // len(row) - 2)


_TEXT, _QUERY, _BODY, _HEADER, _EMAIL = 20_000, 2_000, 1_000_000, 30_000, 320

MARKDOWN: dict[str, Callable[[int], str]] = {
    "plain": repeat("word "),
    "quotes": repeat(">"),
    "quotes, line by line": repeat("> a\n>"),
    "quotes of lists": repeat("> * "),
    "lists in lists": lambda size: "".join(f"{'  ' * n}* a\n" for n in range(int(size**0.5))),
    "list marks": repeat("* "),
    "numbered": repeat("1) "),
    "emphasis, open": repeat("*a "),
    "emphasis, closed": repeat("a* "),
    "emphasis, both": repeat("*a **a "),
    "emphasis, mirrored": mirror("*a ", " a*"),
    "underscores": repeat("_"),
    "stars and underscores": repeat("*_"),
    "strikethrough": repeat("~~a "),
    "brackets": repeat("["),
    "brackets, closed": mirror("[", "]"),
    "brackets and parentheses": repeat("[a]("),
    "links, open": repeat("[a](b "),
    "links in links": mirror("[a", "](b)"),
    "images": repeat("![a]("),
    "images in images": mirror("![", "](a)"),
    "link titles": repeat('[a](b "'),
    "link targets": repeat("[](<"),
    "link parentheses": repeat("(", "[a]("),
    "references": repeat("[a]: b\n"),
    "references, used": lambda size: "[a]: b\n\n" + "[a]" * (size // 3),
    "reference titles": repeat("[a]: b '\n"),
    "autolinks": repeat("<http://a"),
    "mail links": repeat("<a@"),
    "html tags": repeat("<a "),
    "html attributes": repeat(' a="b"', "<a"),
    "html comments": repeat("<!--"),
    "html instructions": repeat("<?"),
    "html declarations": repeat("<!A "),
    "html data": repeat("<![CDATA["),
    "html, nested": mirror("<div>", "</div>"),
    "entities": repeat("&"),
    "entities, numbered": repeat("&#1"),
    "entities, named": repeat("&CounterClockwiseContourIntegral"),
    "backslashes": repeat("\\"),
    "code": repeat("`"),
    "code, of all lengths": lambda size: "".join("a" + "`" * n for n in range(1, int((2 * size) ** 0.5))),
    "fences": repeat("```\n"),
    "fence, open": repeat("~"),
    "headings": repeat("#"),
    "underlined": repeat("a\n=\n"),
    "rules": repeat("* * * a\n"),
    "table": _table,
    "table, one row": repeat("|", "|a|b|\n|-|-|\n"),
    "table, one head": lambda size: "|" * (size // 2) + "\n" + "|-" * (size // 4),
    "table, many heads": repeat("|a|\n|-|\n"),
    "table rows without cells": repeat("a\n", "|a|b|\n|-|-|\n"),
    "table rows without most cells": repeat("a\n", "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n"),
    "tabs": repeat("\t"),
    "lines": repeat("\n"),
    "line ends": repeat("a  \n"),
    "blanks": repeat(" ", "a", "b"),
    "marks on a letter": repeat("\u0301", "e"),
    "letters of two units": repeat("\U0001f4a1"),
    "right to left": repeat("\u202e"),
}

WORDS: dict[str, Callable[[int], str]] = {
    "words": lambda size: " ".join(f"w{n}" for n in range(size // 6)),
    "one word": repeat("a"),
    "signs": repeat("!"),
    "operators": repeat('"a" OR NOT (b* '),
    "nearness": repeat("NEAR(a b) "),
    "hyphens": repeat("a-"),
    "hyphens alone": repeat("-"),
    "apostrophes": repeat("l'"),
    "points": repeat("a."),
    "ampersands": repeat("a&"),
    "digits": repeat("9"),
    "percents": repeat("%_"),
    "backslashes": repeat("\\"),
    "marks": repeat("\u0301", "e"),
    "words with marks": repeat("e\u0301\u0302\u0303 "),
    "signs that grow": repeat("\ufdfa"),
    "without spaces": repeat("\u6f22\u5b57"),
    "ligatures": repeat("\ufb03"),
    "invisible": repeat("\u200b"),
    "emoji": repeat("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
}

JSON: dict[str, Callable[[int], str]] = {
    "arrays": mirror("[", "]"),
    "open arrays": repeat("["),
    "objects": repeat('{"a":'),
    "quotes": repeat('"'),
    "backslashes": repeat("\\", '"', '"'),
    "backslashes and quotes": repeat('\\"', '"'),
    "escapes": repeat("\\u0041", '"', '"'),
    "lone surrogates": repeat("\\ud800", '"', '"'),
    "digits": repeat("9"),
    "digits after the point": repeat("9", "0."),
    "exponents": repeat("9", "1e"),
    "keys": lambda size: "{" + ",".join(f'"{n}":0' for n in range(size // 9)) + "}",
    "the same key": repeat('"a":0,', "{", '"b":0}'),
    "blanks": repeat(" "),
    "noncharacters": repeat("\uffff", '"', '"'),
}

EMAILS: dict[str, Callable[[int], str]] = {
    "points": repeat("a.", after="@a.a"),
    "domains": repeat("a.", "a@"),
    "at signs": repeat("@"),
    "hyphens": repeat("a-", "a@"),
    "blanks": repeat(" ", "a@a", "a"),
    "no end": repeat("a", "a@a."),
}

_READERS: tuple[tuple[str, dict[str, Callable[[int], str]], Callable[[str], object], int], ...] = (
    ("markdown", MARKDOWN, render, _TEXT),
    ("indexing", WORDS, analysis.words, _TEXT),
    ("searching", WORDS, analysis.query, _QUERY),
    ("indexing markdown", MARKDOWN, analysis.words, _TEXT),
    ("storing", WORDS, characters.is_storable, _BODY),
    ("JSON", JSON, _read_json, _BODY),
    ("e-mail", EMAILS, lambda text: directory_rows.is_email(names.fold_email(text)), 100 * _EMAIL),
    ("cursor", WORDS, _read_cursor, _HEADER),
    ("names", WORDS, names.find_flaw, _TEXT),
    ("tidying", WORDS, names.tidy, _TEXT),
    ("typing errors", WORDS, typos.probes, words.LENGTH),
)

PATTERNS = tuple(
    Pattern(f"{reader}: {name}", build, read, limit)
    for reader, texts, read, limit in _READERS
    for name, build in texts.items()
)
"""Every text with every reader."""
