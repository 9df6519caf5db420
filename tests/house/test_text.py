"""Texts: what must not stand in any file of the repository, and reasons beside every exception."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.house.sources import ROOT, Source, list_files, list_sources

# One letter of each stands in brackets, so that this file passes its own test.
UNWANTED: Mapping[str, str] = {
    "a path of somebody's machine": r"(?<![\w.])/(?:[w]ork|[r]oot|[h]ome/\w+|[t]mp/\w+)/",
    "something left to do": r"\b(?:[T]ODO|[F]IXME|[X]XX)\b",
    "words about how it was written": r"(?i)\b[p]rompts?\b|\b[c]hatbot\b|\b[l]anguage model\b",
    "the address of a package index": r"(?i)[p]ypi\.(?:org|python)|[p]ythonhosted|[n]pmjs\.|registry\.[y]arn",
    "an option that names a package index": r"--(?:extra-)?[i]ndex-url[ =]|--[f]ind-links[ =]",
}
SKIPPED = {".png", ".jpg", ".ico", ".woff2", ".gz", ".xlsx"}
_EXCEPTION = re.compile(
    r"#\s*(?:noqa\b:?\s*[A-Z]*[0-9]*(?:,\s*[A-Z]+[0-9]+)*|type:\s*ignore(?:\[[\w,\s-]+\])?)"
)


def find_unwanted(path: str, text: str) -> list[str]:
    found = []
    for what, pattern in UNWANTED.items():
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
        f"see /{'work'}/main/app",
        f"# {'TO'}DO later",
        f"as the {'pro'}mpt says",
        f"https://{'pypi'}.org/simple",
        f"--{'index'}-url https://x",
    ):
        assert len(find_unwanted("app/plant.py", line)) == 1, line
    assert not find_unwanted("app/plant.py", "GET /api/v1/ideas; the worker; a rooted path; promptly")
    bare = Source("app/plant.py", "a = b  # noqa: ABC123\nc = d  # type: ignore[attr-defined]\n")
    told = Source(
        "app/plant.py", "# Why.\na = b  # noqa: ABC123\n\nc = d  # type: ignore[x]  # untyped there\n"
    )
    assert len(find_unexplained([bare])) == 2
    assert not find_unexplained([told])
