"""Abilities: what a reader may do with an idea now, sent with each idea so that no client derives a rule."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from app.domain import comments, decisions, help_requests, ideas, pipeline, restrictions, votes
from app.domain.actors import Actor
from app.domain.entries import EVERYTHING, Openings
from app.domain.pipeline import Act, Stage
from app.domain.roles import Role
from app.domain.votings import Counting


class Viewed(Protocol):
    """An idea as the rules see it; table rows and feed rows fit by their shape."""

    id: str
    stage: str
    clarification: bool
    on_hold: bool
    declined_at: str | None
    appealed_at: datetime | None
    anonymous: bool
    hidden_code: str | None
    restriction: str | None
    holder_id: str | None
    function_id: str | None
    campaign_id: str


def list_abilities(
    actor: Actor,
    idea: Viewed,
    *,
    is_author: bool,
    conflicted: bool,
    invited: bool = False,
    counting: str = Counting.FREE,
    openings: Openings = EVERYTHING,
) -> list[str]:
    """Return what a person may do with an idea: acts of the pipeline by their names, and the others.

    Whoever has no token left still reads `vote`: only the voting of the campaign knows the reader's tokens.
    """
    able = list(_everyday(idea, is_author=is_author, counting=counting, openings=openings))
    if invited:
        able.append("answer_invitation")
    for move in pipeline.list_moves(idea):
        open_to = _OPEN_TO.get(move.act, _always)(idea, openings)
        if open_to and decisions.may_act(actor, idea, move.by, is_author=is_author, conflicted=conflicted):
            able.append(move.act.value)
    if restrictions.may_restrict(actor, idea, is_author=is_author, conflicted=conflicted):
        able.append("restrict")
    if may_score(actor, idea, conflicted=conflicted or is_author):
        able.append("score")
    return able


def _always(_idea: Viewed, _openings: Openings) -> bool:
    return True


_OPEN_TO: dict[Act, Callable[[Viewed, Openings], bool]] = {
    Act.APPEAL: lambda idea, _: idea.appealed_at is None,
    Act.SUBMIT: lambda idea, openings: openings.submitting and idea.restriction is None,
}
"""Acts that need more than the stage."""


def _everyday(idea: Viewed, *, is_author: bool, counting: str, openings: Openings) -> Iterable[str]:
    if counting != Counting.OVER and votes.may_vote(idea, is_author=is_author):
        yield "vote"
    if comments.may_comment(idea):
        yield "comment"
    if is_author and idea.stage in ideas.EDITABLE:
        if idea.hidden_code is None and (openings.editing or idea.stage == Stage.DRAFT):
            yield "edit"
        if idea.restriction is None:
            yield "invite"
    if idea.restriction is None and help_requests.may_ask(idea, is_author=is_author):
        yield "ask_for_help"
    if is_author and idea.stage == Stage.DRAFT and idea.restriction is None:
        yield "delete"
    if not is_author and idea.stage in pipeline.OPEN_STAGES:
        yield "stand_back"


def may_score(actor: Actor, idea: Viewed, *, conflicted: bool) -> bool:
    """Tell whether a person may fill a scorecard now."""
    return idea.stage in pipeline.OPEN_STAGES and evaluates(actor, idea, conflicted=conflicted)


def evaluates(actor: Actor, idea: Viewed, *, conflicted: bool) -> bool:
    """Tell whether scorecards of an idea are a person's to fill: the holder's, the committee's, a developer's."""
    if conflicted:
        return False
    if idea.holder_id == actor.id:
        return True
    return not idea.anonymous and (
        decisions.is_committee(actor, idea)
        or actor.has_for(Role.IDEA_DEVELOPER, function_id=idea.function_id)
    )
