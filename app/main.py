"""The application: routers, error answers, the edge, and what runs beside the requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import cast

import structlog
from fastapi import APIRouter, FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core import clock, files
from app.core.config import Settings
from app.core.cursors import CursorSigner
from app.core.db import Database, DatabaseAway
from app.core.edge import Edge
from app.core.notices import Notifier
from app.core.rates import RateLimiter
from app.core.recall import Recall
from app.core.security.passwords import PasswordVault
from app.core.security.seals import Seals
from app.core.security.tokens import TokenSigner, TokenVerifier
from app.integrations.frontier import Frontier
from app.jobs import wake
from app.jobs.beside import Starter, keep
from app.queries.comments import Discussions
from app.queries.details import Details
from app.queries.kept_figures import KeptFigures
from app.queries.pages import Pages
from app.queries.unchanged import Unchanged
from app.routers import BUSY, ROUTERS, documentation, health, live, metrics, problems
from app.routers.express import Express
from app.routers.wiring import Wiring
from app.services import votings
from app.services.authentication import Authenticator
from app.services.ballots import BallotBox
from app.services.live import Live
from app.services.views import ViewCounter

VERSION = "0.1.0"
API = "/api/v1"
_LOOKS = 8
"""Names of receivers that are looked up at once, when somebody saves a webhook."""

_VIEWS_EVERY = 3.0
_VOTINGS_EVERY = 2.0
"""Seconds between two looks for votings that are over; what was hidden is told at most so much later."""
_MEANINGS = 1_000
"""Query strings whose meaning is remembered, of all busy routes together."""

_log = structlog.get_logger()


def wire(settings: Settings) -> Wiring:
    """Build the parts of an application from its settings; nothing is connected yet."""
    database = Database(settings)
    unchanged = Unchanged(database)
    secrets = [settings.secret, *(secret.get_secret_value() for secret in settings.previous_secret_keys)]
    verifier = TokenVerifier(secrets, issuer=settings.base_url, installation_id=settings.base_url)
    return Wiring(
        settings=settings,
        database=database,
        authenticator=Authenticator(
            database,
            verifier,
            state_seconds=settings.sign_in_state_seconds,
            development=settings.environment != "production",
        ),
        signer=TokenSigner(settings.secret, issuer=settings.base_url, installation_id=settings.base_url),
        vault=PasswordVault(concurrency=settings.hash_concurrency),
        seals=Seals(secrets),
        limiter=RateLimiter(),
        cursors=CursorSigner(settings.secret),
        views=ViewCounter(),
        pages=Pages(database),
        unchanged=unchanged,
        details=Details(database),
        figures=KeptFigures(database),
        discussions=Discussions(database, unchanged),
        ballots=BallotBox(database),
        live=Live(
            database,
            url=None if settings.on_sqlite else settings.database_url,
            most=files.limit_connections(settings.live_connections),
            write=live.write_frame,
        ),
        frontier=Frontier(settings, looks=_LOOKS),
        meanings=Recall(_MEANINGS),
    )


class Application(FastAPI):
    """FastAPI behind the edge and the short way, through which every request comes before it."""

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request through the front; what is no request goes to FastAPI itself."""
        serve = self.front if scope["type"] == "http" else super().__call__
        await serve(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Leave out the framework's last resort: the edge answers what breaks, with a problem document."""
        return cast("ServerErrorMiddleware", super().build_middleware_stack()).app


def create_app(settings: Settings, *, beside: Starter | None = None) -> FastAPI:
    """Build the application, wrapped in its edge; `beside` starts and ends with it."""
    app = Application(
        title="Ideabox",
        version=VERSION,
        description="The idea box of a whole company.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_live,
        redirect_slashes=False,
        generate_unique_id_function=documentation.name_operation,
    )
    app.state.wiring = wire(settings)
    app.state.beside = beside
    problems.install(app)
    api = APIRouter(prefix=API)
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(health.router)
    app.include_router(metrics.router)
    documentation.install(app)
    app.front = Edge(
        Express(partial(FastAPI.__call__, app), owner=app, prefix=API, routes=BUSY),
        max_body=settings.max_body_bytes,
        max_bodies={f"{API}/directory/imports": settings.max_import_bytes},
        https=settings.base_url.startswith("https://"),
    )
    return app


def create_probe(settings: Settings, database: Database) -> FastAPI:
    """Build what a worker answers with: how it is, and what its jobs did; on the database that it works on."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.wiring = replace(wire(settings), database=database)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(metrics.router)
    return app


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    wiring: Wiring = app.state.wiring
    notifier = Notifier(wiring.database)
    wiring.database.after_commit = wake.notify if wiring.settings.on_sqlite else notifier.ring
    wiring.database.after_change = wiring.live.ring
    tasks = [
        asyncio.create_task(_write_views_down(wiring)),
        asyncio.create_task(_end_votings(wiring.database)),
        asyncio.create_task(notifier.run()),
        asyncio.create_task(wiring.live.run()),
    ]
    beside: Starter | None = app.state.beside
    ending = asyncio.Event()
    companion = asyncio.create_task(keep(beside, wiring.database, ending)) if beside else None
    try:
        yield
    finally:
        ending.set()
        if companion is not None:
            await companion
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(DatabaseAway):
            await wiring.views.write_down(wiring.database)
        wiring.vault.close()
        wiring.frontier.close()
        await wiring.database.close()


async def _write_views_down(wiring: Wiring) -> None:
    while True:
        await asyncio.sleep(_VIEWS_EVERY)
        try:
            await wiring.views.write_down(wiring.database)
        except DatabaseAway:
            _log.warning("views.not-written")


async def _end_votings(database: Database) -> None:
    while True:
        await asyncio.sleep(_VOTINGS_EVERY)
        try:
            await votings.end_due(database, now=clock.now())
        except DatabaseAway:
            _log.warning("votings.not-ended")
        except Exception as error:  # noqa: BLE001  one campaign must not stop the end of all others
            _log.error("votings.failed", exc_info=error)
