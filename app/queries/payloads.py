"""Writing payloads: what a webhook tells, with what its owner may read at that moment."""

from sqlalchemy import String, literal, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import webhooks
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.webhooks import CATALOGUE, TEST, About
from app.models import campaigns
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.webhooks import Webhook, WebhookDelivery
from app.queries import cards, comments, references, votings
from app.queries.cards import NOBODY
from app.queries.ideas import get_visible
from app.schemas.payloads import (
    AboutCampaign,
    AboutComment,
    AboutIdea,
    AboutMove,
    AboutReview,
    AboutWebhook,
    Data,
    Payload,
    ToldComment,
    ToldIdea,
    ToldMove,
    ToldReview,
)

_CARD = cards.select_cards(literal(None, String()).label("sort_key"))


async def write_payload(
    session: ReadSession, owner: Actor, webhook: Webhook, delivery: WebhookDelivery, *, base_url: str
) -> Payload | None:
    """Return what a delivery tells, None where there is nothing that the owner may read.

    Nothing in it depends on who the owner is: not on votes, on what the owner may do, or on drafts of one's own.
    """
    data = await _write_data(session, owner, webhook, delivery, base_url)
    if data is None:
        return None
    return Payload(type=delivery.kind, timestamp=delivery.happened_at, data=data)


async def _write_data(
    session: ReadSession, owner: Actor, webhook: Webhook, delivery: WebhookDelivery, base_url: str
) -> Data | None:
    about = CATALOGUE.get(delivery.kind, TEST).about
    if about is About.WEBHOOK:
        return AboutWebhook(webhook=webhook.id)
    if about is About.CAMPAIGN:
        return await _tell_campaign(session, delivery.facts["campaign"])
    idea = await _tell_idea(session, owner, delivery, base_url)
    return await _tell_of_idea(session, idea, about, delivery) if idea else None


async def _tell_of_idea(
    session: ReadSession, idea: ToldIdea, about: About, delivery: WebhookDelivery
) -> Data:
    match about:
        case About.COMMENT:
            comment = await comments.get_comment(session, NOBODY, delivery.facts["comment"])
            said = {name: getattr(comment, name) for name in ToldComment.model_fields}
            return AboutComment(idea=idea, comment=ToldComment(**said))
        case About.MOVE:
            act, before, after = (delivery.facts[name] for name in ("act", "from", "to"))
            return AboutMove(idea=idea, move=ToldMove(act=act, from_stage=before, to_stage=after))
        case About.REVIEW:
            review = await session.get_one(Review, delivery.facts["review"])
            turn = ToldReview(since=review.opened_at, due_at=review.due_at, ended_at=review.closed_at)
            return AboutReview(idea=idea, review=turn)
        case _:
            return AboutIdea(idea=idea)


async def _tell_idea(
    session: ReadSession, owner: Actor, delivery: WebhookDelivery, base_url: str
) -> ToldIdea | None:
    try:
        seen = await get_visible(session, owner, delivery.facts["idea"])
    except NoSuchIdea:
        return None
    if not webhooks.may_be_told(seen.idea, delivery.happened_at):
        return None
    statement = _CARD.where(col(Idea.id) == seen.idea.id)
    row = (await session.execute(statement, {"reader": NOBODY.id})).one()
    card = cards.shape_card(NOBODY, row, conflicted=False, now=delivery.happened_at)
    told = {name: card[name] for name in ToldIdea.model_fields if name in card}
    return ToldIdea(url=f"{base_url}/ideas/{seen.idea.id}", **told)


async def _tell_campaign(session: ReadSession, campaign_id: str) -> AboutCampaign | None:
    row = await session.scalar(select(campaigns.Campaign).where(col(campaigns.Campaign.id) == campaign_id))
    if row is None:
        return None
    rules = await votings.list_rules(session, [campaign_id])
    return AboutCampaign(campaign=references.shape_campaign(row, rules))
