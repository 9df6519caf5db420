"""The life of a campaign, and who runs it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.domain import campaigns
from app.domain.actors import Actor, Grant
from app.domain.campaigns import CampaignClosed, NotAnnounced, ReportMissing, StillRunning
from app.domain.errors import Refusal
from app.domain.permissions import RoleMissing
from app.domain.roles import Role
from tests.domain.test_phases import DAY, SECOND, START, lay

PHASES = lay("collect", "vote", "results")
OVER = START + 2 * DAY


@dataclass
class Campaign:
    """A campaign as the rules see it."""

    state: str = "announced"
    permanent: bool = False


@pytest.mark.parametrize(
    ("state", "after", "reported", "refusal"),
    [
        ("announced", 2 * DAY, True, None),
        ("announced", 10 * DAY, True, None),
        ("announced", 2 * DAY, False, ReportMissing),
        ("announced", 2 * DAY - SECOND, True, StillRunning),
        ("announced", timedelta(0), True, StillRunning),
        ("drafted", 2 * DAY, True, NotAnnounced),
        ("closed", 2 * DAY, True, CampaignClosed),
    ],
)
def test_a_campaign_is_closed_when_only_its_results_are_left_and_told(
    state: str, after: timedelta, reported: bool, refusal: type[Refusal] | None
) -> None:
    campaign = Campaign(state)
    if refusal is None:
        campaigns.check_may_close(campaign, PHASES, START + after, reported=reported)
        return
    with pytest.raises(refusal):
        campaigns.check_may_close(campaign, PHASES, START + after, reported=reported)


def test_the_permanent_box_is_never_closed() -> None:
    assert not campaigns.may_close(Campaign(permanent=True), [], OVER)
    with pytest.raises(campaigns.PermanentBoxStays):
        campaigns.check_may_change(Campaign(permanent=True))


GRANTS = {
    "nobody": (),
    "community manager": (Grant(Role.COMMUNITY_MANAGER),),
    "innovation manager": (Grant(Role.INNOVATION_MANAGER),),
    "manager of this": (Grant(Role.COMMUNITY_MANAGER, campaign_id="this"),),
    "manager of another": (Grant(Role.COMMUNITY_MANAGER, campaign_id="other"),),
    "sponsor": (Grant(Role.SPONSOR),),
    "sponsor of this": (Grant(Role.SPONSOR, campaign_id="this"),),
    "correspondent of this": (Grant(Role.CORRESPONDENT, campaign_id="this"),),
    "correspondent": (Grant(Role.CORRESPONDENT, function_id="it"),),
    "admin": (Grant(Role.ADMIN),),
}
RUNS = {"community manager", "innovation manager", "manager of this"}


@pytest.mark.parametrize("who", GRANTS)
def test_who_runs_a_campaign_reports_on_it_and_sees_its_draft(who: str) -> None:
    actor = Actor("me", grants=GRANTS[who])
    assert campaigns.manages(actor, "this") is (who in RUNS)
    assert campaigns.manages(actor, None) is (who in RUNS - {"manager of this"})
    assert campaigns.may_report(actor, "this", "boss") is (who in RUNS | {"sponsor of this"})
    seen = who in RUNS | {"sponsor of this", "correspondent of this"}
    assert campaigns.may_see_draft(actor, "this", "boss") is seen
    assert campaigns.may_see_draft(actor, "this", "me")


def test_a_manager_of_another_campaign_is_refused() -> None:
    with pytest.raises(RoleMissing):
        campaigns.check_manages(Actor("me", grants=GRANTS["manager of another"]), "this")
