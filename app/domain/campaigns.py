"""Campaigns: who may know of them."""

from app.domain.errors import NotFound


class NoSuchCampaign(NotFound):
    """There is no such campaign, or none that you may know of."""

    code = "campaigns.unknown"
