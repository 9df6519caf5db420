"""Problem documents."""

import json
from types import SimpleNamespace

from app.core import problems, strict_json


def test_a_problem_has_the_members_of_the_standard_and_ours() -> None:
    field = SimpleNamespace(pointer="/title", detail="It is too short.")
    written = problems.encode(
        422, "ideas.title", "Bad title.", instance=problems.instance_of("r1"), errors=[field]
    )
    document = json.loads(written)
    assert document.pop("title")
    assert document == {
        "type": "/problems/ideas.title",
        "status": 422,
        "detail": "Bad title.",
        "code": "ideas.title",
        "instance": "/requests/r1",
        "errors": [{"pointer": "/title", "detail": "It is too short."}],
    }


def test_members_without_content_are_left_out() -> None:
    assert set(json.loads(problems.encode(404, "not-found", "Nothing here."))) == {
        "type",
        "title",
        "status",
        "detail",
        "code",
    }


def test_any_text_can_be_written() -> None:
    for text in ("été 🦊", "\ud800", "\0", '"}\r\n'):
        assert json.loads(problems.encode(400, "x", text))["detail"] == text


def test_a_fault_in_a_body_names_its_field() -> None:
    fault = strict_json.InvalidJson("Twice.", "/a")
    document = json.loads(problems.encode(422, "requests.malformed", fault.detail, errors=[fault]))
    assert document["errors"] == [{"pointer": "/a", "detail": "Twice."}]
