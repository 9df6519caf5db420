"""What the process was wired with at start, as requests reach it."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.core.config import Settings
from app.core.cursors import CursorSigner
from app.core.db import Database
from app.core.rates import RateLimiter
from app.core.recall import Recall
from app.core.security.passwords import PasswordVault
from app.core.security.seals import Seals
from app.core.security.tokens import TokenSigner
from app.integrations.frontier import Frontier
from app.queries.comments import Discussions
from app.queries.details import Details
from app.queries.kept_figures import KeptFigures
from app.queries.pages import Pages
from app.queries.unchanged import Unchanged
from app.services.authentication import Authenticator
from app.services.ballots import BallotBox
from app.services.live import Live
from app.services.views import ViewCounter


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts of a running application."""

    settings: Settings
    database: Database
    authenticator: Authenticator
    signer: TokenSigner
    vault: PasswordVault
    seals: Seals
    limiter: RateLimiter
    cursors: CursorSigner
    views: ViewCounter
    pages: Pages
    unchanged: Unchanged
    details: Details
    figures: KeptFigures
    discussions: Discussions
    ballots: BallotBox
    live: Live
    frontier: Frontier
    meanings: Recall[tuple[Any, ...], dict[str, Any]]


def get_wiring(request: Request) -> Wiring:
    """Return the parts that this application runs on."""
    wiring: Wiring = request.app.state.wiring
    return wiring
