"""Roles: the hats that people wear besides being employees."""

from enum import StrEnum


class Role(StrEnum):
    """A role that can be granted; `employee` is everyone and is not granted."""

    CORRESPONDENT = "correspondent"
    FACILITATOR = "facilitator"
    IDEA_DEVELOPER = "idea_developer"
    COMMUNITY_MANAGER = "community_manager"
    INNOVATION_MANAGER = "innovation_manager"
    SPONSOR = "sponsor"
    HR = "hr"
    WORKS_COUNCIL = "works_council"
    ADMIN = "admin"


EMPLOYEE = "employee"
"""The name that `/me` shows for what everybody is."""
