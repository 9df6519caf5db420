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

ROUTERS: tuple[APIRouter, ...] = (
    ideas.router,
    votes.router,
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
