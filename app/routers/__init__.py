"""HTTP only: parse, authorise, one call, shape."""

from fastapi import APIRouter

from app.routers import (
    authorships,
    comments,
    decisions,
    ideas,
    links,
    profiles,
    references,
    rewards,
    sessions,
    sign_ins,
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
    links.router,
)
"""Every router of the API; FastAPI walks them in this order, so the busiest come first."""
