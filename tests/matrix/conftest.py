"""One furnished application for each module of the matrix."""

from collections.abc import AsyncIterator
from copy import deepcopy

import pytest
from fastapi import FastAPI

from tests.conftest import Templates, make_settings
from tests.matrix import people
from tests.matrix.house import House, describe
from tests.support.wiring import wire_up


@pytest.fixture(scope="module")
async def house(
    built: FastAPI, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """The application on a database of its own, with the people of the matrix."""
    url = templates.make_copy(peopled=True)
    built.state.wiring = wire_up(make_settings(url, tmp_path_factory.mktemp("matrix")))
    async with built.router.lifespan_context(built):
        async with built.state.wiring.database.writer() as session:
            company = await people.gather(session, deepcopy(templates.cast))
        made = House(built, company, describe(built))
        yield made
        for client in made.clients.values():
            await client.http.aclose()
    templates.drop(url)
