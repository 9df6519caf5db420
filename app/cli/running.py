"""`serve` and `worker`: the processes of an installation."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
import uvicorn

from app.cli import loading, setting
from app.core import files
from app.core.config import Settings
from app.core.db import Database
from app.core.protocol import BoundedProtocol
from app.core.single import alone
from app.jobs import wake
from app.main import create_app, create_probe

POLITE_STOP_SECONDS = 25


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(worker)


def serve(
    host: str = typer.Option("127.0.0.1", help="The address to listen on."),
    port: int = typer.Option(8000, help="The port to listen on."),
) -> None:
    """Serve the API; on SQLite the jobs run in the same process."""
    settings = setting.load()
    with alone(settings):
        asyncio.run(_serve(settings, host, port))


def worker(
    host: str = typer.Option("127.0.0.1", help="The address on which it tells how it is."),
    port: int = typer.Option(0, help="The port for `/health/live` and `/health/metrics`, 0 for none."),
) -> None:
    """Work off events and do the periodic work (PostgreSQL; any number of workers)."""
    settings = setting.load()
    if settings.on_sqlite:
        typer.echo("On SQLite `ideabox serve` does the work itself.", err=True)
        raise typer.Exit(2)
    asyncio.run(_work(settings, host, port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    async def start_work(database: Database) -> Any:
        # Aside, because it takes a tenth of a second and more, and requests are served meanwhile.
        clockwork = await asyncio.to_thread(_load_clockwork)
        return await clockwork.start(settings, database)

    files.allow_all()
    with loading.keeping():
        app = create_app(settings, beside=start_work if settings.on_sqlite else None)
    server = uvicorn.Server(_configure(app, host, port))
    _welcome(settings, host, port)
    # The server raises the signal that stopped it again when it has ended; a polite stop is a success.
    signal.signal(signal.SIGTERM, lambda *_: None)
    await server.serve()


async def _work(settings: Settings, host: str, port: int) -> None:
    database = Database(settings)
    database.after_commit = wake.notify
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    clockwork = await _load_clockwork().start(settings, database)
    probe = _Probe(_configure(create_probe(settings, database), host, port)) if port else None
    answering = asyncio.create_task(probe.serve()) if probe else None
    await stopping.wait()
    ended = await clockwork.stop()
    if probe and answering:
        probe.should_exit = True
        await answering
    await database.close()
    if not ended:
        # Threads of the job engine still wait for a lost database; what they did stays pending.
        os._exit(0)


class _Probe(uvicorn.Server):
    """Answers beside the work of a worker, whose signals are not its own."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the worker."""
        yield


def _configure(app: Any, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
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


def _load_clockwork() -> Any:
    """Import the jobs only in the process that runs them: they are heavy, and replicas don't need them."""
    return loading.load("app.jobs.clockwork")


def _welcome(settings: Settings, host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    typer.echo(f"Ideabox is at {address}/api/v1, its documentation at {address}/api/docs")
    if settings.environment == "development":
        typer.echo(loading.load("app.demo.accounts").describe(settings.data_dir))
