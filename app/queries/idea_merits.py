"""Reading what people did with ideas of their own that badges are given for."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.authorships import AuthorshipState
from app.domain.badge_rules import Measure, Merit
from app.domain.causes import Milestone
from app.domain.pipeline import Act
from app.domain.rewards import RuleKey
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.queries import milestones

_REACHED = {
    RuleKey.FIRST_IN_CAMPAIGN: Measure.FIRST_IN_CAMPAIGN,
    RuleKey.RECOMMENDED: Measure.RECOMMENDED,
    RuleKey.SELECTED: Measure.SELECTED,
    RuleKey.PILOT: Measure.PILOT,
    RuleKey.DEPLOYED: Measure.DEPLOYED,
}
_MOST = 10_000
"""Ideas that a statement names; one takes 32,766 values."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an idea: its authors now, where it was submitted to, `campaign` empty for the permanent box."""

    anonymous: bool
    function: str
    campaign: str
    authors: frozenset[str]

    def names(self, person: str) -> bool:
        """Tell whether everybody knows that a person is an author."""
        return not self.anonymous and person in self.authors


async def list_idea_merits(session: ReadSession, people: Collection[str]) -> AsyncIterator[tuple[str, Merit]]:
    """Give what the ideas of people came to, for those who were their authors then."""
    wanted = frozenset(people)
    own = select(col(Authorship.idea_id)).where(col(Authorship.employee_id).in_(people))
    ideas = sorted(set(await session.scalars(own)))
    for place in range(0, len(ideas), _MOST):
        part = ideas[place : place + _MOST]
        known = await _read_known(session, part)
        for rule, reached in (await milestones.list_milestones(session, part)).items():
            for milestone in reached:
                if milestone.stands:
                    for person in wanted.intersection(milestone.authors):
                        for merit in _list_of(rule, milestone, known[milestone.idea_id], person):
                            yield person, merit
        async for person, idea_id, day in _list_clarified(session, wanted, part):
            yield person, Merit(Measure.CLARIFIED, day, named=known[idea_id].names(person))


def _list_of(rule: RuleKey, milestone: Milestone, idea: _Known, person: str) -> Iterator[Merit]:
    """Give what a milestone of an idea is for one of those who were its authors then."""
    day, named = milestone.day, idea.names(person)
    if rule in _REACHED:
        yield Merit(_REACHED[rule], day, named)
    if rule is not RuleKey.SUBMITTED:
        return
    yield Merit(Measure.IDEAS, day, named)
    if idea.function:
        yield Merit(Measure.IDEA_FUNCTIONS, day, named, idea.function)
    if idea.campaign:
        yield Merit(Measure.IDEA_CAMPAIGNS, day, named, idea.campaign)
    if len(milestone.authors) > 1:
        # Whoever is left alone and signs does not tell that there was somebody else.
        known = idea.authors.intersection(milestone.authors)
        yield Merit(Measure.TOGETHER, day, named and len(known) > 1)


async def _read_known(session: ReadSession, ideas: Collection[str]) -> dict[str, _Known]:
    authors: defaultdict[str, set[str]] = defaultdict(set)
    for idea_id, person in await session.execute(
        select(col(Authorship.idea_id), col(Authorship.employee_id)).where(
            col(Authorship.idea_id).in_(ideas), col(Authorship.state) == AuthorshipState.ACCEPTED
        )
    ):
        authors[idea_id].add(person)
    rows = await session.execute(
        select(
            col(Idea.id),
            col(Idea.anonymous),
            col(ItineraryEntry.function_id),
            col(Campaign.id),
            col(Campaign.permanent),
        )
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .join(
            ItineraryEntry,
            # The first entry of an itinerary is the submission; later an idea may have been forwarded.
            and_(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.position) == 1),
        )
        .where(col(Idea.id).in_(ideas))
    )
    return {
        idea_id: _Known(anonymous, function or "", "" if permanent else campaign, frozenset(authors[idea_id]))
        for idea_id, anonymous, function, campaign, permanent in rows
    }


async def _list_clarified(
    session: ReadSession, people: Collection[str], ideas: Collection[str]
) -> AsyncIterator[tuple[str, str, date]]:
    """Give who answered a question on an idea, and the day of the first answer."""
    first = func.min(col(ItineraryEntry.at), type_=UtcDateTime())
    rows: Any = await session.execute(
        select(col(ItineraryActor.employee_id), col(ItineraryActor.idea_id), first)
        .join(
            ItineraryEntry,
            and_(
                col(ItineraryEntry.idea_id) == col(ItineraryActor.idea_id),
                col(ItineraryEntry.actor_ref) == col(ItineraryActor.ref),
            ),
        )
        .where(
            col(ItineraryActor.employee_id).in_(people),
            col(ItineraryActor.idea_id).in_(ideas),
            col(ItineraryEntry.act) == Act.ANSWER,
        )
        .group_by(col(ItineraryActor.employee_id), col(ItineraryActor.idea_id))
    )
    for person, idea_id, at in rows:
        yield person, idea_id, clock.day_in(session.zone, at)
