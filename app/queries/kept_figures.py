"""Figures as they were answered: kept until anything changes, since opening a page of them asks for nine at once."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import select

from app.core.db import Database, ReadSession
from app.core.prepared import Prepared
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.queries import fresh
from app.queries.fresh import Fresh
from app.queries.statistics import Filters

_MOST = 64
_STAMP = Prepared(lambda engine: fresh.stamp(select(), engine))


class KeptFigures:
    """The JSON of figures by name, what they are narrowed to, and the day on which they were asked for.

    They are the same for everybody who may know figures, and hang on nothing but the data and the day.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: Fresh[tuple[str, Filters, int], bytes] = Fresh(database, most=_MOST)

    async def read(
        self,
        actor: Actor,
        name: str,
        filters: Filters,
        reading: Callable[[ReadSession], Awaitable[BaseModel]],
        *,
        now: datetime,
    ) -> bytes:
        """Return figures; a statement where they are kept, otherwise one more than reading them takes, or two.

        They are kept where nothing has changed from before the reading until after it.

        Raises: RoleMissing, and what the reading raises.
        """
        permissions.check(actor, Permission.STATISTICS_READ)
        key = (name, filters, now.astimezone(ZoneInfo(self._database.zone)).toordinal())
        kept, changes = self._kept.find(key), self._database.changes
        stamp = await self._read_stamp()
        if kept is not None and self._kept.is_current(kept, stamp):
            return kept.value
        async with self._database.reader() as session:
            shape = await reading(session)
        body: bytes = shape.__pydantic_serializer__.to_json(shape)
        if await self._read_stamp() == stamp:
            self._kept.keep(key, body, since=changes, stamp=stamp)
        return body

    async def _read_stamp(self) -> str | None:
        """Return the stamp of what a statement sees now; none on SQLite, where this process counts its changes."""
        if self._database.on_sqlite:
            return None
        async with self._database.reading_lane() as lane:
            ((stamp,),) = await lane.fetch(_STAMP, {})
        return str(stamp)
