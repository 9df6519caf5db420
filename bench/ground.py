"""What the measured requests are about: readers with their tokens, ideas to read, to discuss and to vote on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, text

from app.core import clock
from app.core.db import Database, ReadSession
from app.main import wire
from app.models.sessions import Session
from bench.installation import Installation

READERS = 64
DISCUSSED = 40
VOTABLE = 12_000
WORDS = 40
_TOKEN_LIFE = timedelta(hours=12)

# People without a role, who hold nothing and are invited nowhere: what most readers are.
_READERS = """
    SELECT e.id FROM employees e
    WHERE e.active AND e.kind = 'employee'
      AND NOT EXISTS (SELECT 1 FROM role_grants r WHERE r.employee_id = e.id)
      AND NOT EXISTS (SELECT 1 FROM ideas i WHERE i.holder_id = e.id)
      AND NOT EXISTS (SELECT 1 FROM authorships a WHERE a.employee_id = e.id AND a.state = 'invited')
      AND EXISTS (SELECT 1 FROM votes v WHERE v.voter_id = e.id)
    ORDER BY e.id LIMIT :number
"""
_YOUNG = "('submitted', 'evaluation', 'recommended', 'selected')"
_LIVING = "('submitted', 'evaluation', 'recommended', 'selected', 'project', 'pilot', 'deployed')"
_DISCUSSED = f"""
    SELECT i.id FROM ideas i JOIN tallies t ON t.idea_id = i.id
    WHERE i.stage IN {_YOUNG} AND i.source IS NULL ORDER BY abs(t.comments - 50), i.id LIMIT :number
"""  # noqa: S608  constants of this module
_VOTABLE = f"""
    SELECT i.id FROM ideas i WHERE i.stage IN {_LIVING}
      AND NOT EXISTS (SELECT 1 FROM votes v WHERE v.idea_id = i.id AND v.voter_id IN :readers)
      AND NOT EXISTS (SELECT 1 FROM authorships a WHERE a.idea_id = i.id AND a.employee_id IN :readers)
    ORDER BY i.id LIMIT :number
"""  # noqa: S608  constants of this module
_WORDS = """
    SELECT word FROM search_terms WHERE length(word) BETWEEN 5 AND 14 ORDER BY ideas DESC, word LIMIT :number
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class Ground:
    """People and ideas of one installation.

    `discussed` are ideas with about 50 comments in stages without gates, the nearest first; on `votable` no
    reader has voted, and none of them wrote one; `words` occur in ideas, common ones first.
    """

    readers: list[Reader]
    discussed: list[str]
    votable: list[str]
    words: list[str]


async def survey(installation: Installation, *, readers: int = READERS) -> Ground:
    """Look for so many people, and for ideas, and sign the people in."""
    settings = installation.settings()
    # The longest of these questions goes through every idea.
    patient = settings.model_copy(update={"statement_timeout_ms": 120_000})
    database = Database(patient)
    try:
        async with database.reader() as session:
            people = await _list(session, _READERS, number=readers)
            ground = Ground(
                readers=[],
                discussed=await _list(session, _DISCUSSED, number=DISCUSSED),
                votable=await _list(session, _VOTABLE, number=VOTABLE, readers=people),
                words=await _list(session, _WORDS, number=WORDS),
            )
        ground.readers.extend(await sign_in(database, installation, people))
    finally:
        await database.close()
    return ground


async def _list(session: ReadSession, statement: str, **values: Any) -> list[str]:
    prepared = text(statement)
    if "readers" in values:
        prepared = prepared.bindparams(bindparam("readers", expanding=True))
    return [row[0] for row in await session.execute(prepared, values)]


async def sign_in(database: Database, installation: Installation, people: list[str]) -> list[Reader]:
    """Open a session for each of the people, as a sign-in does, with a token that outlives the run."""
    wiring = wire(installation.settings())
    now = clock.now()
    readers = []
    async with database.writer() as session:
        for person in people:
            opened = Session(
                employee_id=person, started_at=now, last_used_at=now, expires_at=now + timedelta(days=1)
            )
            session.add(opened)
            token = wiring.signer.issue(person, opened.id, now=now, lifetime=_TOKEN_LIFE)
            readers.append(Reader(person, token))
    wiring.vault.close()
    return readers
