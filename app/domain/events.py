"""Events: what happened, in the past tense. Each is written in the transaction of the change itself."""

from app.domain import (
    badge_events,
    campaign_events,
    clock_events,
    export_events,
    gathering_events,
    help_events,
    identity_events,
    innovator_events,
    leaderboard_events,
    news_events,
    nudge_events,
    prize_events,
    restriction_events,
    reward_events,
    rights_events,
    segment_events,
    voting_events,
    webhook_events,
)
from app.domain.happenings import Happening

_APART = (
    badge_events,
    campaign_events,
    clock_events,
    export_events,
    gathering_events,
    help_events,
    innovator_events,
    leaderboard_events,
    news_events,
    identity_events,
    nudge_events,
    prize_events,
    restriction_events,
    reward_events,
    rights_events,
    segment_events,
    voting_events,
    webhook_events,
)
"""The modules that say what else happens."""


class IdeaDrafted(Happening):
    """A draft was begun. Subject: the idea."""

    kind = "ideas.drafted"


class IdeaSubmitted(Happening):
    """An idea was submitted. Subject: the idea."""

    kind = "ideas.submitted"


class IdeaEdited(Happening):
    """The texts of an idea were changed. Subject: the idea; payload: `version`."""

    kind = "ideas.edited"


class DraftDeleted(Happening):
    """A draft was deleted. Subject: the former idea."""

    kind = "ideas.draft-deleted"


class IdeaImported(Happening):
    """An idea came in from elsewhere. Subject: the idea."""

    kind = "ideas.imported"


class CoauthorInvited(Happening):
    """Somebody was asked to write an idea together. Subject: the idea."""

    kind = "authorships.invited"


class AuthorshipAnswered(Happening):
    """An invitation was accepted, refused, or an authorship ended. Subject: the idea; payload: `state`."""

    kind = "authorships.answered"


class ConflictDeclared(Happening):
    """Somebody stood back from an idea. Subject: the idea."""

    kind = "conflicts.declared"


class ReviewAssigned(Happening):
    """An idea got a holder, or waits for one. Subject: the review; payload: `idea`."""

    kind = "reviews.assigned"


class ReviewReminded(Happening):
    """A holder was reminded before an answer is due. Subject: the review; payload: `idea`, `to`."""

    kind = "reviews.reminded"


class ReviewLate(Happening):
    """An answer was not given when it was due. Subject: the review; payload: `idea`, `to` (empty: the authors)."""

    kind = "reviews.late"


class ReviewReassigned(Happening):
    """The clock gave an idea to somebody else. Subject: the new review; payload: `idea`, `to`, `from`."""

    kind = "reviews.reassigned"


class ReviewEscalated(Happening):
    """An answer is so late that the innovation managers hear of it. Subject: the review; payload: `idea`, `to`."""

    kind = "reviews.escalated"


class ReviewWoken(Happening):
    """The clock of a held idea goes on: its wake-up date has come. Subject: the review; payload: `idea`, `to`."""

    kind = "reviews.woken"


class IdeaMoved(Happening):
    """An act moved an idea. Subject: the idea; payload: `act`, `from`, `to`."""

    kind = "pipeline.moved"


class ScorecardFilled(Happening):
    """An evaluator filled a scorecard. Subject: the idea."""

    kind = "scorecards.filled"


class VoteCast(Happening):
    """A vote was cast. Subject: the vote, so that voter and idea never stand together."""

    kind = "votes.cast"


class VoteWithdrawn(Happening):
    """A vote was withdrawn. Subject: the vote, so that voter and idea never stand together."""

    kind = "votes.withdrawn"


class CommentWritten(Happening):
    """A comment was written. Subject: the comment."""

    kind = "comments.written"


class CommentEdited(Happening):
    """A comment was changed. Subject: the comment."""

    kind = "comments.edited"


class CommentDeleted(Happening):
    """A comment was taken back. Subject: the comment."""

    kind = "comments.deleted"


class SignedIn(Happening):
    """A person signed in interactively. Subject: the person."""

    kind = "sessions.signed-in"


class SessionRevoked(Happening):
    """A session ended before its time. Subject: the session; payload: `why`."""

    kind = "sessions.revoked"


class PasswordSet(Happening):
    """A person set a password. Subject: the person."""

    kind = "passwords.set"


class LinkIssued(Happening):
    """A one-time link was made. Subject: the person; payload: `purpose`."""

    kind = "links.issued"


class DirectoryImported(Happening):
    """A directory file was applied. Subject: the importing person or the installation; payload: counts."""

    kind = "directory.imported"


class EmployeeDeactivated(Happening):
    """A person left, and with that lost every role. Subject: the person."""

    kind = "employees.deactivated"


class EmployeeReactivated(Happening):
    """A person came back. Subject: the person."""

    kind = "employees.reactivated"


class RoleGranted(Happening):
    """A role was granted. Subject: the grant; payload: `role`, `employee`, what for."""

    kind = "roles.granted"


class RoleEnded(Happening):
    """A role ended. Subject: the grant; payload: `role`, `employee`, what for."""

    kind = "roles.ended"


class RoutingRuleChanged(Happening):
    """The rule table of the routing was changed. Subject: the rule; payload: `change`."""

    kind = "routing-rules.changed"


def list_kinds() -> list[type[Happening]]:
    """Return every event there is, in the order of its dotted name."""
    modules = {__name__, *(each.__name__ for each in _APART)}
    here = [happening for happening in Happening.__subclasses__() if happening.__module__ in modules]
    return sorted(here, key=lambda happening: happening.kind)
