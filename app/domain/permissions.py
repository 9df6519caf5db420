"""Permissions: the one table of which role may do what, before the rules of each noun are asked."""

from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import Forbidden
from app.domain.roles import Role


class Permission(StrEnum):
    """Something that needs a role; what everybody may do has no permission."""

    CALENDARS_WRITE = "calendars.write"
    CAMPAIGNS_WRITE = "campaigns.write"
    CLOCK_WRITE = "clock.write"
    CORRECTIONS_SETTLE = "corrections.settle"
    DIRECTORY_IMPORT = "directory.import"
    DIRECTORY_READ = "directory.read"
    EMPLOYEES_DEACTIVATE = "employees.deactivate"
    EMPLOYEES_ERASE = "employees.erase"
    EMPLOYEES_INVITE = "employees.invite"
    GATHERINGS_WRITE = "gatherings.write"
    NEWS_WRITE = "news.write"
    NUDGES_WRITE = "nudges.write"
    IDENTITIES_ASK = "identities.ask"
    MODERATION_DECIDE = "moderation.decide"
    MODERATION_WORDS_WRITE = "moderation.words.write"
    RESTRICTIONS_WRITE = "restrictions.write"
    ROLES_GRANT = "roles.grant"
    ROLES_READ = "roles.read"
    ROUTING_RULES_READ = "routing-rules.read"
    ROUTING_RULES_WRITE = "routing-rules.write"
    QUEUES_READ = "queues.read"
    REGISTER_READ = "register.read"
    REVIEWS_READ = "reviews.read"
    SCORECARDS_FILL = "scorecards.fill"
    POINT_RULES_WRITE = "point-rules.write"
    PIPELINE_DECIDE = "pipeline.decide"
    SEGMENTS_READ = "segments.read"
    SEGMENTS_WRITE = "segments.write"
    PRIZES_GIVE = "prizes.give"
    PRIZES_WRITE = "prizes.write"
    STATISTICS_READ = "statistics.read"
    EXPORTS_AUDIT = "exports.audit"
    EXPORTS_IDEAS = "exports.ideas"
    EXPORTS_READ = "exports.read"
    VOTE_FLAGS_REVIEW = "vote-flags.review"
    VOTINGS_WRITE = "votings.write"
    WEBHOOKS_WRITE = "webhooks.write"


_P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CORRESPONDENT: frozenset({_P.REVIEWS_READ, _P.SCORECARDS_FILL}),
    Role.FACILITATOR: frozenset(),
    Role.IDEA_DEVELOPER: frozenset({_P.SCORECARDS_FILL}),
    Role.COMMUNITY_MANAGER: frozenset(
        {
            _P.CAMPAIGNS_WRITE,
            _P.GATHERINGS_WRITE,
            _P.NEWS_WRITE,
            _P.NUDGES_WRITE,
            _P.IDENTITIES_ASK,
            _P.MODERATION_DECIDE,
            _P.MODERATION_WORDS_WRITE,
            _P.PRIZES_GIVE,
            _P.PRIZES_WRITE,
            _P.SEGMENTS_READ,
            _P.SEGMENTS_WRITE,
            _P.VOTE_FLAGS_REVIEW,
            _P.VOTINGS_WRITE,
        }
    ),
    Role.INNOVATION_MANAGER: frozenset(
        {
            _P.REVIEWS_READ,
            _P.SCORECARDS_FILL,
            _P.PIPELINE_DECIDE,
            _P.SEGMENTS_READ,
            _P.SEGMENTS_WRITE,
            _P.STATISTICS_READ,
            _P.ROUTING_RULES_READ,
            _P.ROUTING_RULES_WRITE,
            _P.CALENDARS_WRITE,
            _P.CAMPAIGNS_WRITE,
            _P.CLOCK_WRITE,
            _P.EXPORTS_IDEAS,
            _P.POINT_RULES_WRITE,
            _P.QUEUES_READ,
            _P.VOTINGS_WRITE,
            _P.WEBHOOKS_WRITE,
            _P.GATHERINGS_WRITE,
            _P.MODERATION_DECIDE,
            _P.PRIZES_GIVE,
            _P.PRIZES_WRITE,
        }
    ),
    Role.SPONSOR: frozenset({_P.REVIEWS_READ, _P.SCORECARDS_FILL, _P.PIPELINE_DECIDE}),
    Role.HR: frozenset({_P.SEGMENTS_READ, _P.STATISTICS_READ, _P.EXPORTS_READ}),
    Role.WORKS_COUNCIL: frozenset({_P.REGISTER_READ, _P.ROUTING_RULES_READ, _P.ROLES_READ, _P.EXPORTS_AUDIT}),
    Role.ADMIN: frozenset(
        {
            _P.CORRECTIONS_SETTLE,
            _P.MODERATION_DECIDE,
            _P.DIRECTORY_IMPORT,
            _P.DIRECTORY_READ,
            _P.EMPLOYEES_DEACTIVATE,
            _P.EMPLOYEES_ERASE,
            _P.EMPLOYEES_INVITE,
            _P.IDENTITIES_ASK,
            _P.EXPORTS_AUDIT,
            _P.RESTRICTIONS_WRITE,
            _P.ROLES_GRANT,
            _P.ROLES_READ,
            _P.REGISTER_READ,
            _P.REVIEWS_READ,
            _P.ROUTING_RULES_READ,
            _P.CALENDARS_WRITE,
            _P.WEBHOOKS_WRITE,
        }
    ),
}


class RoleMissing(Forbidden):
    """None of your roles allows this."""

    code = "permissions.role-missing"


def may(actor: Actor, permission: Permission) -> bool:
    """Tell whether one of the actor's roles carries a permission, in whatever scope."""
    return any(permission in ROLE_PERMISSIONS[grant.role] for grant in actor.grants)


def check(actor: Actor, permission: Permission) -> None:
    """Let pass whoever holds a permission.

    Raises: RoleMissing.
    """
    if not may(actor, permission):
        raise RoleMissing
