"""HTTP only: parse, authorise, one call, shape."""

from fastapi import APIRouter

from app.routers import (
    absences,
    attendances,
    authorships,
    calendar_feeds,
    calendars,
    captures,
    channels,
    clock_policies,
    comments,
    decisions,
    directory,
    employees,
    gatherings,
    ideas,
    links,
    live,
    notifications,
    preferences,
    profiles,
    queues,
    references,
    rewards,
    routing_rules,
    segments,
    sessions,
    sign_ins,
    sign_ups,
    statistics,
    unsubscriptions,
    votes,
    votings,
    webhooks,
)
from app.routers.express import Busy

ROUTERS: tuple[APIRouter, ...] = (
    ideas.router,
    ideas.busy,
    votes.router,
    comments.busy,
    comments.writes,
    comments.router,
    decisions.router,
    authorships.router,
    references.router,
    votings.router,
    rewards.router,
    profiles.router,
    live.router,
    notifications.router,
    preferences.router,
    channels.router,
    unsubscriptions.router,
    sign_ins.router,
    sessions.router,
    employees.router,
    directory.router,
    routing_rules.router,
    absences.router,
    queues.router,
    clock_policies.router,
    calendars.router,
    links.router,
    segments.router,
    statistics.router,
    webhooks.router,
    gatherings.router,
    sign_ups.router,
    attendances.router,
    captures.router,
    calendar_feeds.router,
    calendar_feeds.opened,
)
"""Every router of the API; FastAPI walks them in this order, so the busiest come first."""

BUSY: tuple[Busy, ...] = tuple(
    route for router in ROUTERS for route in router.routes if isinstance(route, Busy)
)
"""The routes that are reached by the short way."""
