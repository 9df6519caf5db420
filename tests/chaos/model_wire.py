"""The model's acts as requests, and what is answered and read as the model says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.chaos.model import NO_COMMENTS, NO_VOTES, OPEN, Act, Company, Idea, Reply
from tests.chaos.model_rules import list_moves, may_score
from tests.chaos.starting_gun import Hit

Request = tuple[str, str, Any, dict[str, str]]

_MONEY = {"amount": "1200.50", "currency": "EUR", "per": "year"}
_DECISIONS = ("acknowledge", "clarify", "answer", "forward", "recommend")
_TARGETS = {
    "select": "selected",
    "start_project": "project",
    "start_pilot": "pilot",
    "deploy": "deployed",
    "decline": "declined",
    "hold": "on_hold",
    "resume": "resumed",
    "reopen": "reopened",
}
_DECLINE = {"reason_code": "not_now", "text": "Not this year, the budget is spent."}
_SHOWN: dict[str, dict[str, Any]] = {
    "clarify": {"text": "How many of them?"},
    "answer": {"text": "Some forty."},
    "forward": {"text": "More for you."},
    "recommend": {"text": "It would pay."},
    "decline": _DECLINE,
    "start_pilot": {
        "place": "Lyon",
        "starts_on": "2030-01-07",
        "ends_on": "2030-03-29",
        "success_measure": "Half the time.",
    },
    "deploy": {"result": "It works.", "benefit_due_on": "2031-01-01", "skip_reason": "Nothing to try."},
    "hold": {"text": "After the summer.", "wake_on": "2030-09-01"},
    "reopen": {"text": "Things have changed."},
}
_PLACES = {
    "vote": ("PUT", "/vote"),
    "unvote": ("DELETE", "/vote"),
    "comment": ("POST", "/comments"),
    "score": ("PUT", "/scorecard"),
    "submit": ("POST", "/submission"),
    "withdraw": ("POST", "/withdrawal"),
    "appeal": ("POST", "/appeal"),
    "merge": ("POST", "/merger"),
}
_APART = frozenset(
    {"edit", "invite", "delete", "stand_back", "answer_invitation", "ask_for_help", "restrict"}
)
"""What a reader may do that the model knows nothing of."""


def write(act: Act, ideas: Sequence[str], comments: Mapping[int, str], *, owner: str, card: Any) -> Request:
    """Return method, path, body and headers of an act; `owner` leads projects, `card` is a filled scorecard."""
    at = f"/ideas/{ideas[act.idea]}"
    if act.kind == "uncomment":
        return "DELETE", f"/comments/{comments[act.label]}", None, {"If_Match": "*"}
    if act.kind in _PLACES:
        method, place = _PLACES[act.kind]
        bodies = {
            "comment": {"body": f"Comment {act.label}"},
            "score": card,
            "appeal": {"text": "Look again, please."},
            "merge": {"into": ideas[act.into]},
        }
        return method, at + place, bodies.get(act.kind), {}
    shown: dict[str, Any] = dict(_SHOWN.get(act.kind, {})) if act.complete else {}
    if act.kind == "start_project" and act.complete:
        shown |= {"owner": owner, "estimate": _MONEY}
    if act.kind == "forward":
        shown |= {"function": act.function}
    if act.kind in _DECISIONS or act.door == "decisions":
        return "POST", f"{at}/decisions", {"action": act.kind, **shown}, {}
    return "POST", f"{at}/transitions", {"to": _TARGETS[act.kind], **shown}, {}


def read_reply(act: Act, hit: Hit) -> Reply:
    """Return what an answer says of the act itself."""
    if hit.status == 200 and act.kind in ("vote", "unvote"):
        tally = hit.json()
        return Reply(200, (tally["voted"],), (tally["votes"],))
    if hit.status == 201 and act.kind != "comment":
        idea = hit.json()
        return Reply(201, (idea["stage"], idea["clarification"], idea["on_hold"]))
    return Reply(hit.status)


def describe_read(idea: Any, steps: Sequence[Any]) -> dict[str, Any]:
    """Return an idea as it was read, with its itinerary, in the words of the model."""
    return {
        "stage": idea["stage"],
        "clarification": idea["clarification"],
        "on_hold": idea["on_hold"],
        "holder": idea["holder"]["id"] if idea["holder"] else None,
        "votes": idea["votes"],
        "comments": idea["comments"],
        "voted": idea["voted"],
        "author": idea["author"]["id"] if idea["author"] else None,
        "can": sorted(set(idea["can"]) - _APART),
        "path": [(row["act"], row["from_stage"], row["to_stage"]) for row in steps],
    }


def describe(company: Company, idea: Idea, reader: str) -> dict[str, Any]:
    """Return what a reader must read of an idea of the model."""
    can = list_moves(company, idea, reader)
    if reader != idea.author and idea.stage not in NO_VOTES:
        can.add("vote")
    if idea.stage not in NO_COMMENTS:
        can.add("comment")
    if idea.stage in OPEN and may_score(company, idea, reader):
        can.add("score")
    return {
        "stage": idea.stage,
        "clarification": idea.clarification,
        "on_hold": idea.on_hold,
        "holder": idea.holder if idea.stage in OPEN else None,
        "votes": len(idea.voters),
        "comments": len(idea.comments),
        "voted": reader in idea.voters,
        "author": None if idea.anonymous else idea.author,
        "can": sorted(can),
        "path": list(idea.path),
    }
