"""How a name is taken out of a text, however it is written there."""

from unicodedata import normalize

import pytest

from app.domain.erasures import blot, blot_all

NAME = "Zoé Œuvré-Ñandú"


@pytest.mark.parametrize(
    "written",
    [
        NAME,
        normalize("NFD", NAME),
        "Zoe\u0301 Œuvré-Ñandú",
        NAME.upper(),
        normalize("NFD", NAME.lower()),
        "Zoé\N{NO-BREAK SPACE}Œuvré-Ñandú",
        "Zoé\n  Œuvré-Ñandú",
    ],
)
@pytest.mark.parametrize("name", [NAME, normalize("NFD", NAME)])
def test_a_name_is_blotted_out_however_it_is_typed(written: str, name: str) -> None:
    traces = [name, "XQ-778812"]
    assert blot(f"Dit {written}, xq-778812.", traces) == "Dit …, …."


@pytest.mark.parametrize("text", ["Zoé Œuvré-Ñandúe", "Zoé, Œuvré-Ñandú", "aZoé Œuvré-Ñandú", "Zoé"])
def test_what_is_no_whole_name_stays(text: str) -> None:
    assert blot(text, [NAME]) == text


def test_signs_of_a_name_mean_themselves() -> None:
    assert blot("a.b@c.example and axb@c.example", ["a.b@c.example"]) == "… and axb@c.example"


def test_all_texts_of_a_document_are_blotted() -> None:
    document = {"texts": [f"Dit {NAME}", 3, None], "more": {"by": normalize("NFD", NAME)}}
    assert blot_all(document, [NAME]) == {"texts": ["Dit …", 3, None], "more": {"by": "…"}}
