"""Reading the clock policies: what was set, else the defaults."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.clock_policies import POLICIES, ClockPolicy, get_stage
from app.domain.pipeline import Stage
from app.models.clock_policies import ClockPolicy as PolicyRow
from app.schemas.clock_policies import ClockPolicy as Shown


async def get_policy(session: ReadSession, stage: Stage) -> ClockPolicy:
    """Return how the clock runs in a stage; read once in a transaction."""
    known: dict[Stage, ClockPolicy] | None = session.info.get("clock_policies")
    if known is None:
        known = session.info["clock_policies"] = await _read(session)
    return known[stage]


async def list_policies(session: ReadSession) -> list[Shown]:
    """Return the policies of all stages that have a clock, in the order of the pipeline."""
    return [_show(stage, policy) for stage, policy in (await _read(session)).items()]


async def get_shown(session: ReadSession, stage_name: str) -> Shown:
    """Return the policy of one stage.

    Raises: NoSuchPolicy.
    """
    stage = get_stage(stage_name)
    return _show(stage, (await _read(session))[stage])


async def _read(session: ReadSession) -> dict[Stage, ClockPolicy]:
    rows = await session.execute(
        select(
            col(PolicyRow.stage),
            col(PolicyRow.days),
            col(PolicyRow.remind_before),
            col(PolicyRow.reassign_after),
            col(PolicyRow.escalate_after),
        )
    )
    return POLICIES | {Stage(stage): ClockPolicy(*days) for stage, *days in rows}


def _show(stage: Stage, policy: ClockPolicy) -> Shown:
    return Shown(
        stage=stage,
        days=policy.days,
        remind_before=policy.remind_before,
        reassign_after=policy.reassign_after,
        escalate_after=policy.escalate_after,
        default=policy == POLICIES[stage],
    )
