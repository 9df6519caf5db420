"""Setting how the clock runs."""

from dataclasses import asdict
from datetime import datetime

from app.core.db import WriteSession
from app.domain import clock_policies, permissions, register
from app.domain.actors import Actor
from app.domain.clock_events import ClockPolicySet
from app.domain.clock_policies import POLICIES, ClockPolicy
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.models.clock_policies import ClockPolicy as PolicyRow
from app.schemas.clock_policies import SetClockPolicy
from app.services import events


async def put(
    session: WriteSession, actor: Actor, stage_name: str, values: SetClockPolicy, *, now: datetime
) -> None:
    """Set the policy of a stage; waits that have begun keep their due dates.

    Raises: NoSuchPolicy, RoleMissing, RemindedTooEarly.
    """
    stage = clock_policies.get_stage(stage_name)
    permissions.check(actor, Permission.CLOCK_WRITE)
    policy = ClockPolicy(**values.model_dump())
    clock_policies.check_policy(policy)
    before = await session.get(PolicyRow, stage)
    former = asdict(POLICIES[stage])
    if before is not None:
        former = {name: getattr(before, name) for name in former}
    await session.merge(PolicyRow(stage=stage, updated_at=now, **asdict(policy)))
    detail = Detail(register.compare(former, asdict(policy)))
    events.record(session, ClockPolicySet(stage, asdict(policy)), actor_id=actor.id, now=now, detail=detail)
    await session.flush()
