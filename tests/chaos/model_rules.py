"""What each act leads to: the refusals in their order, and every state that may follow."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from tests.chaos.model import NO_COMMENTS, NO_VOTES, OPEN, TABLE, Act, Company, Idea, Reply, Row, World

Outcomes = Iterator[tuple[Reply, World]]


def explain(
    company: Company, worlds: Iterable[World], acts: list[Act], replies: list[Reply]
) -> frozenset[World]:
    """Return every world that may stand after acts at the same time with these replies, in whatever order.

    Who votes is told the number of votes after their own vote, or a later one of the same moment.
    """
    found: set[World] = set()
    for order in permutations(range(len(acts))):
        standing = {(world, frozenset[Told]()) for world in worlds}
        for number in order:
            told = {Told(acts[number].idea, one) for one in replies[number].told}
            standing = {
                (after, frozenset(one for one in open_ | told if not one.fits(after)))
                for world, open_ in standing
                for reply, after in carry_out(company, world, acts[number])
                if (reply.status, reply.seen) == (replies[number].status, replies[number].seen)
            }
        found |= {world for world, open_ in standing if not open_}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Told:
    """A number of votes that somebody was told of an idea."""

    idea: int
    votes: int

    def fits(self, world: World) -> bool:
        """Tell whether the idea has so many."""
        return len(world[self.idea].voters) == self.votes


def carry_out(company: Company, world: World, act: Act) -> Outcomes:
    """Give every reply that an act may get, with the world after it; several where routing has a choice."""
    idea = world[act.idea]
    if idea.stage == "draft" and act.who != idea.author:
        yield Reply(404), world
        return
    yield from _KINDS.get(act.kind, _move)(company, world, act)


def list_moves(company: Company, idea: Idea, who: str) -> set[str]:
    """Return the names of the moves that are somebody's to make now."""
    if idea.stage == "draft" and who != idea.author:
        return set()
    return {
        row.act
        for row in TABLE
        if _fits(row, idea)
        and _has_hand(company, idea, who, row.by)
        and not (row.act == "appeal" and idea.appealed)
    }


def may_score(company: Company, idea: Idea, who: str) -> bool:
    """Tell whether somebody may fill a scorecard of an idea that is open."""
    return _has_hand(company, idea, who, "committee")


def _vote(_company: Company, world: World, act: Act) -> Outcomes:
    idea = world[act.idea]
    if act.who == idea.author:
        yield Reply(403), world
    elif idea.stage in NO_VOTES:
        yield Reply(409), world
    else:
        casts = act.kind == "vote"
        voters = idea.voters | {act.who} if casts else idea.voters - {act.who}
        voted = idea.voted | {act.who} if casts else idea.voted
        yield Reply(200, (casts,)), _put(world, act, replace(idea, voters=voters, voted=voted))


def _say(_company: Company, world: World, act: Act) -> Outcomes:
    idea = world[act.idea]
    if idea.stage in NO_COMMENTS:
        yield Reply(409), world
    else:
        comments = idea.comments | {(act.label, act.who)}
        yield Reply(201), _put(world, act, replace(idea, comments=comments, said=idea.said | {act.who}))


def _unsay(_company: Company, world: World, act: Act) -> Outcomes:
    """Take a comment back that was made earlier, by its label; `function` carries its author."""
    idea = world[act.idea]
    if act.who != act.function:
        yield Reply(403), world
    elif (act.label, act.who) not in idea.comments:
        yield Reply(409), world
    else:
        yield Reply(204), _put(world, act, replace(idea, comments=idea.comments - {(act.label, act.who)}))


def _score(company: Company, world: World, act: Act) -> Outcomes:
    idea = world[act.idea]
    if not may_score(company, idea, act.who):
        yield Reply(403), world
    elif idea.stage not in OPEN:
        yield Reply(409), world
    else:
        yield Reply(200), _put(world, act, replace(idea, cards=idea.cards | {act.who}))


def _move(company: Company, world: World, act: Act) -> Outcomes:
    idea = world[act.idea]
    by = _find_hand(act)
    if not _has_hand(company, idea, act.who, by):
        yield Reply(403), world
        return
    row = next((row for row in TABLE if row.act == act.kind and row.by == by and _fits(row, idea)), None)
    if row is None or (act.kind == "appeal" and idea.appealed):
        yield Reply(409), world
    elif (status := _find_gate(company, world, act)) != 201:
        yield Reply(status), world
    else:
        moved = _apply(idea, row, act)
        seen = (moved.stage, moved.clarification, moved.on_hold)
        for held in _hand_over(company, idea, moved, act):
            yield Reply(201, seen), _put(world, act, held)


def _find_hand(act: Act) -> str:
    """Return whose hand an act needs, by its door where there are two."""
    if act.kind == "decline":
        return "holder" if act.door == "decisions" else "committee"
    return next(row.by for row in TABLE if row.act == act.kind)


def _has_hand(company: Company, idea: Idea, who: str, by: str) -> bool:
    """On an anonymous idea nobody acts but its author and its holder; the holder's hand counts as the committee's."""
    if by == "author":
        return who == idea.author
    if company.bars(who, idea.author):
        return False
    holds = who == idea.holder
    if idea.anonymous or by == "holder":
        return holds
    if by == "seat":
        return company.sits(who)
    return holds or company.sits(who) or (by == "reviewers" and company.corresponds(who))


def _fits(row: Row, idea: Idea) -> bool:
    flags = {"": True, "clarification": idea.clarification, "on_hold": idea.on_hold}
    flagged = flags[row.flag.removeprefix("!")] is not row.flag.startswith("!")
    return idea.stage in row.sources and flagged


def _find_gate(company: Company, world: World, act: Act) -> int:
    """Return 201 when the act shows what it must, else the status of the refusal."""
    idea = world[act.idea]
    if not act.complete and act.kind not in (
        "submit",
        "acknowledge",
        "select",
        "withdraw",
        "appeal",
        "merge",
        "resume",
    ):
        return 422
    if act.kind == "forward" and act.function == idea.function:
        return 422
    if act.kind == "select" and all(company.bars(one, idea.author) for one in idea.cards):
        return 422
    if act.kind == "merge":
        if act.into == act.idea or world[act.into].stage not in OPEN:
            return 422
        if not _has_hand(company, world[act.into], act.who, "reviewers"):
            return 403
    return 201


def _apply(idea: Idea, row: Row, act: Act) -> Idea:
    """Move an idea; another stage ends a clarification and a hold, and so does going back."""
    target = idea.declined_at if row.to == "back" else row.to or idea.stage
    path = (*idea.path, (act.kind, idea.stage, target))
    if act.kind in ("clarify", "answer"):
        return replace(idea, path=path, clarification=act.kind == "clarify")
    if act.kind in ("hold", "resume"):
        return replace(idea, path=path, on_hold=act.kind == "hold")
    moved = replace(idea, path=path, stage=target, clarification=False, on_hold=False)
    if act.kind == "decline":
        return replace(moved, declined_at=idea.stage, decliners=idea.decliners | {act.who})
    if act.kind == "appeal":
        return replace(moved, appealed=True)
    return replace(moved, function=act.function) if act.kind == "forward" else moved


def _hand_over(company: Company, before: Idea, after: Idea, act: Act) -> Iterable[Idea]:
    """Give the idea with every holder that it may get by the act."""
    former = frozenset({before.holder} if before.holder else ())
    declined_by = after.decliners if after.appealed else frozenset[str]()
    if act.kind == "decline" and after.anonymous:
        # A panel is named that may reopen it: one of the committee, not who declined.
        holders = company.find_holders(replace(after, stage="recommended"), former)
    elif act.kind in ("submit", "recommend"):
        holders = company.find_holders(after, declined_by)
    elif act.kind in ("forward", "reopen"):
        holders = company.find_holders(after, former | declined_by)
        holders = holders or company.find_holders(after, declined_by)
    elif act.kind == "appeal":
        holders = company.find_holders(after, former | declined_by)
    else:
        return [after]
    return [replace(after, holder=one) for one in sorted(holders)] or [replace(after, holder=None)]


def _put(world: World, act: Act, idea: Idea) -> World:
    return (*world[: act.idea], idea, *world[act.idea + 1 :])


_KINDS: dict[str, Callable[[Company, World, Act], Outcomes]] = {
    "vote": _vote,
    "unvote": _vote,
    "comment": _say,
    "uncomment": _unsay,
    "score": _score,
}
