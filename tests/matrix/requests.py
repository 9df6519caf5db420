"""The request of each act: what is sent, whole or lacking what the act must show."""

from dataclasses import dataclass, field
from typing import Any

from tests.matrix.people import Company
from tests.matrix.policy import Act

UNKNOWN = "a" * 24
TEXT = "A text that is long enough to explain it."
MONEY = {"amount": "1200.50", "currency": "EUR", "per": "year"}
VERSIONED = {"edit", "delete", "edit one's comment", "delete one's comment"}
"""Acts that name the version which they were made on."""


@dataclass(frozen=True)
class Asked:
    """What an act sends: the parts of its address, its body, its headers."""

    places: dict[str, str] = field(default_factory=dict)
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def write(act: Act, company: Company, *, unmet: bool, into: str = UNKNOWN) -> Asked:
    """Return the request of an act on an idea; `into` is what it is merged into.

    With `unmet` it lacks what the act must show (or its version) while its shape is right.
    """
    body = _write_body(act.name, company, into)
    headers = {"If-Match": "*"} if act.name in VERSIONED and not unmet else {}
    if unmet and act.name not in VERSIONED:
        body = _LACKING[act.name](body)
    invited = company.people["invited"].id
    return Asked({"employee_id": "me" if act.name == "leave" else invited}, body, headers)


def _write_body(name: str, company: Company, into: str) -> Any:
    it = company.cast.functions["IT"]
    scores = dict.fromkeys(company.criteria, 4)
    dates = {"starts_on": "2026-10-01", "ends_on": "2026-11-01"}
    bodies: dict[str, Any] = {
        "edit": {"title": "Another title"},
        "comment": {"body": "Good"},
        "edit one's comment": {"body": "Better"},
        "score": {"scores": scores, "text": TEXT},
        "ask for help": {"text": TEXT, "wants": "facilitator"},
        "restrict": {"kind": "invention", "text": TEXT},
        "invite": {"employee": company.people["newcomer"].id},
        "join": {"answer": "accept"},
        "refuse to join": {"answer": "refuse"},
        "acknowledge": {"action": "acknowledge"},
        "forward": {"action": "forward", "text": TEXT, "function": it},
        "clarify": {"action": "clarify", "text": TEXT},
        "answer": {"action": "answer", "text": TEXT},
        "recommend": {"action": "recommend", "text": TEXT},
        "decline in review": {"action": "decline", "text": TEXT, "reason_code": "cost"},
        "select": {"to": "selected"},
        "start project": {"to": "project", "owner": company.cast["Max"].id, "estimate": MONEY},
        "start pilot": {"to": "pilot", "place": "Lyon", "success_measure": "-10 %", **dates},
        "deploy": {"to": "deployed", "result": "-12 %", "benefit": MONEY, "skip_reason": TEXT},
        "decline at a gate": {"to": "declined", "text": TEXT, "reason_code": "cost"},
        "hold": {"to": "on_hold", "text": TEXT, "wake_on": "2026-12-01"},
        "resume": {"to": "resumed"},
        "reopen": {"to": "reopened", "text": TEXT},
        "appeal": {"text": TEXT},
        "merge": {"into": into},
    }
    return bodies.get(name)


def _without(*names: str) -> Any:
    return lambda body: {name: value for name, value in body.items() if name not in names}


def _with(**changes: Any) -> Any:
    return lambda body: body | changes


_LACKING: dict[str, Any] = {
    "comment": _with(reply_to=UNKNOWN),
    "score": _with(scores={UNKNOWN: 3}),
    "invite": _with(employee=UNKNOWN),
    "forward": _without("function"),
    "clarify": _without("text"),
    "answer": _with(text="  "),
    "recommend": _without("text"),
    "decline in review": _with(text="too short"),
    "select": _with(),
    "start project": _without("estimate"),
    "start pilot": _without("success_measure"),
    "deploy": _without("benefit"),
    "decline at a gate": _without("reason_code"),
    "hold": _without("wake_on"),
    "reopen": _without("text"),
    "merge": _with(into=UNKNOWN),
}
"""By act: what takes from a whole body something that the act must show; a selection lacks its scorecard."""
