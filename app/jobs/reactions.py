"""THE table of consequences: which events make which reactions follow."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from app.core.db import WriteSession
from app.domain import events
from app.models.events import Event
from app.services import milestones, rewards, search


class Reaction(Protocol):
    """Something that follows from events of some kinds, in batches; doing it again changes nothing."""

    def __call__(self, session: WriteSession, events: Sequence[Event], *, now: datetime) -> Awaitable[None]:
        """React to events, given in the order in which they were recorded."""


REACTIONS: tuple[tuple[Reaction, tuple[type[events.Happening], ...]], ...] = (
    (rewards.settle_sign_ins, (events.SignedIn,)),
    (rewards.settle_votes, (events.VoteCast, events.VoteWithdrawn)),
    (rewards.settle_comments, (events.CommentWritten, events.CommentDeleted)),
    (search.count_words, (events.IdeaSubmitted, events.IdeaImported)),
    (milestones.settle_ideas, (events.IdeaSubmitted, events.IdeaMoved)),
)


async def react(session: WriteSession, happened: Sequence[Event], *, now: datetime) -> None:
    """Make everything follow from a batch of events."""
    for reaction, kinds in REACTIONS:
        names = {kind.kind for kind in kinds}
        concerned = [event for event in happened if event.kind in names]
        if concerned:
            await reaction(session, concerned, now=now)
