"""THE table of consequences: which events make which reactions follow."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from app.core.db import WriteSession
from app.domain import audiences, crowds, events, help_events
from app.domain import occasions as occasion_rules
from app.domain.happenings import Happening
from app.domain.rights_events import CommentHidden, CommentRestored, IdeaRestored
from app.domain.voting_events import SealedVoteCast, SealedVoteWithdrawn
from app.domain.webhooks import KINDS
from app.models.events import Event
from app.services import (
    activity,
    awards,
    badge_notes,
    broadcasts,
    channels,
    coaching_points,
    follows,
    help_settling,
    milestones,
    notifications,
    occasions,
    panels,
    reports,
    rewards,
    search,
    sign_ups,
    webhook_deliveries,
    webhooks,
)


class Reaction(Protocol):
    """Something that follows from events of some kinds, in batches; doing it again changes nothing."""

    def __call__(self, session: WriteSession, events: Sequence[Event], *, now: datetime) -> Awaitable[None]:
        """React to events, given in the order in which they were recorded."""


ACTIVE: tuple[type[Happening], ...] = (
    events.SignedIn,
    events.VoteCast,
    events.VoteWithdrawn,
    SealedVoteCast,
    SealedVoteWithdrawn,
    events.CommentWritten,
    events.CommentDeleted,
    CommentHidden,
    CommentRestored,
    events.IdeaSubmitted,
    events.IdeaMoved,
    events.IdeaEdited,
    events.AuthorshipAnswered,
)
"""Events by which somebody's days of activity change."""

REACTIONS: tuple[tuple[Reaction, tuple[type[Happening], ...]], ...] = (
    (rewards.settle_sign_ins, (events.SignedIn,)),
    (
        rewards.settle_votes,
        (events.VoteCast, events.VoteWithdrawn, SealedVoteCast, SealedVoteWithdrawn),
    ),
    (
        rewards.settle_comments,
        (events.CommentWritten, events.CommentDeleted, CommentHidden, CommentRestored),
    ),
    (activity.note, ACTIVE),
    (search.count_words, (events.IdeaSubmitted, events.IdeaImported, IdeaRestored)),
    (
        reports.look_for_words,
        (events.IdeaSubmitted, events.IdeaEdited, events.CommentWritten, events.CommentEdited),
    ),
    (milestones.settle_ideas, (events.IdeaSubmitted, events.IdeaMoved)),
    (coaching_points.settle_thanks, (help_events.HelpThanked, events.IdeaSubmitted, events.IdeaMoved)),
    (
        badge_notes.note_concerned,
        (
            help_events.HelpThanked,
            help_events.CommentCredited,
            help_events.CreditTaken,
            events.CommentWritten,
            events.IdeaSubmitted,
            events.IdeaMoved,
            events.IdeaEdited,
        ),
    ),
    (help_settling.settle_moved, (events.ReviewAssigned, events.ReviewReassigned, events.IdeaMoved)),
    (notifications.notify, tuple(kind for kind in events.list_kinds() if kind.kind in audiences.KINDS)),
    (
        occasions.notify,
        tuple(kind for kind in events.list_kinds() if kind.kind in occasion_rules.KINDS),
    ),
    (broadcasts.open_all, tuple(kind for kind in events.list_kinds() if kind.kind in crowds.KINDS)),
    (channels.forget_leavers, (events.EmployeeDeactivated,)),
    (sign_ups.release_leavers, (events.EmployeeDeactivated,)),
    (follows.forget_leavers, (events.EmployeeDeactivated,)),
    (
        panels.fill_again,
        (
            events.EmployeeDeactivated,
            events.RoleGranted,
            events.RoleEnded,
            events.DirectoryImported,
        ),
    ),
    # After the panels: ideas are held before prizes.
    (awards.refuse_leavers, (events.EmployeeDeactivated,)),
    (webhooks.suspend_unentitled, (events.EmployeeDeactivated, events.RoleEnded)),
    (webhook_deliveries.queue, tuple(kind for kind in events.list_kinds() if kind.kind in KINDS)),
)


async def react(session: WriteSession, happened: Sequence[Event], *, now: datetime) -> None:
    """Make everything follow from a batch of events."""
    for reaction, kinds in REACTIONS:
        names = {kind.kind for kind in kinds}
        concerned = [event for event in happened if event.kind in names]
        if concerned:
            await reaction(session, concerned, now=now)
