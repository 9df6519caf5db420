"""Running the one migration chain, on either engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.schema import SchemaItem

from app.core.config import Settings
from app.core.revisions import SCRIPTS

_LOCK = 7_402_118_633
"""Advisory lock of PostgreSQL under which one process migrates while others wait."""


_BY_HAND = {"document", "ix_search_documents_document"}
_BY_HAND_PREFIX = "search_index"
"""The full-text index differs between the engines and is made by hand; its shadow tables are not ours."""


def is_compared(
    engine: str,
    thing: SchemaItem,
    name: str | None,
    _kind: str,
    _reflected: object,
    _compared: SchemaItem | None,
) -> bool:
    """Tell whether something of the schema of an engine must be as the tables say.

    An index may say in its `info` that it is there on one `engine` only.
    """
    if name in _BY_HAND or (name or "").startswith(_BY_HAND_PREFIX):
        return False
    return getattr(thing, "info", {}).get("engine") in (None, engine)


def configuration() -> Config:
    """Return the configuration of the migration chain."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def engine_for(settings: Settings) -> Engine:
    """Return a synchronous engine for schema work; foreign keys are checked at the end, not on the way."""
    if not settings.on_sqlite:
        return create_engine(
            settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool
        )
    settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{settings.sqlite_path}", poolclass=NullPool, connect_args={"timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # A table rebuild drops the old table; with foreign keys on that would take its children along.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Bring the schema up to a revision; several processes may call it at once."""
    with _connection(settings) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Take the schema down to a revision."""
    with _connection(settings) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def current(settings: Settings) -> str | None:
    """Return the revision that the database stands at, None when it is empty."""
    engine = engine_for(settings)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


@contextmanager
def _connection(settings: Settings) -> Iterator[Connection]:
    engine = engine_for(settings)
    try:
        with engine.begin() as connection:
            if not settings.on_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
            if settings.on_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    message = f"the migration would leave rows without their parents: {broken[:5]}"
                    raise RuntimeError(message)
    finally:
        engine.dispose()
