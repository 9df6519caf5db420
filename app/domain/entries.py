"""Entering campaigns: until when they take ideas and changes of them, and from whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.campaigns import CampaignState
from app.domain.errors import Conflict, Forbidden


class Running(Protocol):
    """What the rules need to know of a campaign."""

    @property
    def state(self) -> str:
        """How far its life has come."""

    @property
    def starts_at(self) -> datetime:
        """From when on it takes ideas."""

    @property
    def collects_until(self) -> datetime | None:
        """From when on it takes no more ideas; None for the permanent box."""


class NotAddressed(Forbidden):
    """This campaign is for other parts of the company."""

    code = "campaigns.not-addressed"


class CollectNotBegun(Conflict):
    """This campaign takes no ideas yet."""

    code = "campaigns.collect-not-begun"


class CollectOver(Conflict):
    """This campaign takes no more ideas."""

    code = "campaigns.collect-over"


class EditingOver(Conflict):
    """The texts of the ideas of this campaign no longer change."""

    code = "campaigns.editing-over"


def may_submit(campaign: Running, now: datetime) -> bool:
    """Tell whether a campaign takes ideas at a moment; the permanent box always does."""
    begun = campaign.collects_until is None or campaign.starts_at <= now
    return campaign.state == CampaignState.ANNOUNCED and begun and _is_before(campaign.collects_until, now)


def check_may_submit(campaign: Running, now: datetime) -> None:
    """Let pass an idea that comes while its campaign takes ideas; who may not know of the campaign was refused before.

    `now` is the moment at which the transaction of the request began: what came before the end counts, however long
    its transaction takes.

    Raises: CollectNotBegun, CollectOver.
    """
    if may_submit(campaign, now):
        return
    if campaign.state == CampaignState.DRAFTED or now < campaign.starts_at:
        raise CollectNotBegun(f"This campaign takes ideas from {_write(campaign.starts_at)} on.")
    ended = f" since {_write(campaign.collects_until)}" if campaign.collects_until else ""
    raise CollectOver(f"This campaign takes no more ideas{ended}; a draft can go to the permanent box.")


def may_edit(edits_until: datetime | None, now: datetime) -> bool:
    """Tell whether submitted ideas of a campaign may still be changed."""
    return _is_before(edits_until, now)


def check_may_edit(edits_until: datetime | None, now: datetime) -> None:
    """Let pass a change of a submitted idea while its campaign collects or enriches.

    Raises: EditingOver.
    """
    if edits_until is not None and not may_edit(edits_until, now):
        raise EditingOver(
            f"The texts of the ideas of this campaign no longer change since {_write(edits_until)}."
        )


@dataclass(frozen=True, slots=True)
class Openings:
    """What the campaign of an idea leaves open to its authors."""

    submitting: bool = True
    editing: bool = True


EVERYTHING = Openings()


def see_openings(collects_until: datetime | None, edits_until: datetime | None, now: datetime) -> Openings:
    """Return what is open at a moment in a campaign that has begun; everything in the permanent box."""
    if collects_until is None and edits_until is None:
        return EVERYTHING
    return Openings(_is_before(collects_until, now), _is_before(edits_until, now))


def is_addressed(path: str | None, audience: Iterable[str]) -> bool:
    """Tell whether a unit is one of an audience, or below one; all are paths, and no audience means everybody."""
    listed = list(audience)
    return not listed or (path is not None and any(f"{path}/".startswith(f"{above}/") for above in listed))


def _is_before(end: datetime | None, now: datetime) -> bool:
    return end is None or now < end


def _write(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
