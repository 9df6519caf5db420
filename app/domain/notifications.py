"""Notifications: THE catalogue of what people are told, and when something that was asked is done."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.errors import NotFound
from app.domain.pipeline import Act
from app.domain.subjects import Topic


class Kind(StrEnum):
    """What somebody is told."""

    REVIEW_ASSIGNED = "reviews.assigned"
    REVIEW_REMINDED = "reviews.reminded"
    REVIEW_TAKEN = "reviews.taken"
    REVIEW_ESCALATED = "reviews.escalated"
    REVIEW_WOKEN = "reviews.woken"
    ACKNOWLEDGED = "ideas.acknowledged"
    FORWARDED = "ideas.forwarded"
    LATE = "ideas.late"
    REASSIGNED = "ideas.reassigned"
    RECOMMENDED = "ideas.recommended"
    SELECTED = "ideas.selected"
    PROJECT = "ideas.project"
    PILOT = "ideas.pilot"
    DEPLOYED = "ideas.deployed"
    DECLINED = "ideas.declined"
    REOPENED = "ideas.reopened"
    ON_HOLD = "ideas.on_hold"
    RESUMED = "ideas.resumed"
    MERGED = "ideas.merged"
    CLARIFICATION_ASKED = "ideas.clarification_asked"
    CLARIFICATION_ANSWERED = "ideas.clarification_answered"
    COMMENT_WRITTEN = "comments.written"
    COMMENT_REPLIED = "comments.replied"
    INVITED = "authorships.invited"
    INVITATION_ANSWERED = "authorships.answered"
    HELP_ASKED = "help.asked"
    HELP_ANSWERED = "help.answered"
    HELP_MESSAGE = "help.message"
    HELP_THANKED = "help.thanked"
    COMMENT_CREDITED = "comments.credited"
    SEATED = "gatherings.seated"
    GATHERING_MOVED = "gatherings.moved"
    GATHERING_CANCELLED = "gatherings.cancelled"
    AWARD_WAITING = "awards.waiting"
    AWARD_GRANTED = "awards.granted"
    AWARD_REFUSED = "awards.refused"
    CEREMONY = "awards.ceremony"
    CAMPAIGN_OPENED = "campaigns.opened"
    VOTING_OPENED = "campaigns.voting"
    PHASE_ENDING = "campaigns.ending"
    CAMPAIGN_REPORTED = "campaigns.reported"
    BADGE_AWARDED = "badges.awarded"
    NEWS_PUBLISHED = "news.published"
    NUDGE_SENT = "nudges.sent"
    FOLLOWED_MOVED = "follows.moved"
    FOLLOWED_COMMENTED = "follows.commented"
    IDENTITY_ASKED = "identities.asked"
    IDENTITY_ANSWERED = "identities.answered"
    IDENTITY_OPENED = "identities.opened"
    CONTENT_HIDDEN = "moderation.hidden"
    HIDING_UPHELD = "moderation.upheld"
    CONTENT_RESTORED = "moderation.restored"
    RESTRICTED = "restrictions.put"
    RESTRICTION_WAITING = "restrictions.waiting"
    RESTRICTION_LATE = "restrictions.late"
    RESTRICTION_ANSWERED = "restrictions.answered"
    RESTRICTION_LIFTED = "restrictions.lifted"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the catalogue: who is told; `asks` says that something is to be done by whom it tells.

    `at_once` is for what cannot wait for a digest though nothing is to be done.
    """

    to: str
    asks: bool = False
    at_once: bool = False


CATALOGUE: dict[Kind, Entry] = {
    Kind.REVIEW_ASSIGNED: Entry("the reviewer", asks=True),
    Kind.REVIEW_REMINDED: Entry("the reviewer", asks=True),
    Kind.REVIEW_TAKEN: Entry("the former reviewer"),
    Kind.REVIEW_ESCALATED: Entry("the innovation managers who are not conflicted", asks=True),
    Kind.REVIEW_WOKEN: Entry("the reviewer", asks=True),
    Kind.ACKNOWLEDGED: Entry("the authors"),
    Kind.FORWARDED: Entry("the authors"),
    Kind.LATE: Entry("the authors"),
    Kind.REASSIGNED: Entry("the authors"),
    Kind.RECOMMENDED: Entry("the authors"),
    Kind.SELECTED: Entry("the authors"),
    Kind.PROJECT: Entry("the authors"),
    Kind.PILOT: Entry("the authors"),
    Kind.DEPLOYED: Entry("the authors"),
    Kind.DECLINED: Entry("the authors"),
    Kind.REOPENED: Entry("the authors"),
    Kind.ON_HOLD: Entry("the authors"),
    Kind.RESUMED: Entry("the authors"),
    Kind.MERGED: Entry("the authors"),
    Kind.CLARIFICATION_ASKED: Entry("the authors", asks=True),
    Kind.CLARIFICATION_ANSWERED: Entry("the reviewer", asks=True),
    Kind.COMMENT_WRITTEN: Entry("the authors of the idea"),
    Kind.COMMENT_REPLIED: Entry("the author of the comment that is answered"),
    Kind.INVITED: Entry("whom an author invites", asks=True),
    Kind.INVITATION_ANSWERED: Entry("the first author"),
    Kind.HELP_ASKED: Entry("who is asked for help", asks=True),
    Kind.HELP_ANSWERED: Entry("the author who asked for help"),
    Kind.HELP_MESSAGE: Entry("the other one of a coaching"),
    Kind.HELP_THANKED: Entry("who helped"),
    Kind.COMMENT_CREDITED: Entry("the author of the comment"),
    Kind.SEATED: Entry("who moved up from the waiting list", at_once=True),
    Kind.GATHERING_MOVED: Entry("who signed up, and the hosts", at_once=True),
    Kind.GATHERING_CANCELLED: Entry("who signed up, and the hosts", at_once=True),
    Kind.AWARD_WAITING: Entry("who decides on it and is not too close", asks=True),
    Kind.AWARD_GRANTED: Entry("who receives it"),
    Kind.AWARD_REFUSED: Entry("who claimed or proposed it"),
    Kind.CEREMONY: Entry("who receives it"),
    Kind.CAMPAIGN_OPENED: Entry("its audience"),
    Kind.VOTING_OPENED: Entry("its audience"),
    Kind.PHASE_ENDING: Entry("its audience"),
    Kind.CAMPAIGN_REPORTED: Entry("its audience"),
    Kind.BADGE_AWARDED: Entry("who earned it"),
    Kind.NEWS_PUBLISHED: Entry("whom it is for"),
    Kind.NUDGE_SENT: Entry("whom it is for"),
    Kind.FOLLOWED_MOVED: Entry("who follows the idea and is not told otherwise"),
    Kind.FOLLOWED_COMMENTED: Entry("who follows the idea and is not told otherwise"),
    Kind.IDENTITY_ASKED: Entry("the second person of a request to open an identity", at_once=True),
    Kind.IDENTITY_ANSWERED: Entry("who asked to open an identity", at_once=True),
    Kind.IDENTITY_OPENED: Entry("the authors of the idea", at_once=True),
    Kind.CONTENT_HIDDEN: Entry("who wrote what a moderator hid"),
    Kind.HIDING_UPHELD: Entry("who appealed"),
    Kind.CONTENT_RESTORED: Entry("who wrote what is shown again"),
    Kind.RESTRICTED: Entry("the authors of the idea, unless one of them restricted it", at_once=True),
    Kind.RESTRICTION_WAITING: Entry("the reader of the lane whose turn it is", at_once=True),
    Kind.RESTRICTION_LATE: Entry("the authors of the idea"),
    Kind.RESTRICTION_ANSWERED: Entry("the authors of the idea", at_once=True),
    Kind.RESTRICTION_LIFTED: Entry("the authors of the idea", at_once=True),
}
"""What there is to tell, to whom, and whether it asks for an act."""

ABOUT_HELP = frozenset({Kind.HELP_ASKED, Kind.HELP_ANSWERED, Kind.HELP_MESSAGE, Kind.HELP_THANKED})
"""What is told to the two of a request for help; who may not read the draft is told without its title."""

ABOUT_OPENINGS = frozenset({Kind.IDENTITY_ASKED, Kind.IDENTITY_ANSWERED})
"""What is told to the two of a request to open an identity."""

ABOUT_RESTRICTIONS = frozenset(
    {
        Kind.RESTRICTED,
        Kind.RESTRICTION_WAITING,
        Kind.RESTRICTION_LATE,
        Kind.RESTRICTION_ANSWERED,
        Kind.RESTRICTION_LIFTED,
    }
)
"""What leaves the product without the title of the idea."""

URGENT = ABOUT_OPENINGS | {Kind.IDENTITY_OPENED}
"""What comes by e-mail at once, whatever somebody chose for it."""

FOR_AUTHORS: dict[Act, Kind] = {
    Act.ACKNOWLEDGE: Kind.ACKNOWLEDGED,
    Act.FORWARD: Kind.FORWARDED,
    Act.CLARIFY: Kind.CLARIFICATION_ASKED,
    Act.RECOMMEND: Kind.RECOMMENDED,
    Act.SELECT: Kind.SELECTED,
    Act.START_PROJECT: Kind.PROJECT,
    Act.START_PILOT: Kind.PILOT,
    Act.DEPLOY: Kind.DEPLOYED,
    Act.DECLINE: Kind.DECLINED,
    Act.REOPEN: Kind.REOPENED,
    Act.HOLD: Kind.ON_HOLD,
    Act.RESUME: Kind.RESUMED,
    Act.MERGE: Kind.MERGED,
}
"""What the authors are told of an act of somebody else."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a person; `facts` are identifiers, days and numbers, never names or texts."""

    employee_id: str
    kind: Kind
    topic: Topic
    event_sequence: int
    facts: dict[str, Any] = field(default_factory=dict)


class NoSuchNotification(NotFound):
    """You have no such notification."""

    code = "notifications.not-found"
