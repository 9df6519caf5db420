"""Texts: what must not stand in any file of the repository, and reasons beside every exception."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.house.sources import ROOT, Source, list_files, list_sources

# Put together from parts, so that this file passes its own test.
UNWANTED: Mapping[str, str] = {
    "a path of somebody's machine": r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|ho" r"me/\w+|tm" r"p/\w+)/",
    "something left to do": r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b",
    "words about how it was written": r"(?i)\bpro" r"mpts?\b|\bchat" r"bot\b|\blanguage mo" r"del\b",
    "the address of a package index": r"(?i)(?:py"
    r"pi\.(?:org|python)|python"
    r"hosted|npm"
    r"js\.|registry\.ya"
    r"rn)",
    "an option that names a package index": r"--(?:extra-)?index-" r"url[ =]|--find-" r"links[ =]",
}
ALLOWED = {
    ("Makefile", "an option that names a package index"): "the lock is told to name none",
}
SKIPPED = {".png", ".jpg", ".ico", ".woff2", ".gz", ".xlsx"}
_EXCEPTION = re.compile(
    r"#\s*(?:noqa\b:?\s*[A-Z]*[0-9]*(?:,\s*[A-Z]+[0-9]+)*|type:\s*ignore(?:\[[\w,\s-]+\])?)"
)


def find_unwanted(path: str, text: str) -> list[str]:
    found = []
    for what, pattern in UNWANTED.items():
        if (path, what) in ALLOWED:
            continue
        found += [
            f"{path}:{text.count(chr(10), 0, match.start()) + 1} has {what}: {match.group()}"
            for match in re.finditer(pattern, text)
        ]
    return found


def find_unexplained(sources: Iterable[Source]) -> list[str]:
    """Exceptions to lint or types without a reason behind them, or in the comment above."""
    found = []
    for source in sources:
        above = ""
        for number, line in enumerate(source.lines, start=1):
            if _EXCEPTION.search(line):
                reason = _EXCEPTION.sub("", line[line.index("#") :]).strip(" #")
                if not reason and not above.strip().startswith("#"):
                    found.append(f"{source.path}:{number}")
            above = line
    return found


def test_no_file_has_what_does_not_belong_there() -> None:
    found: list[str] = []
    for path in list_files():
        if Path(path).suffix not in SKIPPED:
            found += find_unwanted(path, (ROOT / path).read_text(encoding="utf-8"))
    assert not found, "These don't belong into the repository:\n" + "\n".join(found)


def test_every_exception_has_its_reason_beside_it() -> None:
    found = find_unexplained([*list_sources("app"), *list_sources("docs"), *list_sources("tests/support")])
    assert not found, "Say why, behind two spaces or in a comment above:\n" + "\n".join(found)


def test_the_rules_see_planted_faults() -> None:
    for line in (
        "see /work/main/app",
        "# TODO later",
        "as the prompt says",
        "https://pypi.org/simple",
        "--index-url https://x",
    ):
        assert len(find_unwanted("app/plant.py", line)) == 1, line
    assert not find_unwanted("app/plant.py", "GET /api/v1/ideas; the worker; a rooted path; promptly")
    bare = Source("app/plant.py", "a = b  # noqa: ABC123\nc = d  # type: ignore[attr-defined]\n")
    told = Source(
        "app/plant.py", "# Why.\na = b  # noqa: ABC123\n\nc = d  # type: ignore[x]  # untyped there\n"
    )
    assert len(find_unexplained([bare])) == 2
    assert not find_unexplained([told])
