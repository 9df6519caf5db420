"""The catalogue of measures: whole, in both languages, and each where it says that it is told."""

from collections.abc import Callable

from fastapi import FastAPI

from app.domain.catalogue import CATALOGUE
from app.domain.measures import FIGURES
from app.routers import documentation
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


def test_every_measure_has_one_definition_in_each_language() -> None:
    assert len({each.key for each in CATALOGUE}) == len(CATALOGUE)
    assert {"headcount", *FIGURES} <= {each.key for each in CATALOGUE}
    for each in CATALOGUE:
        texts = [each.name, each.definition, each.numerator, each.as_of, each.denominator or each.name]
        assert all(text.fr and text.en for text in texts)
        assert each.definition.fr.endswith(".")
        assert each.definition.en.endswith(".")


async def test_it_is_told_in_ones_own_language(cast: Cast, speak: Speak) -> None:
    told = await speak("Hana").get("/stats/measures")
    assert [each["key"] for each in told["items"]] == [each.key for each in CATALOGUE]
    names = {each["name"] for each in told["items"]}
    assert names in ({each.name.fr for each in CATALOGUE}, {each.name.en for each in CATALOGUE})
    await speak("Max").refused("GET", "/stats/measures", 403, "permissions.role-missing")


def test_each_is_where_it_says(built: FastAPI) -> None:
    document = documentation.describe(built)
    for each in CATALOGUE:
        for place in each.where.split(", "):
            path, _, name = place.partition(" ")
            operation = document["paths"][f"/api/v1{path}"]["get"]
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            shape = document["components"]["schemas"][answer.rpartition("/")[2]]
            assert not name or name.partition(".")[0] in shape["properties"] or "items" in shape["properties"]
            taken = {parameter["name"] for parameter in operation.get("parameters", ())}
            wanted = {"days": "from"}
            if path.startswith("/stats/") and path != "/stats/load":
                assert {wanted.get(by, by) for by in each.by} <= taken, each.key
