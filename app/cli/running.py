"""`serve`, `worker` and `jobs`: the processes of an installation."""

import asyncio
import os
import signal
from typing import Any

import typer
import uvicorn
from sqlalchemy import func, select, update
from sqlmodel import col

from app.cli import loading, setting
from app.core import files
from app.core.config import Settings
from app.core.db import Database
from app.core.protocol import BoundedProtocol
from app.core.single import alone
from app.jobs import wake
from app.jobs.drain import MAX_ATTEMPTS
from app.main import create_app
from app.models.events import Event

POLITE_STOP_SECONDS = 25


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)
    app.command()(jobs)


def serve(
    host: str = typer.Option("127.0.0.1", help="The address to listen on."),
    port: int = typer.Option(8000, help="The port to listen on."),
) -> None:
    """Serve the API; on SQLite the jobs run in the same process."""
    settings = setting.load()
    with alone(settings):
        asyncio.run(_serve(settings, host, port))


def worker() -> None:
    """Work off events and do the periodic work (PostgreSQL; any number of workers)."""
    settings = setting.load()
    if settings.on_sqlite:
        typer.echo("On SQLite `ideabox serve` does the work itself.", err=True)
        raise typer.Exit(2)
    asyncio.run(_work(settings))


def jobs(replay: bool = typer.Option(False, "--replay", help="Try failed events again.")) -> None:
    """Show events that wait or have failed, and play the failed ones again."""

    async def show(database: Database) -> None:
        async with database.reader() as session:
            waiting = await session.scalar(
                select(func.count()).where(col(Event.worked_off_at).is_(None), col(Event.attempts) == 0)
            )
            failed = await session.execute(
                select(col(Event.sequence), col(Event.kind), col(Event.attempts), col(Event.failure))
                .where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
                .order_by(col(Event.sequence))
                .limit(100)
            )
        typer.echo(f"{waiting} events wait.")
        for sequence, kind, attempts, failure in failed:
            state = "given up" if attempts >= MAX_ATTEMPTS else "will be tried again"
            typer.echo(f"{sequence} {kind}: failed {attempts} times ({failure}), {state}")

    async def play_again(database: Database) -> None:
        async with database.writer() as session:
            await session.execute(
                update(Event)
                .where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
                .values(attempts=0, retry_at=None)
            )

    settings = setting.load()
    if replay:
        setting.write(play_again, settings)
    setting.read(show, settings)


async def _serve(settings: Settings, host: str, port: int) -> None:
    async def start_work(database: Database) -> Any:
        # Aside, because it takes a tenth of a second and more, and requests are served meanwhile.
        clockwork = await asyncio.to_thread(_load_clockwork)
        return await clockwork.start(settings, database)

    files.allow_all()
    with loading.keeping():
        app = create_app(settings, beside=start_work if settings.on_sqlite else None)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=BoundedProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=POLITE_STOP_SECONDS,
            timeout_keep_alive=30,
            backlog=2048,
        )
    )
    _welcome(settings, host, port)
    # The server raises the signal that stopped it again when it has ended; a polite stop is a success.
    signal.signal(signal.SIGTERM, lambda *_: None)
    await server.serve()


async def _work(settings: Settings) -> None:
    database = Database(settings)
    database.after_commit = wake.notify
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    clockwork = await _load_clockwork().start(settings, database)
    await stopping.wait()
    ended = await clockwork.stop()
    await database.close()
    if not ended:
        # Threads of the job engine still wait for a lost database; what they did stays pending.
        os._exit(0)


def _load_clockwork() -> Any:
    """Import the jobs only in the process that runs them: they are heavy, and replicas don't need them."""
    return loading.load("app.jobs.clockwork")


def _welcome(settings: Settings, host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    typer.echo(f"Ideabox is at {address}/api/v1, its documentation at {address}/api/docs")
    if settings.environment == "development":
        typer.echo(loading.load("app.demo.accounts").describe(settings.data_dir))
