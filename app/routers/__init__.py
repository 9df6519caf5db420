"""HTTP only: parse, authorise, one call, shape."""

from fastapi import APIRouter

from app.routers import (
    authorships,
    comments,
    decisions,
    directory,
    employees,
    ideas,
    links,
    profiles,
    references,
    rewards,
    routing_rules,
    sessions,
    sign_ins,
    statistics,
    votes,
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
    rewards.router,
    profiles.router,
    sign_ins.router,
    sessions.router,
    employees.router,
    directory.router,
    routing_rules.router,
    links.router,
    statistics.router,
)
"""Every router of the API; FastAPI walks them in this order, so the busiest come first."""

BUSY: tuple[Busy, ...] = tuple(
    route for router in ROUTERS for route in router.routes if isinstance(route, Busy)
)
"""The routes that are reached by the short way."""
