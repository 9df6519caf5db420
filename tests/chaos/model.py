"""What Ideabox must be, said once more: ideas, people and the table of moves, written from the product's rules alone.

Nothing here imports the application: what both got wrong in the same way would not be seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

REVIEW = frozenset({"submitted", "evaluation"})
COMMITTEE = frozenset({"recommended", "selected", "project", "pilot"})
OPEN = REVIEW | COMMITTEE
NO_VOTES = frozenset({"draft", "declined", "withdrawn", "merged"})
NO_COMMENTS = frozenset({"draft", "merged"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of moves: `to` empty means where it stands, `back` where it was declined.

    `flag` is what must stand (or, with `!`, must not stand) beside the stage.
    """

    act: str
    sources: frozenset[str]
    to: str
    by: str
    flag: str = ""


def _rows() -> Iterable[Row]:
    yield Row("submit", frozenset({"draft"}), "submitted", "author")
    yield Row("acknowledge", frozenset({"submitted"}), "evaluation", "holder")
    yield Row("forward", REVIEW, "submitted", "holder")
    yield Row("clarify", REVIEW, "", "holder", "!clarification")
    yield Row("answer", REVIEW, "", "author", "clarification")
    yield Row("recommend", frozenset({"evaluation"}), "recommended", "holder")
    yield Row("decline", REVIEW, "declined", "holder")
    yield Row("select", frozenset({"recommended"}), "selected", "committee", "!on_hold")
    yield Row("start_project", frozenset({"selected"}), "project", "committee", "!on_hold")
    yield Row("start_pilot", frozenset({"project"}), "pilot", "committee", "!on_hold")
    yield Row("deploy", frozenset({"project", "pilot"}), "deployed", "committee", "!on_hold")
    yield Row("decline", COMMITTEE, "declined", "committee")
    yield Row("hold", COMMITTEE, "", "committee", "!on_hold")
    yield Row("resume", COMMITTEE, "", "committee", "on_hold")
    yield Row("reopen", frozenset({"declined"}), "back", "seat")
    yield Row("appeal", frozenset({"declined"}), "back", "author")
    yield Row("withdraw", OPEN, "withdrawn", "author")
    yield Row("merge", OPEN, "merged", "reviewers")


TABLE = tuple(_rows())


def is_path(steps: Iterable[tuple[str, str, str]]) -> bool:
    """Tell whether (act, from, to) in their order lead through the table, from a draft on.

    Going back after a decline leads to where the last decline was made.
    """
    stage, declined_at = "draft", ""
    for act, source, target in steps:
        if source != stage:
            return False
        rows = [row for row in TABLE if row.act == act and stage in row.sources]
        targets = {declined_at if row.to == "back" else row.to or stage for row in rows}
        if target not in targets:
            return False
        if target == "declined":
            declined_at = stage
        stage = target
    return True


@dataclass(frozen=True, slots=True)
class Company:
    """Who is who, by identifier: `correspondents` by function, `line` everybody too close to an author's ideas."""

    correspondents: Mapping[str, frozenset[str]]
    innovation_managers: frozenset[str]
    sponsors: frozenset[str]
    admins: frozenset[str]
    line: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def bars(self, person: str, author: str) -> bool:
        """Tell whether somebody keeps their hands off an author's ideas."""
        return person == author or person in self.line.get(author, ())

    def sits(self, person: str) -> bool:
        """Tell whether somebody is of the committee."""
        return person in self.innovation_managers or person in self.sponsors

    def corresponds(self, person: str) -> bool:
        """Tell whether somebody is a correspondent, of whatever function."""
        return any(person in people for people in self.correspondents.values())

    def find_holders(self, idea: "Idea", avoided: frozenset[str]) -> frozenset[str]:
        """Return everybody to whom the idea may go where it stands; which of them, loads and entities decide."""
        own = self.correspondents.get(idea.function, frozenset())
        others = frozenset().union(*self.correspondents.values())
        tiers = [own, others, self.innovation_managers, self.admins]
        if idea.stage not in REVIEW:
            tiers = [self.innovation_managers, self.sponsors, self.admins]
        for tier in tiers:
            left = frozenset(one for one in tier - avoided if not self.bars(one, idea.author))
            if left:
                return left
        return frozenset()


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea: `comments` are those that stand (label, author), `path` its moves as (act, from, to).

    `voted` and `said` are everybody who ever voted or commented here: they may have got a point for it.
    """

    author: str
    function: str
    anonymous: bool = False
    stage: str = "draft"
    clarification: bool = False
    on_hold: bool = False
    declined_at: str = ""
    appealed: bool = False
    holder: str | None = None
    voters: frozenset[str] = frozenset()
    comments: frozenset[tuple[int, str]] = frozenset()
    cards: frozenset[str] = frozenset()
    decliners: frozenset[str] = frozenset()
    path: tuple[tuple[str, str, str], ...] = ()
    voted: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()


World = tuple[Idea, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody asks for; `complete` says whether it shows what its gate wants.

    `door` is `decisions` or `transitions` for acts that have both; `label` names a comment, `into` an idea.
    """

    kind: str
    who: str
    idea: int
    complete: bool = True
    door: str = ""
    function: str = ""
    into: int = -1
    label: int = -1


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: the status, of a success what the act itself decides, of a vote the number `told`."""

    status: int
    seen: tuple[str | int | bool, ...] = ()
    told: tuple[int, ...] = ()
