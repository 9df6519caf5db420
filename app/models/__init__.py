"""The tables, one module a noun; importing the package makes the whole schema known."""

from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

# The tables register themselves with the metadata when they are imported, after the naming convention is set.
from app.models import (  # noqa: E402  see above
    absences,
    activity,
    authorships,
    calendars,
    campaigns,
    capacities,
    channels,
    clock_policies,
    comments,
    conflicts,
    deliveries,
    employees,
    entities,
    events,
    functions,
    gates,
    ideas,
    idempotency,
    itinerary,
    notifications,
    preferences,
    reviews,
    rewards,
    roles,
    routing,
    scorecards,
    search,
    sessions,
    themes,
    votes,
    webhooks,
)

metadata = SQLModel.metadata

__all__ = [
    "absences",
    "activity",
    "authorships",
    "calendars",
    "campaigns",
    "capacities",
    "channels",
    "clock_policies",
    "comments",
    "conflicts",
    "deliveries",
    "employees",
    "entities",
    "events",
    "functions",
    "gates",
    "ideas",
    "idempotency",
    "itinerary",
    "metadata",
    "notifications",
    "preferences",
    "reviews",
    "rewards",
    "roles",
    "routing",
    "scorecards",
    "search",
    "sessions",
    "themes",
    "votes",
    "webhooks",
]
