"""The clockwork with everything that Ideabox has it do; imported only by the process that runs jobs."""

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.integrations.outbound import Guard
from app.jobs import engine, posting, webhook_posting
from app.jobs.drain import drain
from app.jobs.engine import Engine
from app.jobs.metering import Notes
from app.jobs.schedule import list_periodic
from app.jobs.work import Work
from app.services import broadcasts, export_files
from app.services.outlets import Outlet
from app.services.posting import Office


class Clockwork:
    """What runs, until it is stopped; made by `start`."""

    def __init__(self, running: Engine, office: Office, outlet: Outlet, guard: Guard, notes: Notes) -> None:
        self._running = running
        self._notes = notes
        self._office = office
        self._outlet = outlet
        self._guard = guard

    async def stop(self) -> bool:
        """End politely; tells whether everything ended."""
        ended = await self._running.stop()
        await self._notes.close()
        await posting.close_office(self._office)
        await self._outlet.close()
        await self._guard.close()
        return ended


async def start(settings: Settings, database: Database) -> Clockwork:
    """Start the jobs of this process on the running loop.

    Raises: AlreadyRunning; UnusableChannel for settings of messages that make no sense; whatever keeps the engine
    from its database.
    """
    guard = Guard(settings)
    office = posting.open_office(settings, call=guard.post)
    outlet = webhook_posting.open_outlet(settings, call=guard.post)
    drains = {
        "events.drain": lambda: drain(database, now=clock.now()),
        "broadcasts.tell": lambda: broadcasts.tell(database, now=clock.now()),
        **posting.list_drains(database, office),
        **webhook_posting.list_drains(database, outlet),
        "exports.make": lambda: export_files.make_due(database, settings.data_dir, now=clock.now()),
    }
    work = Work(drains, list_periodic(database, settings.data_dir))
    notes = Notes(database)
    running = await engine.start(settings, work)
    notes.begin()
    return Clockwork(running, office, outlet, guard, notes)
