"""Setting how the votes of a campaign are counted, and counting them at its end."""

from datetime import datetime

from app.core.db import Database, WriteSession
from app.domain import register, votings
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.register import Detail
from app.domain.voting_events import VotesOpened, VotingEnded, VotingSet
from app.domain.votings import Counting, Rule
from app.models.campaigns import Campaign
from app.models.votings import Voting
from app.queries import votings as reading
from app.queries.campaigns import get_visible
from app.schemas.votings import SetVoting
from app.services import events, tallies


async def put(
    session: WriteSession, actor: Actor, campaign_id: str, values: SetVoting, *, now: datetime
) -> None:
    """Set how the votes of a campaign are counted; what is so already changes and writes nothing.

    Raises: NoSuchCampaign, RoleMissing, AlwaysFree, VotingOver, VotingBegun.
    """
    campaign = await get_visible(session, actor, campaign_id, lock=True)
    votings.check_manages(actor, campaign_id)
    terms = (await reading.list_terms(session, [campaign_id]))[campaign_id]
    rule = Rule(values.tokens, values.hidden)
    if rule == terms.rule:
        return
    # Whoever casts the first vote holds a tally: after this it is either here, or finds the new rule.
    await tallies.hold_all(session, campaign_id)
    begun = await reading.has_begun(session, campaign_id, terms.rule)
    votings.check_may_change(campaign, terms, begun=begun, now=now)
    await _keep(session, campaign_id, rule, now=now)
    await tallies.turn(session, campaign_id, rule.counting)
    facts = {"tokens": rule.tokens, "hidden": rule.hidden}
    former = {"tokens": terms.rule.tokens, "hidden": terms.rule.hidden}
    detail = Detail(register.compare(former, facts))
    events.record(session, VotingSet(campaign_id, facts), actor_id=actor.id, now=now, detail=detail)


async def _keep(session: WriteSession, campaign_id: str, rule: Rule, *, now: datetime) -> None:
    row = await session.get(Voting, campaign_id)
    if rule.free and row is not None:
        await session.delete(row)
    elif row is not None:
        row.tokens, row.hidden, row.set_at = rule.tokens, rule.hidden, now
    else:
        session.add(Voting(campaign_id=campaign_id, tokens=rule.tokens, hidden=rule.hidden, set_at=now))
    await session.flush()


async def end_due(database: Database, *, now: datetime) -> int:
    """End the votings whose time is over, each in one transaction and once however many are at it; returns how many.

    Raises: DatabaseAway.
    """
    async with database.reading_lane() as lane:
        due = await reading.list_due(lane, now=now)
    ended = 0
    for campaign_id in due:
        async with database.writer() as session:
            ended += await _end(session, campaign_id, now=now)
    return ended


async def _end(session: WriteSession, campaign_id: str, *, now: datetime) -> bool:
    """End a voting: no vote is taken any more, and those that were hidden are counted.

    1. Hold the campaign: an idea that is on its way into it is waited for, and a later one finds the voting ended.
    2. Hold its tallies: so is a vote.
    3. Count, in a statement that begins after that, and say so of each idea.
    """
    campaign = await session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    voting = await session.get(Voting, campaign_id, populate_existing=True)
    terms = (await reading.list_terms(session, [campaign_id]))[campaign_id]
    if voting is None or voting.closed_at is not None or terms.ends_at is None or now < terms.ends_at:
        return False
    held = await tallies.hold_all(session, campaign.id)
    shown = [idea_id for idea_id, stage in held if stage != Stage.DRAFT]
    if voting.hidden:
        await tallies.open_sealed(session, campaign_id)
        for idea_id in shown:
            events.record(session, VotesOpened(idea_id), actor_id=None, now=now)
    await tallies.turn(session, campaign_id, Counting.OVER)
    voting.closed_at = now
    events.record(session, VotingEnded(campaign_id, {"ideas": len(shown)}), actor_id=None, now=now)
    return True
