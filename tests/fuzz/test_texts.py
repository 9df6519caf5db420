"""Texts of ideas and comments: kept to the character, shown without anything that runs, and never slow."""

import time
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import markdown
from tests.fuzz.payloads import DECEPTIVE, SCRIPTS, SLOW
from tests.support.client import Client
from tests.support.world import Cast

TAGS = set(
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()
)
ATTRIBUTES = {("a", "href"), ("a", "title"), ("a", "rel")}
SCHEMES = ("http://", "https://", "mailto:")
LONGEST = 20_000
MOST_SECONDS = 2.0
"""Of the processor, for the longest text; the slowest of the table takes a tenth on an old machine."""


class Inspector(HTMLParser):
    """Reads HTML as loosely as a browser would, and notes what is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if (tag, name) not in ATTRIBUTES:
                self.faults.append(f"<{tag} {name}>")
            elif name == "href" and not (value or "").lower().startswith(SCHEMES):
                self.faults.append(f"href={value!r}")
            elif name == "rel" and {"noopener", "noreferrer", "nofollow"} - set((value or "").split()):
                self.faults.append(f"rel={value!r}")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data!r}")


def find_faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


@pytest.mark.parametrize("payload", SCRIPTS)
def test_no_markdown_runs_anything(payload: str) -> None:
    for text in (
        payload,
        f"**{payload}**",
        f"- a\n  - {payload}",
        f"> {payload}",
        f"a {payload} b\n\n{payload}",
    ):
        assert not find_faults(markdown.render(text)), text


def test_html_in_a_text_is_shown_as_it_was_typed() -> None:
    assert markdown.render("a <b onclick=c>d</b>") == "<p>a &lt;b onclick=c&gt;d&lt;/b&gt;</p>\n"


@given(st.lists(st.sampled_from([*SCRIPTS, *SLOW.values(), "\n", "\n\n", " ", "a"]), max_size=8).map("".join))
def test_no_mixture_runs_anything(text: str) -> None:
    assert not find_faults(markdown.render(text))


@given(st.text(max_size=200))
def test_any_text_can_be_shown(text: str) -> None:
    assert not find_faults(markdown.render(text))


def test_the_inspector_sees_what_it_should() -> None:
    for html in (
        "<script>",
        "<p onclick=a>",
        "<a href=javascript:a>",
        "<a href=//a>",
        "<!--a-->",
        "<a href=x rel=a>",
        "<img src=x>",
    ):
        assert find_faults(html), html
    assert not find_faults(
        '<p><a href="https://a.example" rel="nofollow noopener noreferrer" title="b">a</a></p>'
    )


@pytest.mark.parametrize("name", SLOW)
def test_no_markdown_is_slow(name: str) -> None:
    piece = SLOW[name]
    for text in (
        piece * (LONGEST // len(piece)),
        piece * (LONGEST // len(piece) // 2) + "a" * 100 + '])>*`"',
    ):
        begun = time.process_time()
        markdown.render.__wrapped__(text)
        assert time.process_time() - begun < MOST_SECONDS, text[:40]


@pytest.mark.parametrize("name", DECEPTIVE)
async def test_odd_text_is_kept_to_the_character(
    name: str, speak: Callable[[str], Client], cast: Cast
) -> None:
    text, alice = DECEPTIVE[name], speak("Alice")
    theme = cast.themes["cost_savings"]
    sent = {"title": text, "problem": text, "solution": text, "benefit": text, "theme": theme}
    idea = await alice.post("/ideas", sent)
    comment = await alice.post(f"/ideas/{idea['id']}/comments", {"body": text})
    read = await speak("Max").get(f"/ideas/{idea['id']}")
    assert [read[field] for field in ("title", "problem", "solution", "benefit")] == [text] * 4
    (thread,) = (await speak("Max").get(f"/ideas/{idea['id']}/comments"))["items"]
    assert thread["body"] == comment["body"] == text
    assert not find_faults(
        read["problem_html"] + read["solution_html"] + read["benefit_html"] + thread["body_html"]
    )
    for path in ("/ideas", "/ideas/similar"):
        found = await speak("Max").request(
            "GET", path, params={"q" if path == "/ideas" else "text": text[:200]}
        )
        assert found.status_code == 200, found.text


@pytest.mark.parametrize("sign", ["a", "\u00e9", "e\u0301", "\U0001f98a", "\U00020000", "\u202e\u200b"])
async def test_limits_count_characters_alike(sign: str, speak: Callable[[str], Client], cast: Cast) -> None:
    """The limit is in code points; a text of the greatest length is kept whole, one more is refused."""
    alice, theme = speak("Alice"), cast.themes["cost_savings"]
    title, long, body = (("a" + sign * limit)[:limit] for limit in (250, LONGEST, 5_000))
    sent = {"title": title, "problem": long, "solution": long, "benefit": long, "theme": theme}
    idea = await alice.post("/ideas", sent)
    await alice.post(f"/ideas/{idea['id']}/comments", {"body": body})
    read = await alice.get(f"/ideas/{idea['id']}")
    assert {field: read[field] for field in ("title", "problem", "solution", "benefit")} == {
        field: sent[field] for field in ("title", "problem", "solution", "benefit")
    }
    for field in ("title", "problem", "solution", "benefit"):
        problem = await alice.refused(
            "POST", "/ideas", 422, "requests.invalid", json={**sent, field: sent[field] + "a"}
        )
        assert [fault["pointer"] for fault in problem["errors"]] == [f"/{field}"]
    await alice.refused(
        "POST", f"/ideas/{idea['id']}/comments", 422, "requests.invalid", json={"body": body + "a"}
    )


@pytest.mark.parametrize(
    "blank", ["", " ", "\n\t", "\u200b", "\u2060\u200d", "\u00a0\u3000", "\u202e", "\ufeff", "\u00ad", "\x7f"]
)
async def test_text_without_anything_to_read_is_refused(
    blank: str, speak: Callable[[str], Client], cast: Cast
) -> None:
    alice = speak("Alice")
    sent = {"title": "A title", "problem": "Why", "solution": "How", "theme": cast.themes["cost_savings"]}
    for field in ("title", "problem", "solution"):
        await alice.refused("POST", "/ideas", 422, "requests.invalid", json={**sent, field: blank * 3})
    idea = await alice.post("/ideas", sent)
    await alice.refused(
        "POST", f"/ideas/{idea['id']}/comments", 422, "requests.invalid", json={"body": blank}
    )


async def test_payloads_are_stored_as_typed_and_shown_harmless(
    speak: Callable[[str], Client], cast: Cast
) -> None:
    alice = speak("Alice")
    everything = [payload.replace("\x01", "") for payload in SCRIPTS]
    sent = {"title": SCRIPTS[0], "problem": "\n\n".join(everything), "solution": everything[0]}
    idea = await alice.post("/ideas", {**sent, "theme": cast.themes["cost_savings"], "tags": everything[:5]})
    assert idea["problem"] == sent["problem"]
    assert not find_faults(idea["problem_html"] + idea["solution_html"])
    for payload in everything:
        comment = await alice.post(f"/ideas/{idea['id']}/comments", {"body": payload})
        assert comment["body"] == payload
        assert not find_faults(comment["body_html"]), payload
