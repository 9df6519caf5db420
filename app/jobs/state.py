"""Where DBOS keeps its state, and how it is kept quiet, offline and apart from our tables."""

import logging
import os
import secrets
import socket

from dbos import DBOSConfig, DBOSPortableJSONSerializer

from app.core.config import Settings

SCHEMA = "ideabox_jobs"
"""The schema of DBOS's tables on PostgreSQL: unprefixed, they would clash with ours in the same one."""

VERSION = "1"
"""Constant, because DBOS strands the runs of other versions; each of ours is one idempotent step."""


def name_executor(settings: Settings) -> str:
    """Name this process to the others: alone and always the same on SQLite, unique on PostgreSQL."""
    if settings.on_sqlite:
        return "embedded"
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def configure(settings: Settings, executor: str) -> DBOSConfig:
    """Return the settings of DBOS. No conductor, no telemetry, no server: it talks to its database only."""
    return {
        "name": "ideabox",
        "system_database_url": locate(settings),
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor,
        "serializer": DBOSPortableJSONSerializer(),
        "enable_otlp": False,
        "log_level": "WARNING",
        # We send it no messages, and its notifier thread would wake a hundred times a second.
        "use_listen_notify": False,
        "notification_listener_polling_interval_sec": 0.25,
        "scheduler_polling_interval_sec": 60.0,
        "sys_db_pool_size": 6,
        "max_executor_threads": 16,
    }


def locate(settings: Settings) -> str:
    """Return the address of DBOS's state: a file beside ours on SQLite, our own base on PostgreSQL."""
    if settings.on_sqlite:
        ours = settings.sqlite_path
        return f"sqlite:///{ours.with_name(f'{ours.stem}-jobs{ours.suffix}')}"
    return settings.database_url


def quieten() -> None:
    """Have DBOS log through our handlers; it adds one of its own when it finds none."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
