"""Events of campaigns: what is made ready, what begins by the clock, what came of it."""

from app.domain.happenings import Happening


class CampaignAnnounced(Happening):
    """A campaign was announced. Subject: the campaign."""

    kind = "campaigns.announced"


class CampaignChanged(Happening):
    """A campaign was made ready or changed. Subject: the campaign; payload: `change`."""

    kind = "campaigns.changed"


class PhaseBegan(Happening):
    """A phase of a campaign began, told once. Subject: the campaign; payload: `phase`, `until` (a day, if not over)."""

    kind = "campaigns.phase-began"


class PhaseEndAnnounced(Happening):
    """A phase in which people take part ends within a day. Subject: the campaign; payload: `phase`, `until` (a day)."""

    kind = "campaigns.end-announced"


class CampaignReported(Happening):
    """It was written what came of a campaign. Subject: the campaign; payload: `again` where it was written before."""

    kind = "campaigns.reported"


class CampaignClosed(Happening):
    """A campaign was closed. Subject: the campaign."""

    kind = "campaigns.closed"
