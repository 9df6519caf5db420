"""One idea with its texts, authors, tags, gates and decline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Select, String, and_, bindparam, func, literal, select, type_coerce
from sqlmodel import col

from app.core import ids
from app.core.db import Database, ReadSession
from app.core.lanes import Fetching, SessionLane
from app.core.markdown import render
from app.core.prepared import Prepared
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.ideas import Idea, IdeaTag
from app.models.reviews import Review
from app.queries import cards, fields, gates
from app.queries.cards import NOBODY, CardRow, encode, join, split
from app.queries.fresh import Fresh, Own, read_own, stamp
from app.queries.ideas import CANONICAL, check_draft_seen
from app.schemas.ideas import ElsewhereVotes, IdeaDetail, Waiting
from app.schemas.shapes import Named

KEPT = 128
"""Ideas that a process keeps, some kilobytes each."""

_WIDTH = len(CardRow._fields)
GATED = (Stage.PROJECT, Stage.PILOT, Stage.DEPLOYED, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED)


@dataclass(frozen=True, slots=True)
class _Common:
    """What of an idea is the same for every reader; `plain` is its JSON for somebody without a part in it."""

    row: CardRow
    more: Mapping[str, Any]
    plain: tuple[bytes, bytes]


class Shown(NamedTuple):
    """An idea as one reader sees it: JSON, and the version of its content."""

    body: bytes
    version: int


class Details:
    """The ideas that this process keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: Fresh[str, _Common] = Fresh(database, most=KEPT)

    async def show(self, actor: Actor, idea_id: str, *, now: datetime) -> Shown:
        """Return an idea for a reader: one small statement when it is known, else or besides those of the idea.

        Raises: NoSuchIdea, DatabaseAway.
        """
        common, own = await self._recall(actor, idea_id) or await self._read(actor, idea_id, now=now)
        row = common.row
        state = own.states.get(idea_id)
        if actor.grants or state is not None or row.holder_id == actor.id or row.stage == Stage.DRAFT:
            async with self._database.reader() as session:
                shape = await _shape_for(session, actor, _mark(row, own), common.more, now=now)
            return Shown(encode(shape), shape.version)
        return Shown(join(common.plain, voted=idea_id in own.voted), common.more["version"])

    async def _recall(self, actor: Actor, idea_id: str) -> tuple[_Common, Own] | None:
        kept = self._kept.find(idea_id)
        if kept is None:
            return None
        async with self._database.reading_lane() as lane:
            own = await read_own(lane, actor, [idea_id])
        return (kept.value, own) if self._kept.is_current(kept, own.stamp) else None

    async def _read(self, actor: Actor, idea_id: str, *, now: datetime) -> tuple[_Common, Own]:
        changes = self._database.changes
        async with self._database.reading_lane() as lane:
            row, more, stamped = await _read_idea(lane, actor, idea_id)
        own = Own(
            stamped,
            {idea_id} if row.own_vote is not None else set(),
            {idea_id: row.own_state} if row.own_state is not None else {},
        )
        unmarked = row._replace(own_state=None, own_vote=None)
        plain = split(encode(_shape(NOBODY, unmarked, more, conflicted=False, now=now)))
        common = _Common(unmarked, more, plain)
        if row.stage != Stage.DRAFT:
            self._kept.keep(idea_id, common, since=changes, stamp=stamped)
        return common, own


async def get_detail(session: ReadSession, actor: Actor, idea_id: str, *, now: datetime) -> IdeaDetail:
    """Return an idea as this reader sees it, in a session that may have changed it.

    Raises: NoSuchIdea.
    """
    row, more, _ = await _read_idea(SessionLane(session), actor, idea_id)
    return await _shape_for(session, actor, row, more, now=now)


async def _shape_for(
    session: ReadSession, actor: Actor, row: CardRow, more: Mapping[str, Any], *, now: datetime
) -> IdeaDetail:
    """Shape an idea for somebody whose acts may depend on conflicts.

    Raises: NoSuchIdea for a draft that the reader may not know of.
    """
    if row.stage == Stage.DRAFT:
        await check_draft_seen(SessionLane(session), actor, row.id, row.own_state)
    conflicted = bool(await cards.find_close(session, actor, [row]))
    return _shape(actor, row, more, conflicted=conflicted, now=now)


def _shape(
    actor: Actor, row: CardRow, more: Mapping[str, Any], *, conflicted: bool, now: datetime
) -> IdeaDetail:
    return IdeaDetail.model_construct(**cards.shape_card(actor, row, conflicted=conflicted, now=now), **more)


def _mark(row: CardRow, own: Own) -> CardRow:
    return row._replace(own_state=own.states.get(row.id), own_vote="" if row.id in own.voted else None)


async def _read_idea(
    lane: Fetching, actor: Actor, idea_id: str
) -> tuple[CardRow, dict[str, Any], str | None]:
    """Read an idea in one statement, with one more for its gates and one for its decline.

    The caller checks whether the reader may know of a draft.

    Raises: NoSuchIdea.
    """
    rows = await lane.fetch(_IDEA, {"reader": actor.id, "idea_id": idea_id}) if ids.is_valid(idea_id) else ()
    if not rows:
        raise NoSuchIdea
    row = CardRow._make(rows[0][:_WIDTH])
    (
        problem,
        solution,
        benefit,
        version,
        updated_at,
        wake_on,
        canonical,
        source,
        source_votes,
        opened_at,
        due_at,
        paused_at,
        authors,
        tags,
        answers,
    ) = rows[0][_WIDTH:-1]
    more = {
        "problem": problem,
        "solution": solution,
        "benefit": benefit,
        "problem_html": render(problem),
        "solution_html": render(solution),
        "benefit_html": render(benefit),
        "authors": [] if row.anonymous else [Named(id=key, name=name) for key, name in authors or ()],
        "tags": [tag for (tag,) in tags or ()],
        "fields": fields.shape_answers(answers or ()),
        "version": version,
        "updated_at": updated_at,
        "wake_on": wake_on,
        "canonical": canonical,
        "waiting": Waiting.model_construct(since=opened_at, due_at=due_at, paused=paused_at is not None)
        if opened_at is not None
        else None,
        "decline": await gates.find_decline(lane, idea_id) if row.stage == Stage.DECLINED else None,
        "gates": await gates.list_gates(lane, idea_id) if row.stage in GATED else [],
        "elsewhere": ElsewhereVotes(source=source, votes=source_votes) if source_votes else None,
    }
    return row, more, rows[0][-1]


def _gather(rows: Any, engine: str) -> Any:
    """Return a column with the rows of a statement in their order, as a list of lists."""
    listed = rows.subquery()
    if engine == "postgresql":
        gathered = func.json_agg(func.json_build_array(*listed.c))
    else:
        gathered = func.json_group_array(func.json_array(*listed.c))
    return type_coerce(select(gathered).select_from(listed).scalar_subquery(), JSON())


def _select_idea(engine: str) -> Select[Any]:
    idea_id = bindparam("idea_id", type_=String())
    authors = (
        select(col(Employee.id), col(Employee.name))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .where(col(Authorship.idea_id) == idea_id, col(Authorship.state) == "accepted")
        .order_by(col(Authorship.position))
    )
    tags = select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id).order_by(col(IdeaTag.position))
    statement = cards.select_cards(
        literal(None, String()).label("sort_key"),
        col(Idea.problem),
        col(Idea.solution),
        col(Idea.benefit),
        col(Idea.version),
        col(Idea.updated_at),
        col(Idea.wake_on),
        CANONICAL,
        col(Idea.source),
        col(Idea.source_votes),
        col(Review.opened_at),
        col(Review.due_at),
        col(Review.paused_at),
        _gather(authors, engine).label("authors"),
        _gather(tags, engine).label("tags"),
        _gather(fields.select_answers(idea_id), engine).label("answers"),
    ).outerjoin(Review, and_(col(Review.idea_id) == col(Idea.id), col(Review.closed_at).is_(None)))
    statement = statement.where(col(Idea.id) == idea_id)
    return stamp(statement, engine)


_IDEA = Prepared(_select_idea)
