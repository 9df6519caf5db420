"""Reading the flags on votes; nobody sees those that are about ideas of their own."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions, vote_flags
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.pipeline import Stage
from app.domain.vote_flags import NoSuchFlag
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.vote_flags import VoteFlag as FlagRow
from app.models.vote_flags import VoteFlagIdea
from app.schemas.shapes import Named
from app.schemas.vote_flags import FlaggedIdea, VoteFlag

_MOST_IDEAS = 100


async def get_visible(session: ReadSession, actor: Actor, flag_id: str, *, lock: bool = False) -> FlagRow:
    """Return a flag; whoever wrote one of its ideas, also without a name, knows of none.

    Raises: RoleMissing, NoSuchFlag.
    """
    permissions.check(actor, Permission.VOTE_FLAGS_REVIEW)
    statement = select(FlagRow).where(col(FlagRow.id) == flag_id, _is_of_others(actor))
    if lock:
        statement = statement.with_for_update(of=FlagRow)
    flag = await session.scalar(statement) if ids.is_valid(flag_id) else None
    if flag is None:
        raise NoSuchFlag
    return flag


async def list_flags(
    session: ReadSession, actor: Actor, *, state: str | None, after: Place | None, limit: int
) -> tuple[list[VoteFlag], Place | None]:
    """Return a page of the flags, the latest found first, and where the next page begins.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.VOTE_FLAGS_REVIEW)
    statement = select(FlagRow).where(_is_of_others(actor))
    if state is not None:
        statement = statement.where(col(FlagRow.state) == state)
    if after is not None:
        here = tuple_(col(FlagRow.found_at), col(FlagRow.id))
        statement = statement.where(here < keysets.read_time(after))
    ordered = statement.order_by(col(FlagRow.found_at).desc(), col(FlagRow.id).desc())
    rows = (await session.scalars(ordered.limit(limit + 1))).all()
    items = await shape(session, rows[:limit])
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].found_at, rows[limit - 1].id)


async def shape(session: ReadSession, flags: Sequence[FlagRow]) -> list[VoteFlag]:
    """Return flags as they may be shown, with their ideas; two statements, however many they are."""
    counts, ideas = await _list_ideas(session, flags)
    reviewers = {flag.reviewed_by for flag in flags} - {None}
    found = await session.execute(
        select(col(Employee.id), col(Employee.name)).where(col(Employee.id).in_(reviewers))
    )
    names = {person: Named(id=person, name=name) for person, name in found}
    return [
        VoteFlag(
            id=flag.id,
            kind=flag.kind,  # type: ignore[arg-type]  # one of the kinds
            state=flag.state,  # type: ignore[arg-type]  # one of the states
            note=flag.note,
            since=flag.since,
            until=flag.until,
            votes=None if vote_flags.publish_people(flag.people) is None else flag.votes,
            people=vote_flags.publish_people(flag.people),
            minutes=flag.minutes,
            usual=flag.usual,
            idea_count=counts[flag.id],
            ideas=ideas[flag.id] if vote_flags.shows_ideas(flag.kind, flag.people) else [],
            found_at=flag.found_at,
            seen_at=flag.seen_at,
            reviewed_by=names.get(flag.reviewed_by or ""),
            reviewed_at=flag.reviewed_at,
            can=["edit"],
        )
        for flag in flags
    ]


def _is_of_others(actor: Actor) -> ColumnElement[bool]:
    return ~exists().where(
        col(VoteFlagIdea.flag_id) == col(FlagRow.id),
        col(Authorship.idea_id) == col(VoteFlagIdea.idea_id),
        col(Authorship.employee_id) == actor.id,
        col(Authorship.state) == "accepted",
    )


async def _list_ideas(
    session: ReadSession, flags: Sequence[FlagRow]
) -> tuple[defaultdict[str, int], defaultdict[str, list[FlaggedIdea]]]:
    """Return how many ideas each flag is about, and the first of them that have the most to show."""
    place = func.row_number().over(partition_by=col(VoteFlagIdea.flag_id), order_by=col(Idea.id))
    number = func.count().over(partition_by=col(VoteFlagIdea.flag_id))
    ranked = (
        select(
            col(VoteFlagIdea.flag_id),
            col(Idea.id).label("idea_id"),
            col(Idea.title),
            col(Idea.stage),
            place.label("place"),
            number.label("number"),
        )
        .join(Idea, col(Idea.id) == col(VoteFlagIdea.idea_id))
        .where(col(VoteFlagIdea.flag_id).in_([flag.id for flag in flags]), col(Idea.stage) != Stage.DRAFT)
        .subquery()
    )
    rows = await session.execute(
        select(ranked.c.flag_id, ranked.c.idea_id, ranked.c.title, ranked.c.stage, ranked.c.number)
        .where(ranked.c.place <= _MOST_IDEAS)
        .order_by(ranked.c.flag_id, ranked.c.place)
    )
    counts: defaultdict[str, int] = defaultdict(int)
    ideas: defaultdict[str, list[FlaggedIdea]] = defaultdict(list)
    for flag_id, idea_id, title, stage, each in rows:
        counts[flag_id] = each
        ideas[flag_id].append(FlaggedIdea(id=idea_id, title=title, stage=stage))
    return counts, ideas
