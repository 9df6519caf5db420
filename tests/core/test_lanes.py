"""Lanes: a connection that was lent comes back, whatever happens to the one who asked for it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.db import Database, DatabaseAway
from tests.conftest import make_settings


async def test_a_lane_that_does_not_get_the_lock_gives_its_connection_back(tmp_path: Path) -> None:
    path = tmp_path / "ideabox.db"
    database = Database(make_settings(f"sqlite:///{path}", tmp_path))
    async with database.writer() as session:
        await session.execute(text("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(DatabaseAway, match="database is locked"):
                async with database.writing_lane():
                    pass
        assert database.write_engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # this pool counts
        other.execute("ROLLBACK")
    async with database.writing_lane() as lane:
        assert lane.engine == "sqlite"
    await database.close()
