"""The databases that the clockwork is tried on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core import ids
from app.core.config import Settings
from tests.support import postgres


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Settings:
    return _settings(f"sqlite:///{tmp_path}/ideabox.db")


@pytest.fixture
def on_postgres(server: postgres.Server) -> Iterator[Settings]:
    name = f"jobs_{ids.new()}"
    postgres.create_database(server.url("postgres"), name)
    yield _settings(server.url(name))
    postgres.drop_database(server.url("postgres"), name)


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Both engines, one after the other."""
    settings: Settings = request.getfixturevalue(request.param)
    return settings


def _settings(url: str) -> Settings:
    return Settings(environment="test", database_url=url, secret_key=SecretStr("s" * 32))
