"""What tools that put load on a built database want to know of it, read from the database itself."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Select, func, select
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database, ReadSession
from app.domain.pipeline import OPEN_STAGES
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.ideas import Idea, Tally
from app.models.reviews import Review
from app.models.roles import RoleGrant
from app.models.search import SearchTerm

PASSWORD = "une-phrase-pour-les-mesures"  # noqa: S105  the password of everybody who was made up
"""The password of everybody."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Identifiers by what they are good for, each list in a fixed order; words are the beginnings of searches.

    `people` wear no hat, `writers` are those of them with most ideas, `emails` those of `people`.
    """

    people: list[str]
    emails: list[str]
    writers: list[str]
    correspondents: list[str]
    innovation_managers: list[str]
    hot: list[str]
    fifty: list[str]
    open: list[str]
    declined: list[str]
    themes: dict[str, int]
    functions: dict[str, int]
    campaigns: dict[str, int]
    permanent: str
    entities: dict[str, int]
    stages: dict[str, int]
    common: list[str]
    medium: list[str]
    scarce: list[str]
    rare: list[str]
    texts: list[str]
    ideas: int

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def describe_settings(url: str, **others: Any) -> Settings:
    """Return the settings of an installation that is measured."""
    return Settings(environment="test", database_url=url, secret_key=SecretStr("measured-" * 8), **others)


async def gather(url: str) -> Facts:
    """Read what is worth knowing of a built database."""
    settings = describe_settings(url, statement_timeout_ms=600_000)
    database = Database(settings)
    try:
        async with database.reader() as session:
            return await _read(session)
    finally:
        await database.close()


async def _read(session: ReadSession) -> Facts:
    async def take(statement: Select[Any]) -> list[Any]:
        return list(await session.scalars(statement))

    async def count(column: Any) -> dict[str, int]:
        rows = await session.execute(
            select(column, func.count()).where(col(Idea.submitted_at).is_not(None)).group_by(column)
        )
        return dict(sorted(rows.all(), key=lambda row: (-row[1], row[0])))

    hats = select(col(RoleGrant.employee_id))
    plain = (
        select(col(Employee.id))
        .where(col(Employee.id).not_in(hats), col(Employee.entity_id).is_not(None))
        .order_by(col(Employee.id))
        .limit(400)
    )
    stages = await count(col(Idea.stage))
    ideas = sum(stages.values())
    shown = select(col(Idea.id)).join(Tally, col(Tally.idea_id) == col(Idea.id))
    young = select(col(Idea.id)).where(col(Idea.submitted_at).is_not(None)).order_by(col(Idea.id))
    loads = (
        select(col(Review.reviewer_id))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Review.reviewer_id))
        .where(col(Review.closed_at).is_(None), col(RoleGrant.role) == "correspondent")
        .group_by(col(Review.reviewer_id))
        .order_by(func.count().desc(), col(Review.reviewer_id))
        .limit(50)
    )
    writers = (
        select(col(Authorship.employee_id))
        .where(col(Authorship.employee_id).in_(plain.limit(None)))
        .group_by(col(Authorship.employee_id))
        .order_by(func.count().desc(), col(Authorship.employee_id))
        .limit(50)
    )
    people = await take(plain)
    emails = dict(
        (
            await session.execute(
                select(col(Employee.id), col(Employee.email)).where(col(Employee.id).in_(people))
            )
        ).all()
    )
    managers = select(col(RoleGrant.employee_id)).where(col(RoleGrant.role) == "innovation_manager")
    texts = select(Idea).where(col(Idea.submitted_at).is_not(None)).order_by(col(Idea.id)).limit(100)
    return Facts(
        people=people,
        emails=[emails[person] or "" for person in people],
        writers=await take(writers),
        correspondents=await take(loads),
        innovation_managers=await take(managers.order_by(col(RoleGrant.employee_id))),
        hot=await take(shown.order_by(col(Tally.votes).desc(), col(Idea.id)).limit(20)),
        fifty=await take(shown.where(col(Tally.comments) == 50).order_by(col(Idea.id)).limit(50)),  # noqa: PLR2004
        open=await take(young.where(col(Idea.stage).in_(sorted(OPEN_STAGES))).limit(2000)),
        declined=await take(young.where(col(Idea.stage) == "declined").limit(500)),
        themes=await count(col(Idea.theme_id)),
        functions=await count(col(Idea.function_id)),
        campaigns=await count(col(Idea.campaign_id)),
        permanent=(await take(select(col(Campaign.id)).where(col(Campaign.permanent))))[0],
        entities=await count(col(Idea.origin_id)),
        stages=stages,
        common=await _list_words(session, ideas, 0.3, 1.0),
        medium=await _list_words(session, ideas, 0.005, 0.02),
        scarce=await _list_words(session, ideas, 0.001, 0.003),
        rare=await _list_words(session, ideas, 0, 10 / ideas),
        texts=[f"{idea.title}\n{idea.problem} {idea.solution}" for idea in await session.scalars(texts)],
        ideas=ideas,
    )


async def _list_words(session: ReadSession, ideas: int, least: float, most: float) -> list[str]:
    """Return words that occur in such a share of the ideas; at least in one."""
    return list(
        await session.scalars(
            select(col(SearchTerm.word))
            .where(
                col(SearchTerm.ideas) >= max(1, int(ideas * least)),
                col(SearchTerm.ideas) <= int(ideas * most + 0.5),
            )
            .order_by(col(SearchTerm.ideas).desc(), col(SearchTerm.word))
            .limit(20)
        )
    )
