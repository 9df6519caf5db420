"""Every text of the letters, in English: what the catalogues of the other languages translate."""

from collections.abc import Iterator

from app.domain.pipeline import Stage
from app.domain.reasons import Reason
from app.integrations.letters import (
    awards,
    campaigns,
    comments,
    gatherings,
    help_requests,
    ideas,
    identities,
    moderation,
    news,
    nudges,
    restrictions,
    reviews,
    turns,
)
from app.integrations.letters.shapes import Plural, Sentence

WORDINGS = {
    **reviews.WORDINGS,
    **ideas.WORDINGS,
    **turns.WORDINGS,
    **comments.WORDINGS,
    **help_requests.WORDINGS,
    **gatherings.WORDINGS,
    **awards.WORDINGS,
    **campaigns.WORDINGS,
    **identities.WORDINGS,
    **moderation.WORDINGS,
    **news.WORDINGS,
    **nudges.WORDINGS,
    **restrictions.WORDINGS,
}
"""How each kind is worded."""

REASONS: dict[str, str] = {
    Reason.ALREADY_EXISTS: "it exists already",
    Reason.DUPLICATE: "another idea says the same",
    Reason.LEGAL: "for legal reasons",
    Reason.COST: "for reasons of cost",
    Reason.NOT_FEASIBLE: "it can’t be done",
    Reason.OUT_OF_SCOPE: "it is outside our scope",
    Reason.NOT_NOW: "it is not the right time",
    Reason.OTHER: "for another reason",
}
"""What stands for the code of a reason inside a sentence; codes that a company added stand for themselves."""

STAGES: dict[str, str] = {
    Stage.SUBMITTED: "waiting for an answer",
    Stage.EVALUATION: "under review",
    Stage.RECOMMENDED: "recommended",
    Stage.SELECTED: "selected",
    Stage.PROJECT: "a project",
    Stage.PILOT: "in pilot",
    Stage.DEPLOYED: "deployed",
    Stage.DECLINED: "not kept",
    Stage.WITHDRAWN: "withdrawn",
    Stage.MERGED: "merged with another idea",
}
"""What stands for a stage inside a sentence."""

GREETING = ("Hello %(name)s,", "Hello,")
UNTITLED = "untitled"
WAITING = "What is waiting for you"
MOVING = "What is new"
ASKED = Plural("%(count)s thing is waiting for you", "%(count)s things are waiting for you", "count")
NEWS = Plural("%(count)s piece of news", "%(count)s pieces of news", "count")
BOTH = "%(asked)s, %(news)s"
TITLED = "%(title)s: %(line)s"
OPEN = "Open"
WHY = "You get this message because you take part in the idea box of %(company)s."
SETTINGS = "Choose what you are told"
UNSUBSCRIBE = "Unsubscribe"
LINK = "%(action)s: %(url)s"


def list_sentences() -> Iterator[Sentence]:
    """Give each sentence that is ever shown."""
    yield from (*GREETING, UNTITLED, WAITING, MOVING, ASKED, NEWS, BOTH, TITLED, OPEN, WHY, SETTINGS)
    yield from (UNSUBSCRIBE, LINK)
    yield from (*REASONS.values(), *STAGES.values())
    for wording in WORDINGS.values():
        yield from (wording.subject, *wording.opening, wording.action, *wording.line)
        yield from (sentence for choice in wording.closing for sentence in choice)
        if wording.several:
            yield wording.several
        if wording.untitled:
            yield wording.untitled
