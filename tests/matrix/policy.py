"""Who may do what, read from the product's description alone; nothing of the application is imported here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

EMPLOYEE = "employee"
ROLES: dict[str, tuple[str, str] | None] = {
    EMPLOYEE: None,
    "correspondent": ("correspondent", "function"),
    "correspondent elsewhere": ("correspondent", "other function"),
    "facilitator": ("facilitator", "all"),
    "idea developer": ("idea_developer", "all"),
    "community manager": ("community_manager", "all"),
    "innovation manager": ("innovation_manager", "all"),
    "sponsor": ("sponsor", "all"),
    "sponsor of the campaign": ("sponsor", "campaign"),
    "sponsor elsewhere": ("sponsor", "other campaign"),
    "hr": ("hr", "all"),
    "works council": ("works_council", "all"),
    "admin": ("admin", "all"),
}
"""What one wears: a role, and what it is granted for, as seen from the idea."""

CORRESPONDENTS = frozenset({"correspondent", "correspondent elsewhere"})
COMMITTEE = frozenset({"innovation manager", "sponsor", "sponsor of the campaign"})
MODERATORS = frozenset({"community manager", "innovation manager", "admin"})
SPONSORS = frozenset({"sponsor", "sponsor of the campaign", "sponsor elsewhere"})

AUTHORS = ("author", "co-author")
BARRED = (
    "line manager",
    "manager above",
    "co-author's manager",
    "direct report",
    "stood back",
    "former co-author",
    "in doubt",
    "line manager who holds",
)
FREE = ("invited", "holder", "peer", "stranger")
RELATIONS = (*AUTHORS, *BARRED, *FREE)
CONFLICTED = frozenset(AUTHORS + BARRED)


@dataclass(frozen=True)
class Situation:
    """Where an idea stands, with the flags that change what can be done."""

    stage: str
    clarification: bool = False
    on_hold: bool = False
    appealed: bool = False
    anonymous: bool = False

    def __str__(self) -> str:
        flags = [
            name for name in ("clarification", "on_hold", "appealed", "anonymous") if getattr(self, name)
        ]
        return " ".join([self.stage, *flags])


REVIEW = frozenset({"submitted", "evaluation"})
GATES = frozenset({"recommended", "selected", "project", "pilot"})
OPEN = REVIEW | GATES
ENDS = frozenset({"deployed", "declined", "withdrawn", "merged"})
EVERY = OPEN | ENDS | {"draft"}
NEVER_EDITED = GATES | ENDS

_STANDING = [
    Situation(stage, clarification=flag and stage in REVIEW, on_hold=flag and stage in GATES)
    for stage, flag in product(
        ("submitted", "evaluation", "recommended", "selected", "project", "pilot"), (False, True)
    )
]
_NAMED = [
    Situation("draft"),
    *_STANDING,
    Situation("deployed"),
    Situation("declined"),
    Situation("declined", appealed=True),
    Situation("withdrawn"),
    Situation("merged"),
]
SITUATIONS = [
    Situation(each.stage, each.clarification, each.on_hold, each.appealed, anonymous)
    for each in _NAMED
    for anonymous in (False, True)
]


class Hand(StrEnum):
    """In whose hands an act is."""

    ANYBODY = "anybody"
    OTHERS = "anybody but the authors"
    AUTHORS = "the authors"
    HOLDER = "the holder"
    COMMITTEE = "the committee"
    REVIEWERS = "correspondents and the committee"
    RESTRICTING = "the authors, the holder, moderators"
    EVALUATORS = "the holder, the committee, idea developers"


class Verdict(StrEnum):
    """What becomes of a request."""

    UNKNOWN = "404"
    FORBIDDEN = "403"
    CONFLICT = "409"
    GATE = "422"
    DONE = "done"


@dataclass(frozen=True)
class Act:
    """Something one does to an idea: an operation, with what of its body makes it this act.

    `ability` is its name in `can`, empty where it has none. `unmet` says that the request can lack what the
    act must show, or the version it was made on. `only` are the relations for which there is something to do.
    """

    name: str
    operation: str
    hand: Hand
    stages: frozenset[str] = EVERY
    clarification: bool | None = None
    on_hold: bool | None = None
    appealed: bool | None = None
    ability: str = ""
    unmet: bool = True
    writes: bool = True
    only: frozenset[str] = frozenset(RELATIONS)


def _stages(*names: str) -> frozenset[str]:
    return frozenset(names)


_A, _H, _C = Hand.AUTHORS, Hand.HOLDER, Hand.COMMITTEE
_EDITABLE = REVIEW | {"draft"}
_VOTED = EVERY - {"draft", "declined", "withdrawn", "merged"}
_TALKED = EVERY - {"draft", "merged"}
_DECLINED = _stages("declined")
_HELPED = EVERY - {"deployed", "withdrawn", "merged"}

READS = tuple(
    Act(name, name, Hand.ANYBODY, unmet=False, writes=False)
    for name in (
        "read_idea",
        "list_comments",
        "list_authors",
        "read_itinerary",
        "verify_itinerary",
        "explain_routing",
        "read_idea_follow",
    )
)
MOVES = (
    Act("submit", "submit_draft", _A, _stages("draft"), ability="submit", unmet=False),
    Act("acknowledge", "decide", _H, _stages("submitted"), ability="acknowledge", unmet=False),
    Act("forward", "decide", _H, REVIEW, ability="forward"),
    Act("clarify", "decide", _H, REVIEW, clarification=False, ability="clarify"),
    Act("answer", "decide", _A, REVIEW, clarification=True, ability="answer"),
    Act("recommend", "decide", _H, _stages("evaluation"), ability="recommend"),
    Act("decline in review", "decide", _H, REVIEW, ability="decline"),
    Act("select", "move_idea", _C, _stages("recommended"), on_hold=False, ability="select"),
    Act("start project", "move_idea", _C, _stages("selected"), on_hold=False, ability="start_project"),
    Act("start pilot", "move_idea", _C, _stages("project"), on_hold=False, ability="start_pilot"),
    Act("deploy", "move_idea", _C, _stages("project", "pilot"), on_hold=False, ability="deploy"),
    Act("decline at a gate", "move_idea", _C, GATES, ability="decline"),
    Act("hold", "move_idea", _C, GATES, on_hold=False, ability="hold"),
    Act("resume", "move_idea", _C, GATES, on_hold=True, ability="resume", unmet=False),
    Act("reopen", "move_idea", _C, _DECLINED, ability="reopen"),
    Act("appeal", "appeal", _A, _DECLINED, appealed=False, ability="appeal", unmet=False),
    Act("withdraw", "withdraw_idea", _A, OPEN, ability="withdraw", unmet=False),
    Act("merge", "merge", Hand.REVIEWERS, OPEN, ability="merge"),
)
OTHERS = (
    Act("edit", "edit_idea", _A, _EDITABLE, ability="edit"),
    Act("delete", "delete_draft", _A, _stages("draft"), ability="delete"),
    Act("vote", "cast_vote", Hand.OTHERS, _VOTED, ability="vote", unmet=False),
    Act("take the vote back", "withdraw_vote", Hand.OTHERS, _VOTED, unmet=False),
    Act("follow", "follow_idea", Hand.ANYBODY, EVERY - {"draft"}, unmet=False),
    Act("unfollow", "unfollow_idea", Hand.ANYBODY, unmet=False),
    Act("comment", "write_comment", Hand.ANYBODY, _TALKED, ability="comment"),
    Act("edit one's comment", "edit_comment", Hand.ANYBODY),
    Act("delete one's comment", "delete_comment", Hand.ANYBODY),
    Act("score", "fill_scorecard", Hand.EVALUATORS, OPEN, ability="score"),
    Act("stand back", "stand_back", Hand.OTHERS, OPEN, ability="stand_back", unmet=False),
    Act("invite", "invite_author", _A, _EDITABLE, ability="invite"),
    Act("restrict", "restrict_idea", Hand.RESTRICTING, ability="restrict", unmet=False),
    Act("ask for help", "ask_for_help", _A, _HELPED, ability="ask_for_help", unmet=False),
    Act("take the invitation back", "end_authorship", _A, _EDITABLE, unmet=False),
    Act("leave", "end_authorship", _A, _EDITABLE, unmet=False, only=_stages("co-author")),
    Act("join", "answer_invitation", Hand.ANYBODY, _EDITABLE, unmet=False, only=_stages("invited")),
    Act(
        "refuse to join",
        "answer_invitation",
        Hand.ANYBODY,
        ability="answer_invitation",
        unmet=False,
        only=_stages("invited"),
    ),
)
ACTS = (*READS, *MOVES, *OTHERS)
ABILITIES = sorted({act.ability for act in ACTS if act.ability})


def may_see(relation: str, situation: Situation) -> bool:
    """Drafts exist for their authors and for whom they invite; what was submitted is open to all."""
    return situation.stage != "draft" or relation in (*AUTHORS, "invited")


def has_hand(act: Act, role: str, relation: str, situation: Situation) -> bool:
    """Tell whether an act is in somebody's hands, wherever the idea stands."""
    return _HANDS[act.hand](act, role, relation, situation)


def fits(act: Act, relation: str, situation: Situation) -> bool:
    """Tell whether an idea stands where an act can be made."""
    return (
        situation.stage in act.stages
        and act.clarification in (None, situation.clarification)
        and act.on_hold in (None, situation.on_hold)
        and act.appealed in (None, situation.appealed)
        and relation in act.only
    )


def predict(act: Act, role: str, relation: str, situation: Situation, *, unmet: bool = False) -> Verdict:
    """Return what becomes of an act, in the order in which a request is refused; `unmet` lacks what it must show."""
    if not may_see(relation, situation):
        return Verdict.UNKNOWN
    if not has_hand(act, role, relation, situation):
        return Verdict.FORBIDDEN
    if not fits(act, relation, situation):
        return Verdict.CONFLICT
    return Verdict.GATE if unmet and act.unmet else Verdict.DONE


def list_abilities(role: str, relation: str, situation: Situation) -> set[str]:
    """Return what `can` must hold."""
    return {
        act.ability for act in ACTS if act.ability and predict(act, role, relation, situation) is Verdict.DONE
    }


def _holds(act: Act, relation: str, situation: Situation) -> bool:
    """Holding counts as a seat, and whoever held an idea last is told that it is over.

    Reopening alone is kept for the committee's own seats; an anonymous idea has no other hand than its last.
    """
    if act.name == "reopen" and not situation.anonymous:
        return False
    return relation == "holder" and situation.stage != "draft"


def _is_one_of(roles: frozenset[str]) -> Callable[[Act, str, str, Situation], bool]:
    """The holder, and on ideas with a name some roles: an anonymous idea is in one hand. Nobody conflicted."""

    def ask(act: Act, role: str, relation: str, situation: Situation) -> bool:
        if relation in CONFLICTED:
            return False
        return _holds(act, relation, situation) or (not situation.anonymous and role in roles)

    return ask


def _restricts(_act: Act, role: str, relation: str, situation: Situation) -> bool:
    """Authors always; the holder while it is open; moderators where it has names. Nobody conflicted."""
    if relation in AUTHORS or relation in CONFLICTED:
        return relation in AUTHORS
    if relation == "holder" and situation.stage in OPEN:
        return True
    return role in MODERATORS and not situation.anonymous and situation.stage != "draft"


_HANDS: dict[Hand, Callable[[Act, str, str, Situation], bool]] = {
    Hand.ANYBODY: lambda _act, _role, _relation, _situation: True,
    Hand.OTHERS: lambda _act, _role, relation, _situation: relation not in AUTHORS,
    Hand.AUTHORS: lambda _act, _role, relation, _situation: relation in AUTHORS,
    Hand.HOLDER: _is_one_of(frozenset()),
    Hand.COMMITTEE: _is_one_of(COMMITTEE),
    Hand.REVIEWERS: _is_one_of(COMMITTEE | CORRESPONDENTS),
    Hand.RESTRICTING: _restricts,
    Hand.EVALUATORS: _is_one_of(COMMITTEE | {"idea developer"}),
}
