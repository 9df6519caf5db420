"""Adding up what prizes have cost that were granted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.models.awards import PrizeAward
from app.models.prizes import Prize
from app.queries.statistics import Scope

_CENT = Decimal("0.01")


async def add_up(session: ReadSession, scope: Scope) -> Mapping[str, Decimal] | None:
    """Return by currency what the prizes cost that were granted until the end of a day, all or those of a campaign.

    A prize belongs to no entity, theme or function, nor to the days on which ideas came: None for figures of those.
    """
    if not scope.is_whole or scope.theme is not None or scope.function is not None or scope.period.windowed:
        return None
    currency = col(PrizeAward.price_currency)
    statement = (
        select(currency, func.sum(col(PrizeAward.price)))
        .where(col(PrizeAward.price).is_not(None), col(PrizeAward.decided_at) < scope.period.until)
        .group_by(currency)
    )
    if scope.campaign is not None:
        statement = statement.join(Prize, col(Prize.id) == col(PrizeAward.prize_id)).where(
            col(Prize.campaign_id) == scope.campaign
        )
    rows: Any = await session.execute(statement)
    # SQLite keeps decimals as floats.
    return {name: Decimal(amount).quantize(_CENT) for name, amount in rows}
