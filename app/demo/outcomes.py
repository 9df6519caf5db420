"""What comes of the campaigns of the made-up world: their later phases, their reports, their closing."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.demo.acts import Campaign
from app.demo.people import Troupe
from app.domain.phases import Phase, PhaseKind
from app.domain.pipeline import WITH_POTENTIAL
from app.domain.roles import Role
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.queries import actors
from app.schemas.campaigns import WriteReport
from app.services import campaign_reports, campaigns

_LATER = {
    PhaseKind.ENRICH: timedelta(days=14),
    PhaseKind.SELECT: timedelta(days=21),
    PhaseKind.RESULTS: timedelta(days=14),
}
_LEARNT = (
    "Les meilleures idées sont venues de celles et ceux qui vivent le problème chaque jour ; "
    "plusieurs se répondaient, et sont devenues une seule."
)
_OTHERS = (
    "Les autres idées restent lisibles avec la raison de chaque décision : certaines existaient déjà, "
    "d’autres coûtaient plus qu’elles ne rapportaient, quelques-unes pourront revenir plus tard."
)
_MOST = 200


def lay(campaign: Campaign) -> list[Phase]:
    """Return the phases after that of collecting, each from the end of the one before."""
    laid, start = [], campaign.closes_at
    for kind, length in _LATER.items():
        laid.append(Phase(kind, start, start + length))
        start += length
    return laid


async def tell(
    database: Database, troupe: Troupe, challenges: tuple[Campaign, ...], *, now: datetime
) -> None:
    """Report on each campaign that is over, and close it."""
    for campaign in challenges:
        over = lay(campaign)[-1].ends_at
        if over < now:
            async with database.writer() as session:
                await _close(session, troupe, campaign, now=over)


async def _close(session: WriteSession, troupe: Troupe, campaign: Campaign, *, now: datetime) -> None:
    campaign_id = troupe.campaigns[campaign.key]
    sponsor = await actors.find_actor(session, troupe.ids[campaign.sponsor], session_id=None, now=now)
    runs = await session.scalar(
        select(col(RoleGrant.employee_id))
        .where(col(RoleGrant.role) == Role.COMMUNITY_MANAGER.value, col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.granted_at), col(RoleGrant.employee_id))
        .limit(1)
    )
    manager = await actors.find_actor(session, runs or "", session_id=None, now=now)
    if sponsor is None or manager is None:
        return
    going_on = await session.scalars(
        select(col(Idea.id))
        .where(col(Idea.campaign_id) == campaign_id, col(Idea.stage).in_(sorted(WITH_POTENTIAL)))
        .order_by(col(Idea.submitted_at), col(Idea.id))
        .limit(_MOST)
    )
    report = WriteReport(learnt=_LEARNT, ideas=list(going_on), others=_OTHERS)
    await campaign_reports.put(session, sponsor, campaign_id, report, now=now)
    await campaigns.close(session, manager, campaign_id, now=now)
