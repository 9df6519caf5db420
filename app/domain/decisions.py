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
    roles = (Role.INNOVATION_MANAGER, Role.SPONSOR)
    return any(actor.has_for(role, campaign_id=idea.campaign_id) for role in roles)


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
    if conflicted:
        raise NotYoursToDecide if idea.anonymous else Conflicted
    if not _is_in_hand(actor, idea, by):
        raise NotYoursToDecide


def _is_in_hand(actor: Actor, idea: Held, by: By) -> bool:
    """Tell whether an act is somebody's by holding the idea or by their seat.

    The holder's hand counts as the committee's: where all of them are too close, an admin leads the idea. Only a
    seat is not had by holding, so that nobody reopens what they declined themselves; on an anonymous idea nobody
    else could.
    """
    holds = idea.holder_id == actor.id
    if idea.anonymous or by is By.HOLDER:
        return holds
    if by is By.SEAT:
        return is_committee(actor, idea)
    return holds or is_committee(actor, idea) or (by is By.REVIEWERS and actor.has(Role.CORRESPONDENT))


def may_act(actor: Actor, idea: Held, by: By, *, is_author: bool, conflicted: bool) -> bool:
    """Tell whether an act is in a person's hands."""
    try:
        check_hand(actor, idea, by, is_author=is_author, conflicted=conflicted)
    except Forbidden:
        return False
    return True
