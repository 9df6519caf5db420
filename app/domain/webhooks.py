"""Webhooks: what other systems may listen to, where it may go, and when it is tried again."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from app.domain import deliveries
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.pipeline import Stage


class About(StrEnum):
    """What the data of a payload are made of."""

    IDEA = "idea"
    MOVE = "move"
    COMMENT = "comment"
    REVIEW = "review"
    CAMPAIGN = "campaign"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of the catalogue: what it is about, what has happened, and the events that it tells of."""

    about: About
    says: str
    events: tuple[str, ...] = ()


TESTED = "webhooks.tested"
VOTES = "votes.changed"

CATALOGUE: dict[str, Entry] = {
    "ideas.submitted": Entry(About.IDEA, "An idea was submitted."),
    "ideas.imported": Entry(About.IDEA, "An idea came in from elsewhere, or more comments of it did."),
    "ideas.edited": Entry(About.IDEA, "The texts of an idea were changed."),
    "pipeline.moved": Entry(About.MOVE, "An act moved an idea, or put a question or a pause to it."),
    "scorecards.filled": Entry(About.IDEA, "An evaluator filled a scorecard."),
    VOTES: Entry(
        About.IDEA,
        "Votes were cast, withdrawn, or opened at the end of a voting: their number, gathered for a minute.",
        ("votes.cast", "votes.withdrawn", "votes.opened"),
    ),
    "comments.written": Entry(About.COMMENT, "A comment was written."),
    "comments.edited": Entry(About.COMMENT, "A comment was changed."),
    "comments.deleted": Entry(About.COMMENT, "A comment was taken back."),
    "reviews.assigned": Entry(About.REVIEW, "An idea got a holder, or waits for one."),
    "reviews.late": Entry(About.REVIEW, "An answer was not given when it was due."),
    "reviews.reassigned": Entry(About.REVIEW, "The clock gave an idea to somebody else."),
    "reviews.escalated": Entry(About.REVIEW, "The innovation managers were told that an answer is late."),
    "campaigns.announced": Entry(About.CAMPAIGN, "A campaign was announced."),
}
"""THE catalogue: every kind that one may listen to; most are told of the event of the same name."""

TEST = Entry(About.WEBHOOK, "Somebody pressed the test button; sent whatever the webhook listens to.")

KINDS: dict[str, str] = {
    event: kind for kind, entry in CATALOGUE.items() for event in entry.events or (kind,)
}
"""The kind that tells of an event, by the kind of the event."""

GATHERED = timedelta(minutes=1)
"""For how long votes for an idea are told together: a storm of them is one request, and none has its moment."""

PAUSES = (
    timedelta(seconds=5),
    *(timedelta(minutes=minutes) for minutes in (5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Between one attempt and the next: more than three days in all (Standard Webhooks, deliverability)."""

CLAIM = timedelta(minutes=2)
"""How long whoever took a delivery up has for it; then another one takes it for lost, and sends it again."""

BOTH_SIGN = timedelta(hours=24)
"""How long the former secret goes on signing beside the new one."""

FAILING = timedelta(days=5)
"""After so long without a single success a webhook is switched off (Standard Webhooks, deliverability)."""

FORGIVEN = timedelta(days=2)
"""When nothing failed for so long, failures begin anew: longer than any pause, so nothing was tried meanwhile."""

MOST = 20
"""Webhooks of one person."""

_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_LAST_OF_SERVICES = 1023
_LATER = {429, 503}
_GONE = 410
_SUCCESS = range(200, 300)


class Listening(StrEnum):
    """Whether a webhook listens: `off` by its owner, `gone` by its receiver, `failed` by nothing but failures.

    `suspended` by the loss of the role.
    """

    ACTIVE = "active"
    OFF = "off"
    GONE = "gone"
    FAILED = "failed"
    SUSPENDED = "suspended"


class Failure(StrEnum):
    """Why a delivery was not taken; that an address is forbidden is not told apart from that nobody answers."""

    OFF = "off"
    UNSEEN = "unseen"
    UNREACHABLE = "unreachable"
    STATUS = "status"
    SECRET = "secret"  # noqa: S105  a word


class Verdict(StrEnum):
    """What an answer means (Standard Webhooks, deliverability); who says `later` may say when."""

    TAKEN = "taken"
    GONE = "gone"
    LATER = "later"
    FAILED = "failed"


class NoSuchWebhook(NotFound):
    """You have no such webhook."""

    code = "webhooks.no-such-webhook"


class NoSuchDelivery(NotFound):
    """This webhook has no such delivery."""

    code = "webhooks.no-such-delivery"


class UnusableUrl(Invalid):
    """Give a public https address, without a name or password in it."""

    code = "webhooks.unusable-url"


class UnknownName(Invalid):
    """This name has no address now: look at its spelling, or try again later."""

    code = "webhooks.unknown-name"


class TooManyWebhooks(Conflict):
    """You have as many webhooks as one person may have: delete one first."""

    code = "webhooks.too-many"


class NotListening(Conflict):
    """This webhook does not listen: activate it first."""

    code = "webhooks.not-listening"


class StillUnderWay(Conflict):
    """This is on its way already: wait for what becomes of it."""

    code = "webhooks.still-under-way"


class _Shown(Protocol):
    """An idea."""

    stage: str
    submitted_at: datetime | None


def check_url(url: str, *, plain: bool) -> None:
    """Let pass an address that deliveries can be sent to, by its spelling; `plain` allows http.

    Where it leads is found out when it is called.

    Raises: UnusableUrl.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnusableUrl.at("/url") from error
    readable = url.isascii() and url.isprintable() and not set(url) & set(' "\\<>^`{|}#')
    schemes = ("https", "http") if plain else ("https",)
    of_the_web = port in (None, 80, 443) or (port or 0) > _LAST_OF_SERVICES
    named = ":" in host or _NAME.fullmatch(host) is not None
    if not (readable and named and of_the_web) or "@" in parts.netloc or parts.scheme not in schemes:
        raise UnusableUrl.at("/url")


def may_be_told(idea: _Shown, at: datetime) -> bool:
    """Tell whether what happened to an idea at a moment is anybody's business: what happened to drafts is not."""
    return idea.stage != Stage.DRAFT and idea.submitted_at is not None and at >= idea.submitted_at


def is_heard(kind: str, kinds: Collection[str]) -> bool:
    """Tell whether a webhook that listens to some kinds hears of one; a test is always heard."""
    return kind == TESTED or kind in kinds


def judge(status: int) -> Verdict:
    """Return what the status of an answer means; everything but success is failure, redirects too."""
    if status in _SUCCESS:
        return Verdict.TAKEN
    if status == _GONE:
        return Verdict.GONE
    return Verdict.LATER if status in _LATER else Verdict.FAILED


def find_failing_since(since: datetime | None, last: datetime | None, *, now: datetime) -> datetime:
    """Return since when a webhook fails that fails now; `since` and `last` are when it began to and last did."""
    if since is None or last is None or now - last > FORGIVEN:
        return now
    return since


def is_lost(since: datetime, *, now: datetime) -> bool:
    """Tell whether a webhook that fails since then is switched off."""
    return now - since >= FAILING


def find_next_attempt(
    attempts: int, *, luck: float, retry_after: float | None, now: datetime
) -> datetime | None:
    """Return when to try again after so many attempts, None where it is given up; see `domain/deliveries.py`."""
    return deliveries.find_next_attempt(attempts, luck=luck, retry_after=retry_after, now=now, pauses=PAUSES)
