"""The statements by which votes of several people are counted together, each engine's own.

PostgreSQL takes one statement for casting and one for withdrawing. SQLite can't change rows inside a WITH, and takes
four in one transaction. Both lock or own the tallies first, in the order of their ideas: a stage can't change, and
no other vote be counted, between the look and the count. Before them the voters' own parts are locked, as who joins
an idea as an author locks them: nobody becomes one between the look and the count either. An idea whose campaign has
a voting of its own is only looked at: `services/bound_votes.py` does the rest. Every text binds what it is given.
"""

from typing import Any

from sqlalchemy import Boolean, Executable, Integer, String, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.prepared import Prepared
from app.core.types import UtcDateTime
from app.domain import ranking
from app.domain.votes import CLOSED

_CLOSED = ", ".join(f"'{stage}'" for stage in sorted(CLOSED))
_WEIGHT = ranking.COMMENT_WEIGHT
_ATTENTION = ranking.get_attention(0, 1, 0, answered=False)

_STAGE = "CASE ideas.stage WHEN 'draft' THEN ideas.stage ELSE held.stage END"
"""The tally is as it is under the lock, the idea as it was when the statement began: a draft that was submitted while
the statement waited has no moment of submission yet, and is still a draft to it."""

_LOOK = f"""
WITH asked AS (
    SELECT * FROM unnest(:ideas, :voters, :votes) AS asked (idea_id, voter_id, vote_id)
), parts AS (
    SELECT authorships.idea_id, authorships.employee_id, authorships.state
    FROM authorships JOIN asked ON asked.idea_id = authorships.idea_id AND asked.voter_id = authorships.employee_id
    FOR SHARE OF authorships
), held AS (
    SELECT idea_id, stage, votes, counting FROM tallies
    WHERE idea_id = ANY(:ideas) AND (SELECT count(*) FROM parts) >= 0 ORDER BY idea_id FOR NO KEY UPDATE
), seen AS (
    SELECT asked.*, {_STAGE} AS stage, held.votes, held.counting, ideas.submitted_at, parts.state,
        {_STAGE} NOT IN ({_CLOSED}) AND coalesce(parts.state, '') <> 'accepted' AND held.counting = 'free' AS open
    FROM asked
    JOIN held ON held.idea_id = asked.idea_id
    JOIN ideas ON ideas.id = asked.idea_id
    LEFT JOIN parts ON parts.idea_id = asked.idea_id AND parts.employee_id = asked.voter_id
), """

_COUNT = """, steps AS (
    SELECT changed.idea_id, {sign} count(*)::integer AS number, min(seen.submitted_at) AS submitted_at
    FROM changed JOIN (SELECT DISTINCT idea_id, submitted_at FROM seen) AS seen ON seen.idea_id = changed.idea_id
    GROUP BY changed.idea_id
), moved AS (
    UPDATE tallies SET votes = tallies.votes + number, attention = tallies.attention + number * {attention},
        hot = log(greatest(1, tallies.votes + number + {weight} * tallies.comments)::double precision)
            + extract(epoch FROM submitted_at)::double precision / {half_step}
    FROM steps WHERE tallies.idea_id = steps.idea_id RETURNING tallies.idea_id, tallies.votes
), noted AS (
    INSERT INTO events (kind, subject, payload, at, attempts) SELECT '{kind}', id, '{{}}', :now, 0 FROM changed
)
SELECT seen.idea_id, seen.voter_id, seen.stage, seen.state, coalesce(moved.votes, seen.votes) AS votes, seen.counting,
    seen.open AND changed.id IS NULL AS idle
FROM seen LEFT JOIN moved ON moved.idea_id = seen.idea_id
LEFT JOIN changed ON changed.idea_id = seen.idea_id AND changed.voter_id = seen.voter_id"""

_CAST = """changed AS (
    INSERT INTO votes (id, idea_id, voter_id, cast_at) SELECT vote_id, idea_id, voter_id, :now FROM seen WHERE open
    ON CONFLICT (idea_id, voter_id) WHERE withdrawn_at IS NULL DO NOTHING RETURNING id, idea_id, voter_id
)"""

_WITHDRAW = """changed AS (
    UPDATE votes SET withdrawn_at = :now FROM seen
    WHERE open AND votes.idea_id = seen.idea_id AND votes.voter_id = seen.voter_id AND votes.withdrawn_at IS NULL
    RETURNING votes.id, votes.idea_id, votes.voter_id
)"""

_RESULT: dict[str, Any] = {
    "idea_id": String(),
    "voter_id": String(),
    "stage": String(),
    "state": String(),
    "votes": Integer(),
    "counting": String(),
    "idle": Boolean(),
}


def _write_together(change: str, *, sign: str, kind: str) -> Executable:
    count = _COUNT.format(
        sign=sign, kind=kind, weight=_WEIGHT, attention=_ATTENTION, half_step=f"{ranking.HALF_STEP}.0"
    )
    statement = text((_LOOK + change + count).replace("::", r"\:\:")).bindparams(
        *(bindparam(name, type_=ARRAY(String())) for name in ("ideas", "voters", "votes")),
        bindparam("now", type_=UtcDateTime()),
    )
    return statement.columns(**_RESULT)


CAST = Prepared(lambda _: _write_together(_CAST, sign="+", kind="votes.cast"))
"""Casts votes on PostgreSQL: binds `ideas`, `voters`, `votes` (fresh identifiers), equally long, and `now`.

Each row tells with `idle` that a ballot was possible and changed nothing.
"""

WITHDRAW = Prepared(lambda _: _write_together(_WITHDRAW, sign="-", kind="votes.withdrawn"))
"""Withdraws votes on PostgreSQL; binds the same."""


def _write(statement: str, **kinds: Any) -> TextClause:
    binds = {"asked": String(), **kinds}
    return text(statement).bindparams(*(bindparam(name, type_=kind) for name, kind in binds.items()))


LOOK = Prepared(
    lambda _: _write(
        """
SELECT asked.key AS place, tallies.stage AS stage, authorships.state AS state, tallies.votes AS votes,
    tallies.counting AS counting, tallies.comments AS comments, ideas.submitted_at AS submitted_at, votes.id AS standing
FROM json_each(:asked) AS asked
JOIN tallies ON tallies.idea_id = asked.value ->> 0
JOIN ideas ON ideas.id = tallies.idea_id
LEFT JOIN authorships ON authorships.idea_id = tallies.idea_id AND authorships.employee_id = asked.value ->> 1
LEFT JOIN votes ON votes.idea_id = tallies.idea_id AND votes.voter_id = asked.value ->> 1
    AND votes.withdrawn_at IS NULL"""
    ).columns(
        place=Integer(),
        stage=String(),
        state=String(),
        votes=Integer(),
        counting=String(),
        comments=Integer(),
        submitted_at=UtcDateTime(),
        standing=String(),
    )
)
"""SQLite: how each [idea, voter] of the JSON list `asked` stands."""

ADD = Prepared(
    lambda _: _write(
        """
INSERT INTO votes (id, idea_id, voter_id, cast_at)
SELECT value ->> 0, value ->> 1, value ->> 2, :now FROM json_each(:asked)""",
        now=UtcDateTime(),
    )
)
"""SQLite: inserts each [vote, idea, voter]."""

END = Prepared(
    lambda _: _write(
        "UPDATE votes SET withdrawn_at = :now WHERE id IN (SELECT value FROM json_each(:asked))",
        now=UtcDateTime(),
    )
)
"""SQLite: withdraws each vote."""

MOVE = Prepared(
    lambda _: _write(
        f"""
UPDATE tallies SET votes = votes + (steps.value ->> 1), hot = steps.value ->> 2,
    attention = attention + (steps.value ->> 1) * {_ATTENTION}
FROM json_each(:asked) AS steps WHERE tallies.idea_id = steps.value ->> 0"""
    )
)
"""SQLite: moves the counter of each [idea, step, hot]."""

NOTE = Prepared(
    lambda _: _write(
        """
INSERT INTO events (kind, subject, payload, at, attempts)
SELECT :kind, value, '{}', :now, 0 FROM json_each(:asked)""",
        kind=String(),
        now=UtcDateTime(),
    )
)
"""SQLite: notes an event for each vote."""
