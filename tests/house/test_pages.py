"""Pages: those that are made are true, decisions are numbered, links lead somewhere, words are explained."""

import ast
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.pipeline import Act, Stage
from app.domain.roles import Role
from docs import pages
from docs.made import pipeline
from docs.made.errors import PROTOCOL
from docs.made.markdown import RENEW
from tests.house.sources import ROOT, Source, list_files, list_sources

_DECISION = re.compile(r"docs/adr/(\d{4})-[a-z0-9-]+\.md")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def list_pages() -> list[str]:
    return [path for path in list_files() if path.endswith(".md")]


def find_dead_links(texts: Iterable[tuple[str, str]]) -> list[str]:
    return [
        f"{path} → {target}"
        for path, text in texts
        for target in _LINK.findall(text)
        if not ((ROOT / path).parent / target).exists()
    ]


def find_protocol_codes(sources: Iterable[Source]) -> set[tuple[int, str]]:
    """Status and code of the failures that are written without a refusal: constants side by side."""
    found: set[tuple[int, str]] = set()
    for source in sources:
        for node in ast.walk(source.tree):
            said = [*node.args] if isinstance(node, ast.Call) else []
            for status, code in pairwise(said):
                match status, code:
                    case ast.Constant(value=int(number)), ast.Constant(value=str(text)) if "." in text:
                        found.add((number, text))
    return found


@pytest.mark.parametrize("name", sorted(pages.PAGES))
def test_a_page_that_is_made_says_what_the_code_does(name: str) -> None:
    assert pages.is_true(name), f"docs/{name} is stale: run `{RENEW}`."


def test_failures_of_the_protocol_are_on_the_page_of_errors() -> None:
    edges = {"app/core/edge.py", "app/routers/problems.py"}
    listed = {(status, code) for code, status, _, _ in PROTOCOL}
    missing = find_protocol_codes(source for source in list_sources() if source.path in edges) - listed
    assert not missing, f"Add them to PROTOCOL in docs/made/errors.py: {missing}"


def test_the_diagram_has_every_stage_and_act() -> None:
    drawn = pipeline.draw()
    assert not [stage for stage in Stage if not re.search(rf"\b{stage}\b", drawn)]
    assert not [act for act in Act if act.value.replace("_", " ") not in drawn]


def test_decisions_are_numbered_without_gap_and_have_three_parts() -> None:
    numbers = []
    for path in list_files():
        if path.startswith("docs/adr/") and not path.endswith("README.md"):
            named = _DECISION.fullmatch(path)
            assert named, f"{path}: a decision is called docs/adr/0001-some-words.md"
            numbers.append(int(named[1]))
            text = (ROOT / path).read_text(encoding="utf-8")
            for part in ("## Context", "## Decision", "## Consequences"):
                assert part in text, f"{path} has no part {part!r}"
    assert numbers == list(range(1, len(numbers) + 1)), "Give the new decision the next number."


def test_links_between_pages_lead_somewhere() -> None:
    found = find_dead_links((path, (ROOT / path).read_text(encoding="utf-8")) for path in list_pages())
    assert not found, f"These links lead nowhere: {found}"


def test_the_glossary_explains_the_words_of_the_domain() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").casefold()
    words = [*(role.value.replace("_", " ") for role in Role), *(stage.value for stage in Stage)]
    missing = [word for word in words if f"**{word}**" not in text]
    assert not missing, f"Add them to docs/glossary.md, in bold: {missing}"


def test_the_rules_see_planted_faults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_dead_links([("docs/map.md", "see [there](nowhere.md)")]) == ["docs/map.md → nowhere.md"]
    assert not find_dead_links([("docs/map.md", "see [there](https://a.example) and [here](#top)")])
    odd = Source("app/core/edge.py", 'answer(418, "requests.teapot", "No coffee.")\n')
    assert find_protocol_codes([odd]) == {(418, "requests.teapot")}
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    assert not pages.is_true("settings.md")
    pages.write_all()
    assert pages.is_true("settings.md")
