"""The clockwork: has DBOS drain rows that wait and do the periodic work, on the event loop that starts it."""

import asyncio
from functools import partial
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import Settings
from app.jobs import pump, retention, runs, state, wake
from app.jobs.bridge import Bridge, aside
from app.jobs.metering import measure_drains, measure_periodic
from app.jobs.rounds import Rounds
from app.jobs.watch import Watch
from app.jobs.work import Periodic, Work

__all__ = ["AlreadyRunning", "Engine", "Periodic", "Work", "start"]

_log = structlog.get_logger()

GRACE = 10.0
"""Seconds that the running batch and periodic runs have to finish at a stop."""

PATIENCE = 10.0
"""Seconds that DBOS has to end at a stop; for a lost database it would wait without end."""

_RECORDING = 1.0
_RETENTION = Periodic("jobs.retention", "41 * * * *", retention.forget)
_only_one = Lock()


class AlreadyRunning(RuntimeError):
    """This process has a clockwork already, and DBOS allows one."""


class Engine:
    """The clockwork of one process, made by `start`."""

    def __init__(self, settings: Settings, work: Work) -> None:
        self._executor = state.name_executor(settings)
        self._config = state.configure(settings, self._executor)
        self._rounds = Rounds([measure_periodic(each) for each in (*work.schedule, _RETENTION)])
        self._bridge = Bridge()
        self._pumps = pump.connect(measure_drains(work.drains))
        self._watch = (
            None if settings.on_sqlite else Watch(state.locate(settings), self._executor, self._ring)
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._ended: bool | None = None

    async def open(self) -> None:
        """Launch DBOS and begin; what lies there already is drained first."""
        if self._watch:
            # Before a run can be pending under our name, or others would take us for dead.
            await self._watch.open()
        drain = await aside(runs.launch, self._config, self._bridge, self._pumps, self._rounds)
        for name, each in self._pumps.items():
            self._tasks.append(asyncio.create_task(each.keep_going(partial(aside, drain, name))))
        if self._watch:
            self._tasks.append(asyncio.create_task(self._watch.keep()))
        wake.subscribe(self._ring)
        self._ring()
        _log.info("jobs.started", worker=self._executor)

    async def stop(self) -> bool:
        """End politely, in twenty seconds at most: nothing new starts, the running batch and runs finish.

        A run that is cut short stays pending, for another worker or for the next start. Tells whether
        everything ended: when not, threads still wait for a lost database, until the process ends.
        """
        if self._ended is not None:
            return self._ended
        wake.unsubscribe(self._ring)
        for each in self._pumps.values():
            each.stop()
        worked = await self._bridge.close(grace=GRACE)
        self._ended = await self._close_runs(_RECORDING if worked else 0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._watch:
            await self._watch.close()
        _log.info("jobs.stopped", worker=self._executor, ended=self._ended)
        return self._ended

    def _ring(self) -> None:
        for each in self._pumps.values():
            each.ring()

    async def _close_runs(self, recording: float) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await aside(partial(_close, self._executor, recording=recording))
        except TimeoutError:
            return False
        except SQLAlchemyError as error:
            _log.warning("jobs.outcomes-lost", exc_info=error)
        except Exception as error:  # noqa: BLE001  what else there is to stop must stop all the same
            _log.error("jobs.not-closed", exc_info=error)
            return False
        return True


def _close(executor: str, *, recording: float) -> None:
    """Stop DBOS, and make room for the next clockwork when that is over, however it ends; blocks.

    It may end long after nobody waits for it any more, and would take a clockwork that began meanwhile along.
    """
    try:
        runs.close(executor, recording=recording)
    finally:
        _only_one.release()


async def start(settings: Settings, work: Work) -> Engine:
    """Start the clockwork on the running loop, which from then on runs `work`.

    On SQLite it lives in the one process there is; on PostgreSQL in each of any number of workers.

    Raises: AlreadyRunning; whatever keeps DBOS from its database.
    """
    engine = Engine(settings, work)
    if not _only_one.acquire(blocking=False):
        raise AlreadyRunning
    try:
        await engine.open()
    except BaseException:
        try:
            await engine.stop()
        except Exception as error:  # noqa: BLE001  why it did not start is what counts
            _log.error("jobs.not-stopped", exc_info=error)
        raise
    return engine
