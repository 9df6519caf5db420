"""Reading innovators: those who chose to be found by the reader, by name and never by merit."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, String, and_, distinct, exists, func, literal, select, tuple_
from sqlmodel import col

from app.core import clock, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import innovators, names
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.innovators import InnovatorProfile as Row
from app.models.innovators import InnovatorReader
from app.models.skills import Skill
from app.schemas.innovators import Innovator, InnovatorFacts, InnovatorProfile, ReaderName
from app.schemas.shapes import Named

_Shown = Sequence[tuple[Row, str, str | None, str | None]]
"""Profiles with the names of people, and their entities."""


async def list_innovators(
    session: ReadSession,
    actor: Actor,
    *,
    words: str | None,
    skill: str | None,
    function_id: str | None,
    after: Place | None,
    limit: int,
) -> tuple[list[Innovator], Place | None]:
    """Return a page of those who chose to be found by a role of the actor, by name; five statements.

    Each of the words begins a word of the name; `skill` is one that is shown; for `function_id` they had a named idea.

    Raises: RoleMissing.
    """
    roles = innovators.list_roles(actor)
    chosen = exists().where(
        col(InnovatorReader.employee_id) == col(Row.employee_id), col(InnovatorReader.role).in_(roles)
    )
    statement = _select_shown().add_columns(col(Employee.folded_name)).where(chosen)
    for word in names.fold_words(words).split() if words is not None else ():
        statement = statement.where(col(Employee.folded_name).like(f"% {word}%"))
    if skill is not None:
        has = exists().where(col(Skill.employee_id) == col(Row.employee_id), col(Skill.skill) == skill)
        statement = statement.where(col(Row.skills).is_(True), has)
    if function_id is not None:
        wrote = exists().where(
            col(Authorship.employee_id) == col(Row.employee_id),
            _is_own_named(),
            col(Idea.function_id) == function_id,
        )
        statement = statement.where(wrote)
    if after is not None:
        place = tuple_(*(literal(value, String()) for value in after))
        statement = statement.where(tuple_(col(Employee.folded_name), col(Employee.id)) > place)
    order = (col(Employee.folded_name), col(Employee.id))
    rows = (await session.execute(statement.order_by(*order).limit(limit + 1))).all()
    items = await _shape(session, [tuple(row)[:4] for row in rows[:limit]])
    last = rows[limit - 1] if len(rows) > limit else None
    return items, keysets.write(last.folded_name, last[0].employee_id) if last is not None else None


async def get_own(session: ReadSession, actor: Actor) -> InnovatorProfile:
    """Return what the actor chose, with the card that their readers see."""
    row = (await session.execute(_select_shown().where(col(Row.employee_id) == actor.id))).one_or_none()
    if row is None:
        return InnovatorProfile(shown=False, readers=[], offers=[], about="", skills=False, card=None)
    chosen = set(
        await session.scalars(
            select(col(InnovatorReader.role)).where(col(InnovatorReader.employee_id) == actor.id)
        )
    )
    [card] = await _shape(session, [tuple(row)])
    profile: Row = row[0]
    return InnovatorProfile(
        shown=True,
        readers=[cast("ReaderName", role.value) for role in innovators.READERS if role in chosen],
        offers=profile.offers,
        about=profile.about,
        skills=profile.skills,
        card=card,
    )


def _select_shown() -> Any:
    return (
        select(Row, col(Employee.name), col(Entity.id), col(Entity.name))
        .join(Employee, col(Employee.id) == col(Row.employee_id))
        .outerjoin(Entity, col(Entity.id) == col(Employee.entity_id))
        .where(col(Employee.active).is_(True))
    )


async def _shape(session: ReadSession, shown: _Shown) -> list[Innovator]:
    people = [row.employee_id for row, *_ in shown]
    facts = await _count_facts(session, people)
    skills: defaultdict[str, list[str]] = defaultdict(list)
    for person, skill in await session.execute(
        select(col(Skill.employee_id), col(Skill.skill))
        .where(col(Skill.employee_id).in_([row.employee_id for row, *_ in shown if row.skills]))
        .order_by(col(Skill.employee_id), col(Skill.position))
    ):
        skills[person].append(skill)
    return [
        Innovator(
            person=Named(id=row.employee_id, name=name),
            entity=Named(id=entity_id, name=entity or "") if entity_id else None,
            about=row.about,
            offers=row.offers,
            skills=skills[row.employee_id],
            facts=facts[row.employee_id],
            since=clock.day_in(session.zone, row.since),
        )
        for row, name, entity_id, entity in shown
    ]


def _is_own_named() -> ColumnElement[bool]:
    """Return the condition of an accepted authorship of an idea that has its authors' names, and is shown."""
    return and_(
        col(Authorship.idea_id) == col(Idea.id),
        col(Authorship.state) == AuthorshipState.ACCEPTED.value,
        col(Idea.anonymous).is_(False),
        col(Idea.hidden_code).is_(None),
        col(Idea.stage).not_in([Stage.DRAFT.value, Stage.WITHDRAWN.value]),
    )


async def _count_facts(session: ReadSession, people: Collection[str]) -> dict[str, InnovatorFacts]:
    """Return what people did that has their name on it; three statements.

    Nobody is connected with an anonymous idea, whoever helped with it neither.
    """
    numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    person = col(Authorship.employee_id)
    reached = {
        "pilots": col(Idea.stage) == Stage.PILOT.value,
        "deployed": col(Idea.stage) == Stage.DEPLOYED.value,
    }
    for key, ideas, functions, *stages in await session.execute(
        select(
            person,
            func.count(),
            func.count(distinct(col(Idea.function_id))),
            *(func.count().filter(condition) for condition in reached.values()),
        )
        .join(Idea, _is_own_named())
        .where(person.in_(people))
        .group_by(person)
    ):
        numbers[key].update(
            {"ideas": ideas, "functions": functions, **dict(zip(reached, stages, strict=True))}
        )
    helper, author = col(HelpRequest.helper_id), col(Comment.author_id)
    thanked = (
        select(helper, func.count())
        .join(Idea, col(Idea.id) == col(HelpRequest.idea_id))
        .where(helper.in_(people), col(HelpRequest.thanked_at).is_not(None), col(Idea.anonymous).is_(False))
        .group_by(helper)
    )
    credited = (
        select(author, func.count())
        .where(
            author.in_(people),
            col(Comment.credited_at).is_not(None),
            col(Comment.deleted_at).is_(None),
            col(Comment.unnamed).is_(False),
        )
        .group_by(author)
    )
    for name, statement in (("helps_thanked", thanked), ("comments_credited", credited)):
        for each, number in await session.execute(statement):
            numbers[str(each)][name] = number
    return {
        each: InnovatorFacts(**{name: numbers[each][name] for name in InnovatorFacts.model_fields})
        for each in people
    }
