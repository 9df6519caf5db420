"""What needs a role: each permission, and the roles that carry it."""

import pytest

from app.domain import permissions
from app.domain.actors import Actor, Grant
from app.domain.permissions import Permission, RoleMissing
from app.domain.roles import Role

CARRIED_BY = {
    "directory.import": {"admin"},
    "directory.read": {"admin"},
    "employees.deactivate": {"admin"},
    "employees.invite": {"admin"},
    "restrictions.write": {"admin"},
    "roles.grant": {"admin"},
    "roles.read": {"admin", "works_council"},
    "routing-rules.read": {"admin", "innovation_manager", "works_council"},
    "routing-rules.write": {"innovation_manager"},
    "calendars.write": {"innovation_manager", "admin"},
    "campaigns.write": {"community_manager", "innovation_manager"},
    "segments.read": {"community_manager", "innovation_manager", "hr"},
    "segments.write": {"community_manager", "innovation_manager"},
    "clock.write": {"innovation_manager"},
    "queues.read": {"innovation_manager"},
    "reviews.read": {"correspondent", "innovation_manager", "sponsor", "admin"},
    "scorecards.fill": {"correspondent", "idea_developer", "innovation_manager", "sponsor"},
    "point-rules.write": {"innovation_manager"},
    "vote-flags.review": {"community_manager"},
    "pipeline.decide": {"innovation_manager", "sponsor"},
    "prizes.give": {"community_manager", "innovation_manager"},
    "prizes.write": {"community_manager", "innovation_manager"},
    "statistics.read": {"hr", "innovation_manager"},
    "exports.read": {"hr"},
    "news.write": {"community_manager"},
    "nudges.write": {"community_manager"},
    "exports.ideas": {"innovation_manager"},
    "exports.audit": {"admin", "works_council"},
    "votings.write": {"community_manager", "innovation_manager"},
    "webhooks.write": {"innovation_manager", "admin"},
    "identities.ask": {"admin", "community_manager"},
    "register.read": {"admin", "works_council"},
    "gatherings.write": {"community_manager", "innovation_manager"},
    "corrections.settle": {"admin"},
    "employees.erase": {"admin"},
    "moderation.decide": {"community_manager", "innovation_manager", "admin"},
    "moderation.words.write": {"community_manager"},
}


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_a_permission_needs_one_of_its_roles(role: Role, permission: Permission) -> None:
    actor = Actor("somebody", grants=(Grant(Role.FACILITATOR), Grant(role, function_id="finance")))
    carried = role.value in CARRIED_BY[permission.value]
    assert permissions.may(actor, permission) is carried
    if carried:
        permissions.check(actor, permission)
    else:
        with pytest.raises(RoleMissing):
            permissions.check(actor, permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_without_a_role_there_is_no_permission(permission: Permission) -> None:
    assert not permissions.may(Actor("somebody"), permission)
