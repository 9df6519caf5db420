"""Where bad input falls: the application with one thing of each kind, and what was wrong with its answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import SQLModel

from app.core.db import Database
from tests.fuzz.operations import Operation, sample
from tests.fuzz.wire import JSON, Answer, Headers, send

_OTHER_BODIES = {
    "text/csv": b"external_id,email,name,entity,manager_external_id,functions,roles,locale,active\n",
    "application/x-www-form-urlencoded": b"username=nobody%40company.example&password=guess",
}

COUNTED = {"sign_in_throttles": (), "tallies": ("views", "attention")}
"""Tables, or some columns of them, in which refused sign-ins and what is read are counted."""

LOGGED = frozenset({"events", "export_records", "register_entries", "register_heads", "register_names"})
"""Tables in which it is written down that something was taken out as a file."""

OK = 200


@dataclass
class Ground:
    """The application with somebody who may do everything, and the identifiers of one thing of each kind."""

    app: FastAPI
    database: Database
    operations: list[Operation]
    known: dict[str, str]
    token: bytes
    taken_out: bool = False

    async def send(
        self,
        operation: Operation,
        *,
        path: str | bytes = "",
        query: bytes = b"",
        headers: Iterable[tuple[bytes, bytes]] = (),
        chunks: tuple[bytes, ...] = (b"",),
        signed_in: bool = True,
    ) -> Answer:
        """Send a request; where nothing else is said, to the address of what is there."""
        target = path or operation.fill(self.known)
        target = target.encode() if isinstance(target, str) else target
        given = [*headers]
        if signed_in and operation.signed_in and not any(name == b"authorization" for name, _ in given):
            given.append((b"authorization", b"Bearer " + self.token))
        answer = await send(
            self.app,
            operation.method,
            target + (b"?" + query if query else b""),
            headers=given,
            chunks=chunks,
        )
        self.taken_out |= answer.status == OK and operation.is_file
        return answer

    async def read_everything(self) -> dict[str, list[str]]:
        """Return all rows of all tables."""
        found = {}
        async with self.database.reader() as session:
            for name, table in SQLModel.metadata.tables.items():
                left_out = COUNTED.get(name, ("",))
                columns = [column for column in table.columns if left_out and column.name not in left_out]
                rows = await session.execute(select(*columns)) if columns else ()
                found[name] = sorted(repr(tuple(row)) for row in rows)
        return found

    def fit(self, operation: Operation) -> tuple[Headers, bytes]:
        """Return the headers and the bytes of a body that fits, of an empty one where none is taken."""
        if operation.body is None:
            return (), b""
        if operation.reads_json:
            return JSON, json.dumps(self.body_of(operation)).encode()
        return ((b"content-type", operation.media_types[0].encode()),), _OTHER_BODIES[
            operation.media_types[0]
        ]

    def body_of(self, operation: Operation) -> dict[str, object]:
        """Return a body that fits."""
        assert operation.body is not None
        fitting: dict[str, object] = sample(operation.body, self.known)
        return fitting


@dataclass
class Findings:
    """What was not as it should be."""

    lines: list[str]
    sent: int = 0

    def note(self, operation: Operation, what: str, answer: Answer, *expected: str) -> None:
        """Compare an answer with what is expected, `status` or `status code`; of each 422 only its status."""
        self.sent += 1
        fault = answer.find_fault()
        if (
            fault is None
            and expected
            and not {f"{answer.status}", f"{answer.status} {answer.code}"} & {*expected}
        ):
            fault = f"{answer.status} {answer.code} {answer.body[:300]!r}, not {' or '.join(expected)}"
        if fault is not None:
            self.lines.append(f"{operation}, {what}: {fault}")

    def check(self, at_least: int) -> None:
        """Fail with everything that was found."""
        assert not self.lines, f"{len(self.lines)} of {self.sent}:\n" + "\n".join(self.lines[:200])
        assert self.sent >= at_least, "The tables have lost their operations."
