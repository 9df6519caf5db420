"""The databases on which the clockwork is tried: empty, since it needs none of our tables."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core import ids
from app.core.config import Settings
from tests.support import postgres

# There are no two workers on SQLite, where everything lives in one process.
collect_ignore = ["test_workers.py"] if os.environ.get("IDEABOX_TEST_ENGINE", "sqlite") == "sqlite" else []


@pytest.fixture
def bare(server: postgres.Server | None, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an empty database, on the engine under test."""
    if not server:
        yield _settings(f"sqlite:///{tmp_path}/ideabox.db")
        return
    name = f"jobs_{ids.new()}"
    postgres.create_database(server.url("postgres"), name)
    yield _settings(server.url(name))
    postgres.drop_database(server.url("postgres"), name)


def _settings(url: str) -> Settings:
    return Settings(environment="test", database_url=url, secret_key=SecretStr("s" * 32))
