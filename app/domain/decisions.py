"""Decisions: whose hand an act needs, and the one answer for everybody else."""

from typing import Protocol

from app.domain.actors import Actor
from app.domain.errors import Forbidden
from app.domain.pipeline import By
from app.domain.roles import Role


class Held(Protocol):
    """What the rule needs to know of an idea."""

    anonymous: bool
    holder_id: str | None
    function_id: str | None
    campaign_id: str


class NotYoursToDecide(Forbidden):
    """This act is in somebody else's hands."""

    code = "decisions.not-yours"


class Conflicted(Forbidden):
    """You are too close to this idea to act on it; it is in other hands."""

    code = "decisions.conflicted"


def is_committee(actor: Actor, idea: Held) -> bool:
    """Tell whether a person sits in the committee for an idea: an innovation manager or a sponsor of its campaign."""
    return actor.has_for(Role.INNOVATION_MANAGER, campaign_id=idea.campaign_id) or any(
        grant.role is Role.SPONSOR and grant.campaign_id in (None, idea.campaign_id) for grant in actor.grants
    )


def check_hand(actor: Actor, idea: Held, by: By, *, is_author: bool, conflicted: bool) -> None:
    """Let pass whose act it is.

    On an anonymous idea only the holder has acts, and everybody else gets the same refusal, conflicted or
    not: a difference would tell the author's line. Elsewhere a conflict is said to the person.

    Raises: NotYoursToDecide, Conflicted.
    """
    if by is By.AUTHOR:
        if not is_author:
            raise NotYoursToDecide
        return
    holds = idea.holder_id == actor.id
    if conflicted:
        raise NotYoursToDecide if idea.anonymous else Conflicted
    if holds:
        return
    if idea.anonymous or by is By.HOLDER:
        raise NotYoursToDecide
    sits = is_committee(actor, idea)
    if by is By.REVIEWERS:
        sits = sits or actor.has(Role.CORRESPONDENT)
    if not sits:
        raise NotYoursToDecide


def may_act(actor: Actor, idea: Held, by: By, *, is_author: bool, conflicted: bool) -> bool:
    """Tell whether an act is in a person's hands."""
    try:
        check_hand(actor, idea, by, is_author=is_author, conflicted=conflicted)
    except Forbidden:
        return False
    return True
