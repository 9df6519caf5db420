"""What a writer may do next: each act makes a write of what the person has at hand, or nothing."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.journal import Write
from tests.chaos.people import Person, World


@dataclass
class Hand:
    """What a person has of their own, as far as is known for sure."""

    person: Person
    world: World
    luck: random.Random
    ideas: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    queue: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def mark(self) -> str:
        """Return a text that was never written before."""
        self.number += 1
        return f"mark-{self.person.id}-{self.number}"

    def key(self) -> dict[str, str]:
        """Return the header of a write that may be repeated."""
        return {"Idempotency-Key": f"key-{self.number}-{self.luck.randrange(2**48)}"}

    def post(self, what: str, path: str, subject: str, body: dict[str, Any] | None, mark: str = "") -> Write:
        """Return a creating write with a key."""
        return Write(what, self.person.id, "POST", path, subject, mark, body, self.key())

    def pick_own(self, *stages: str) -> dict[str, Any] | None:
        """Return one of the person's own ideas that stood at one of these stages when last seen."""
        fitting = [idea for idea in self.ideas.values() if idea["stage"] in stages]
        return self.luck.choice(fitting) if fitting else None


def vote(hand: Hand) -> Write:
    """Vote for an idea, or take the vote back."""
    idea = hand.luck.choice(hand.world.ideas)
    casts = hand.luck.random() < 0.65
    what, method = ("votes.cast", "PUT") if casts else ("votes.withdrawn", "DELETE")
    return Write(what, hand.person.id, method, f"/ideas/{idea}/vote", idea)


def comment(hand: Hand) -> Write | None:
    """Say something under an idea."""
    idea, mark = hand.luck.choice(hand.world.ideas), hand.mark()
    return hand.post("comments.written", f"/ideas/{idea}/comments", idea, {"body": mark}, mark)


def change_comment(hand: Hand) -> Write | None:
    """Change one's comment, or take it back."""
    if not hand.comments:
        return None
    comment_id = hand.luck.choice(list(hand.comments))
    headers, path = {"If-Match": f'"{hand.comments[comment_id]}"'}, f"/comments/{comment_id}"
    if hand.luck.random() < 0.4:
        return Write("comments.deleted", hand.person.id, "DELETE", path, comment_id, headers=headers)
    mark = hand.mark()
    return Write("comments.edited", hand.person.id, "PATCH", path, comment_id, mark, {"body": mark}, headers)


def submit(hand: Hand) -> Write | None:
    """Submit an idea, or begin a draft; some are anonymous."""
    mark, luck = hand.mark(), hand.luck
    body = {
        "title": mark,
        "problem": "The printer on the second floor is out of paper.",
        "solution": "Refill it, and *say so* on the door.",
        "theme": luck.choice(hand.world.themes),
        "function": luck.choice(hand.world.functions),
        "tags": ["paper", f"floor {luck.randrange(9)}"],
        "anonymous": luck.random() < 0.25,
        "draft": luck.random() < 0.3,
    }
    return hand.post("ideas.drafted" if body["draft"] else "ideas.submitted", "/ideas", "", body, mark)


def submit_draft(hand: Hand) -> Write | None:
    """Submit one's draft."""
    idea = hand.pick_own("draft")
    if idea is None:
        return None
    return hand.post("drafts.submitted", f"/ideas/{idea['id']}/submission", idea["id"], None)


def edit(hand: Hand) -> Write | None:
    """Change the title of one's idea."""
    idea = hand.pick_own("draft", "submitted", "evaluation")
    if idea is None:
        return None
    mark, path = hand.mark(), f"/ideas/{idea['id']}"
    headers = {"If-Match": f'"{idea["version"]}"'}
    return Write("ideas.edited", hand.person.id, "PATCH", path, idea["id"], mark, {"title": mark}, headers)


def withdraw(hand: Hand) -> Write | None:
    """Take one's idea back; seldom."""
    idea = hand.pick_own("submitted", "evaluation")
    if idea is None or hand.luck.random() < 0.5:
        return None
    return hand.post("ideas.withdrawn", f"/ideas/{idea['id']}/withdrawal", idea["id"], None)


def answer(hand: Hand) -> Write | None:
    """Answer a question about one's idea; nobody may have asked."""
    idea, mark = hand.pick_own("submitted", "evaluation"), hand.mark()
    if idea is None:
        return None
    body = {"action": "answer", "text": f"{mark}: yes, there is paper in the cellar."}
    return hand.post("decisions.made", f"/ideas/{idea['id']}/decisions", idea["id"], body, mark)


def decide(hand: Hand) -> Write | None:
    """Act on an idea that the person holds, as its stage suggests."""
    if not hand.queue:
        return None
    idea = hand.luck.choice(hand.queue)["idea"]
    stage, mark, luck = idea["stage"], hand.mark(), hand.luck
    text = {"text": f"{mark}: looked at with care and in good time."}
    if stage in ("submitted", "evaluation"):
        forward = {"action": "forward", "function": luck.choice(hand.world.functions)}
        onwards = {"action": "acknowledge" if stage == "submitted" else "recommend"}
        others = [forward, {"action": "clarify"}, {"action": "decline", "reason_code": "cost"}]
        body = luck.choice([onwards, onwards, onwards, *others]) | text
        return hand.post("decisions.made", f"/ideas/{idea['id']}/decisions", idea["id"], body, mark)
    onwards = luck.choice(_ONWARDS[stage]) | ({"owner": hand.person.id} if stage == "selected" else {})
    return hand.post("decisions.made", f"/ideas/{idea['id']}/transitions", idea["id"], onwards | text, mark)


def score(hand: Hand) -> Write | None:
    """Fill a scorecard of an idea in one's queue."""
    if not hand.queue:
        return None
    idea, mark = hand.luck.choice(hand.queue)["idea"]["id"], hand.mark()
    scores = {criterion: hand.luck.randint(1, 5) for criterion in hand.world.criteria}
    body = {"scores": scores, "text": mark}
    return Write("scorecards.filled", hand.person.id, "PUT", f"/ideas/{idea}/scorecard", idea, mark, body)


_MONEY = {"amount": "1200.50", "currency": "EUR", "per": "year"}
_HOLDS = [{"to": "on_hold", "wake_on": "2031-03-01"}, {"to": "resumed"}]
_ONWARDS: dict[str, list[dict[str, Any]]] = {
    "recommended": [{"to": "selected"}, {"to": "selected"}, *_HOLDS],
    "selected": [{"to": "project", "estimate": _MONEY}, *_HOLDS],
    "project": [
        {"to": "deployed", "result": "done", "benefit": _MONEY, "skip_reason": "small"},
        {
            "to": "pilot",
            "place": "Lyon",
            "starts_on": "2031-01-01",
            "ends_on": "2031-02-01",
            "success_measure": "less paper",
        },
    ],
    "pilot": [{"to": "deployed", "result": "done", "benefit_due_on": "2031-06-01"}, *_HOLDS],
}

ACTS: dict[Callable[[Hand], Write | None], int] = {
    vote: 34,
    comment: 14,
    change_comment: 7,
    submit: 9,
    submit_draft: 5,
    edit: 7,
    withdraw: 2,
    answer: 3,
    decide: 12,
    score: 4,
}
"""Each act with its weight."""
