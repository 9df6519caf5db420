"""What was shown when an idea moved on, and why it was declined."""

from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.lanes import Fetching
from app.core.prepared import Prepared
from app.domain.pipeline import Act, Stage
from app.models.employees import Employee
from app.models.gates import Gate
from app.models.itinerary import ItineraryEntry
from app.schemas.ideas import Decline, GatePassed, Money
from app.schemas.prices import Price
from app.schemas.shapes import Named

_owner = aliased(Employee)
_GATES = Prepared(
    lambda _: (
        select(
            col(Gate.stage),
            col(Gate.at),
            col(Gate.owner_id),
            col(_owner.name),
            col(Gate.amount),
            col(Gate.currency),
            col(Gate.per),
            col(Gate.cost),
            col(Gate.cost_currency),
            col(Gate.place),
            col(Gate.starts_on),
            col(Gate.ends_on),
            col(Gate.success_measure),
            col(Gate.result),
            col(Gate.benefit_due_on),
            col(Gate.skip_reason),
        )
        .outerjoin(_owner, col(_owner.id) == col(Gate.owner_id))
        .where(col(Gate.idea_id) == bindparam("idea_id", type_=String()))
        .order_by(col(Gate.at))
    )
)
_DECLINE = Prepared(
    lambda _: (
        select(
            col(ItineraryEntry.reason_code),
            col(ItineraryEntry.text),
            col(ItineraryEntry.at),
            col(ItineraryEntry.from_stage),
        )
        .where(
            col(ItineraryEntry.idea_id) == bindparam("idea_id", type_=String()),
            col(ItineraryEntry.act) == Act.DECLINE,
        )
        .order_by(col(ItineraryEntry.position).desc())
        .limit(1)
    )
)


async def find_decline(lane: Fetching, idea_id: str) -> Decline | None:
    """Return the last decline of an idea, with its reason."""
    for reason_code, text, at, stage in await lane.fetch(_DECLINE, {"idea_id": idea_id}):
        return Decline(reason_code=reason_code or "other", text=text, at=at, stage=stage)
    return None


async def list_gates(lane: Fetching, idea_id: str) -> list[GatePassed]:
    """Return the gates that an idea passed, the first one first."""
    return [_shape_gate(*row) for row in await lane.fetch(_GATES, {"idea_id": idea_id})]


def _shape_gate(stage: str, at: Any, owner_id: str | None, owner: str, amount: Any, *rest: Any) -> GatePassed:
    (
        currency,
        per,
        cost,
        cost_currency,
        place,
        starts_on,
        ends_on,
        success_measure,
        result,
        benefit_due_on,
        skip_reason,
    ) = rest
    money = None
    if amount is not None:
        money = Money(amount=str(amount), currency=currency or "", per=per or "")
    deployed = stage == Stage.DEPLOYED
    return GatePassed(
        stage=stage,
        at=at,
        owner=Named(id=owner_id, name=owner) if owner_id else None,
        estimate=None if deployed else money,
        benefit=money if deployed else None,
        cost=None if cost is None else Price(amount=str(cost), currency=cost_currency or ""),
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        success_measure=success_measure,
        result=result,
        benefit_due_on=benefit_due_on,
        skip_reason=skip_reason,
    )
