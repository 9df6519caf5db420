"""Files of employees, as the tests write them."""

import csv
import io
from collections.abc import Iterable, Mapping

from app.core.db import Database
from app.queries.directory import get_directory

Row = dict[str, str]


def write_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return rows as a CSV file whose columns are those of the first row."""
    taken = [dict(row) for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(taken[0]))
    writer.writeheader()
    writer.writerows(taken)
    return text.getvalue().encode()


def make_row(external_id: str, manager: str = "", **cells: str) -> Row:
    """Return the row of a person; without a manager, the top of a tree."""
    return {
        "external_id": external_id,
        "email": f"{external_id.lower()}@company.example",
        "name": f"Person {external_id}",
        "entity": "Company",
        "manager_external_id": manager,
        "functions": "",
        "roles": "",
        "locale": "fr",
        "active": "true",
        **cells,
    }


async def list_rows(database: Database) -> dict[str, Row]:
    """Return everybody as a file would say them now, by external id, without functions and roles."""
    async with database.reader() as session:
        people = (await get_directory(session)).snapshot
    return {
        person.external_id: {
            "external_id": person.external_id,
            "email": person.email or "",
            "name": person.name,
            "entity": person.entity or "",
            "manager_external_id": people.by_id[person.manager_id].external_id or ""
            if person.manager_id
            else "",
            "active": str(person.active).lower(),
        }
        for person in people.people
        if person.external_id is not None
    }
