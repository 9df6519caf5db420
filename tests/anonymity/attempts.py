"""What others try on an anonymous idea: every write of the published API that takes one, and what is said to them."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core import openapi
from tests.anonymity.script import MONEY, WHY, get_own
from tests.anonymity.stage import Stage
from tests.anonymity.walk import API, Document, Unwalked

_DAYS = {"starts_on": "2026-10-01", "ends_on": "2026-11-01"}


def list_bodies(stage: Stage) -> Mapping[str, tuple[Any, ...]]:
    """Return what is sent, by operation; an operation that takes a body and is not here fails the test."""
    cast = stage.cast
    people = [cast[name].id for name in stage.pair]
    decide = ("acknowledge", "clarify", "answer", "recommend")
    return {
        "edit_idea": ({"anonymous": False}, {"title": "Un autre titre"}),
        "write_comment": ({"body": "C'est qui ?"},),
        "edit_comment": ({"body": "Autre chose"},),
        "decide": (
            *({"action": action, "text": WHY} for action in decide),
            {"action": "forward", "text": WHY, "function": cast.functions["IT"]},
            {"action": "decline", "text": WHY, "reason_code": "cost"},
        ),
        "move_idea": (
            {"to": "selected"},
            {"to": "project", "owner": cast["Max"].id, "estimate": MONEY},
            {"to": "pilot", "place": "Lille", "success_measure": "-10 %", **_DAYS},
            {"to": "deployed", "result": "-12 %", "benefit": MONEY, "skip_reason": WHY},
            {"to": "declined", "text": WHY, "reason_code": "cost"},
            {"to": "on_hold", "text": WHY, "wake_on": "2026-12-01"},
            {"to": "resumed"},
            {"to": "reopened", "text": WHY},
        ),
        "appeal": ({"text": WHY},),
        "merge": tuple({"into": idea_id} for idea_id in (stage.known["idea_id"][0], get_own(stage)[-1])),
        "fill_scorecard": ({"scores": {"a" * 24: 3}, "text": WHY},),
        "invite_author": tuple({"employee": person} for person in people),
        "answer_invitation": ({"answer": "accept"},),
        "ask_for_identity": ({"reason": WHY + WHY},),
        "restrict_idea": ({"kind": "invention"},),
        "answer_restriction": ({"action": "lift", "text": WHY}, {"action": "withdraw"}),
        "write_restriction_message": ({"body": "C'est qui ?"},),
        "report_idea": ({"reason_code": "spam"},),
        "report_comment": ({"reason_code": "insult"},),
        "ask_for_help": ({"text": WHY, "wants": "facilitator"},),
    }


def list_attempts(document: Document, stage: Stage) -> Iterator[tuple[str, str, Any]]:
    """Return method, address and body of every write on an anonymous idea or on a comment of its author.

    Raises: Unwalked.
    """
    bodies = list_bodies(stage)
    places = {
        "idea_id": get_own(stage),
        "comment_id": stage.known["comment_id"],
        "employee_id": [stage.cast[name].id for name in stage.pair],
    }
    for path, method, operation in openapi.list_operations(document):
        taken = next((name for name in ("idea_id", "comment_id") if f"{{{name}}}" in path), None)
        if method == "get" or taken is None:
            continue
        name = operation["operationId"]
        if "requestBody" in operation and name not in bodies:
            message = f"{name}: say in attempts.py what is sent"
            raise Unwalked(message)
        for identifier in places[taken]:
            for person in places["employee_id"] if "{employee_id}" in path else ("",):
                address = path.removeprefix(API).format(**{taken: identifier, "employee_id": person})
                for body in bodies.get(name, (None,)):
                    yield method.upper(), address, body


async def attempt(stage: Stage, document: Document, name: str) -> dict[str, str]:
    """Have somebody try everything; returns what each was answered."""
    found = {}
    for number, (method, address, body) in enumerate(list_attempts(document, stage)):
        answer = await stage.speak(name).request(method, address, json=body, headers={"If-Match": "*"})
        headers = "\n".join(f"{key}: {value}" for key, value in sorted(answer.headers.items()))
        found[f"{number} {method} {address} {body}"] = f"{answer.status_code}\n{headers}\n\n{answer.text}"
    return found
