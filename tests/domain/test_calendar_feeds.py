"""Calendar feeds: names that stay."""

import pytest

from app.domain.calendar_feeds import name_entry


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://ideas.example", "a@ideas.example"),
        ("http://127.0.0.1:8000", "a@127.0.0.1"),
        ("", "a@ideabox"),
    ],
)
def test_an_entry_is_named_after_the_installation(base_url: str, name: str) -> None:
    assert name_entry("a", base_url) == name
