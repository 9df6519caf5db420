"""The statements by which a comment is written, each engine's own: with its counter and its event.

One on PostgreSQL, four in one transaction on SQLite. The tally is locked first and has the stage: no comment comes
in after a discussion was closed.
"""

from typing import Any

from sqlalchemy import Boolean, Float, Integer, String, Text, TextClause, bindparam, text

from app.core.prepared import Prepared
from app.core.types import UtcDateTime
from app.domain import ranking
from app.domain.comments import CLOSED

_CLOSED = ", ".join(f"'{stage}'" for stage in sorted(CLOSED))
_WEIGHT = ranking.COMMENT_WEIGHT
_ATTENTION = ranking.get_attention(0, 0, 1, answered=False)
_KINDS: dict[str, Any] = {
    "idea": String(),
    "writer": String(),
    "comment": String(),
    "parent": String(),
    "body": Text(),
    "unnamed": Boolean(),
    "hot": Float(),
    "now": UtcDateTime(),
}


def _write(statement: str, *names: str) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=_KINDS[name]) for name in names))


_WRITE = f"""
WITH held AS (
    SELECT tallies.idea_id, CASE ideas.stage WHEN 'draft' THEN ideas.stage ELSE tallies.stage END AS stage,
        ideas.anonymous, ideas.submitted_at, authorships.state
    FROM tallies JOIN ideas ON ideas.id = tallies.idea_id
    LEFT JOIN authorships ON authorships.idea_id = tallies.idea_id AND authorships.employee_id = :writer
    WHERE tallies.idea_id = :idea FOR NO KEY UPDATE OF tallies
), seen AS (
    SELECT held.*, anonymous AND coalesce(state, '') = 'accepted' AS unnamed FROM held
), added AS (
    INSERT INTO comments (id, idea_id, author_id, parent_id, body, unnamed, version, created_at)
    SELECT :comment, idea_id, :writer, :parent, :body, unnamed, 1, :now FROM seen
    WHERE stage NOT IN ({_CLOSED}) RETURNING id
), moved AS (
    UPDATE tallies SET comments = tallies.comments + 1, attention = tallies.attention + {_ATTENTION},
        hot = log(greatest(1, tallies.votes + {_WEIGHT} * (tallies.comments + 1))::double precision)
            + extract(epoch FROM submitted_at)::double precision / {ranking.HALF_STEP}.0
    FROM seen, added WHERE tallies.idea_id = seen.idea_id
), noted AS (
    INSERT INTO events (kind, subject, actor_id, payload, at, attempts)
    SELECT 'comments.written', added.id, CASE WHEN unnamed THEN NULL ELSE :writer END, '{{}}', :now, 0 FROM added, seen
)
SELECT seen.stage, seen.state, seen.unnamed, employees.name FROM seen, employees WHERE employees.id = :writer"""

WRITE = Prepared(
    lambda _: _write(
        _WRITE.replace("::", r"\:\:"), "idea", "writer", "comment", "parent", "body", "now"
    ).columns(stage=String(), state=String(), unnamed=Boolean(), name=String())
)
"""PostgreSQL: writes a comment where that is possible, and tells how the idea was found."""

LOOK = Prepared(
    lambda _: _write(
        """
SELECT tallies.stage AS stage, authorships.state AS state, ideas.anonymous AS anonymous, tallies.votes AS votes,
    tallies.comments AS comments, ideas.submitted_at AS submitted_at, employees.name AS name
FROM tallies JOIN ideas ON ideas.id = tallies.idea_id JOIN employees ON employees.id = :writer
LEFT JOIN authorships ON authorships.idea_id = tallies.idea_id AND authorships.employee_id = :writer
WHERE tallies.idea_id = :idea""",
        "idea",
        "writer",
    ).columns(
        stage=String(),
        state=String(),
        anonymous=Boolean(),
        votes=Integer(),
        comments=Integer(),
        submitted_at=UtcDateTime(),
        name=String(),
    )
)
"""SQLite: how a writer finds an idea."""

ADD = Prepared(
    lambda _: _write(
        """
INSERT INTO comments (id, idea_id, author_id, parent_id, body, unnamed, version, created_at)
VALUES (:comment, :idea, :writer, :parent, :body, :unnamed, 1, :now)""",
        "comment",
        "idea",
        "writer",
        "parent",
        "body",
        "unnamed",
        "now",
    )
)
"""SQLite: inserts the comment."""

MOVE = Prepared(
    lambda _: _write(
        f"""
UPDATE tallies SET comments = comments + 1, attention = attention + {_ATTENTION}, hot = :hot
WHERE idea_id = :idea""",
        "hot",
        "idea",
    )
)
"""SQLite: moves the counter."""

NOTE = Prepared(
    lambda _: _write(
        """
INSERT INTO events (kind, subject, actor_id, payload, at, attempts)
VALUES ('comments.written', :comment, :writer, '{}', :now, 0)""",
        "comment",
        "writer",
        "now",
    )
)
"""SQLite: notes the event; `writer` is None where the name would tell a secret."""
