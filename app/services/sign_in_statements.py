"""The statements of a sign-in, each engine's own: one before the hash and one after it on PostgreSQL.

SQLite can't change rows inside a WITH, and takes two and five in one transaction each. Every text binds what it is
given.
"""

from typing import Any

from sqlalchemy import Boolean, String, TextClause, bindparam, text

from app.core.prepared import Prepared
from app.core.types import UtcDateTime

_MOMENTS = frozenset({"now", "until"})

_OPEN_ACCOUNT = "employees.active AND employees.kind <> 'placeholder'"
"""As `accounts.may_sign_in` has it."""

_UNCHANGED = f"id = :person AND email = :account AND password_hash = :stored AND {_OPEN_ACCOUNT}"


def _write(statement: str, *names: str, **columns: Any) -> TextClause:
    bound = text(statement).bindparams(
        *(bindparam(name, type_=UtcDateTime() if name in _MOMENTS else String()) for name in names)
    )
    return bound.columns(**columns) if columns else bound  # type: ignore[return-value]  # a text with typed columns


_COUNT = """
INSERT INTO sign_in_throttles (subject, failures, first_at) VALUES (:subject, 1, :now)
ON CONFLICT (subject) DO NOTHING RETURNING subject"""

BEGIN = Prepared(
    lambda _: _write(
        f"""
WITH counted AS ({_COUNT})
SELECT EXISTS (SELECT 1 FROM counted) AS first, employees.id AS person, employees.password_hash AS stored
FROM (SELECT 1) AS one LEFT JOIN employees ON employees.email = :account AND {_OPEN_ACCOUNT}""",
        "subject",
        "now",
        "account",
        first=Boolean(),
        person=String(),
        stored=String(),
    )
)
"""PostgreSQL: counts a first attempt, tells whether it was one, and reads the account."""

COUNT = Prepared(lambda _: _write(_COUNT, "subject", "now", subject=String()))
"""SQLite: counts a first attempt; without a row it was not the first."""

READ = Prepared(
    lambda _: _write(
        f"SELECT id, password_hash FROM employees WHERE email = :account AND {_OPEN_ACCOUNT}",
        "account",
        id=String(),
        password_hash=String(),
    )
)
"""SQLite: reads the account."""

ENTER = Prepared(
    lambda _: _write(
        f"""
WITH held AS (
    SELECT id FROM employees WHERE {_UNCHANGED} FOR NO KEY UPDATE
), opened AS (
    INSERT INTO sessions (id, employee_id, client, generation, started_at, last_used_at, expires_at)
    SELECT :session, id, :client, 0, :now, :now, :until FROM held
), entered AS (
    INSERT INTO sign_ins (id, employee_id, at) SELECT :entry, id, :now FROM held
), noted AS (
    INSERT INTO events (kind, subject, actor_id, payload, at, attempts)
    SELECT 'sessions.signed-in', id, id, '{{}}', :now, 0 FROM held
), forgiven AS (
    DELETE FROM sign_in_throttles WHERE subject = :subject AND EXISTS (SELECT 1 FROM held)
)
SELECT id FROM held""",
        *("person", "account", "stored", "session", "client", "now", "until", "entry", "subject"),
        id=String(),
    )
)
"""PostgreSQL: opens a session for an account that is as it was before the hash; without a row nothing was done."""

HOLD = Prepared(
    lambda _: _write(
        f"SELECT id FROM employees WHERE {_UNCHANGED}", "person", "account", "stored", id=String()
    )
)
"""SQLite: tells whether the account is as it was."""

STEPS = (
    Prepared(
        lambda _: _write(
            """
INSERT INTO sessions (id, employee_id, client, generation, started_at, last_used_at, expires_at)
VALUES (:session, :person, :client, 0, :now, :now, :until)""",
            *("session", "person", "client", "now", "until"),
        )
    ),
    Prepared(
        lambda _: _write(
            "INSERT INTO sign_ins (id, employee_id, at) VALUES (:entry, :person, :now)",
            "entry",
            "person",
            "now",
        )
    ),
    Prepared(
        lambda _: _write(
            """
INSERT INTO events (kind, subject, actor_id, payload, at, attempts)
VALUES ('sessions.signed-in', :person, :person, '{}', :now, 0)""",
            *("person", "now"),
        )
    ),
    Prepared(lambda _: _write("DELETE FROM sign_in_throttles WHERE subject = :subject", "subject")),
)
"""SQLite: what follows when it is."""
