"""Markdown in, safe HTML out."""

import pytest

from app.core import markdown

TABLE = "|a|b|\n|-|-|\n|1|2|\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("**now**", "<p><strong>now</strong></p>\n"),
        ("~~later~~", "<p><s>later</s></p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](//elsewhere.example)", '<p><a rel="nofollow noopener noreferrer">x</a></p>\n'),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert markdown.render(text) == shown


def test_a_table_is_a_table() -> None:
    assert "<td>1</td>" in markdown.render(TABLE)


@pytest.mark.parametrize("columns", [1, 2, 8, 64, 1024, 4000])
def test_what_looks_like_an_enormous_table_stays_text(columns: int) -> None:
    head = f"|{'a|' * columns}\n|{'-|' * columns}\n"
    shown = markdown.render(head + "a\n" * ((20_000 - len(head)) // 2))
    assert "<td>" not in shown
    assert shown.startswith("<p>")
