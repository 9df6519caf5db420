"""A small random company with a past, and its figures counted one by one, without any statement."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.core import ids
from app.core.db import WriteSession
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.sessions import SignIn
from app.models.votes import Vote
from tests.support.world import START, Cast

ZONE = "Europe/Paris"
FIRST, LAST = date(2026, 3, 1), date(2026, 6, 30)
NAMES = ("connected", "submitted", "commented", "voted")


@dataclass
class Past:
    """All rows of a company, as lists."""

    random: Random
    entities: list[Entity] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    people: list[Employee] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    ideas: list[Idea] = field(default_factory=list)
    authorships: list[Authorship] = field(default_factory=list)
    sign_ins: list[SignIn] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    entries: list[ItineraryEntry] = field(default_factory=list)

    def moment(self) -> datetime:
        """Return a moment between the days; often just around midnight in the company's zone."""
        day = FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days))
        if self.random.random() < 0.2:
            midnight = datetime.combine(day, time.min, ZoneInfo(ZONE)).astimezone(UTC)
            return midnight + timedelta(seconds=self.random.choice([-1, 0, 1]))
        return datetime.combine(day, time(self.random.randrange(24), 7), UTC)

    def after(self, moment: datetime) -> datetime:
        """Return a moment a while later."""
        return moment + timedelta(hours=self.random.randrange(1, 900))


def imagine(seed: int, cast: Cast, *, people: int, anonymous: float) -> Past:
    """Make up the rows of a company with moves, departures, withdrawn votes, deleted comments."""
    past = Past(Random(seed))
    _people_it(past, people)
    past.campaigns = [
        Campaign(id=ids.new(), name=f"Campaign {number}", starts_at=START) for number in range(2)
    ]
    boxes = [cast.permanent_box, *(campaign.id for campaign in past.campaigns)]
    for number in range(people):
        _write_idea(past, cast, boxes, number, anonymous)
    random = past.random
    for person in past.people:
        if random.random() < 0.6:
            past.sign_ins += [
                SignIn(employee_id=person.id, at=past.moment()) for _ in range(random.randint(1, 3))
            ]
        for idea in random.sample(past.ideas, random.randint(0, 3)):
            at = past.moment()
            gone = past.after(at) if random.random() < 0.4 else None
            past.votes.append(Vote(idea_id=idea.id, voter_id=person.id, cast_at=at, withdrawn_at=gone))
        own = [row.idea_id for row in past.authorships if row.employee_id == person.id]
        for idea_id in random.choices([*own, *(idea.id for idea in past.ideas)], k=random.randint(0, 2)):
            at = past.moment()
            past.comments.append(
                Comment(
                    idea_id=idea_id,
                    author_id=person.id,
                    body="b",
                    created_at=at,
                    deleted_at=past.after(at) if random.random() < 0.3 else None,
                    source="elsewhere" if random.random() < 0.1 else None,
                    source_id=ids.new(),
                )
            )
    return past


async def keep(session: WriteSession, past: Past) -> None:
    """Write the rows; people who were there before leave the headcount first."""
    for rows in (
        past.entities,
        past.campaigns,
        past.people,
        past.employments,
        past.ideas,
        past.authorships,
        past.sign_ins,
        past.comments,
        past.votes,
        past.entries,
    ):
        session.add_all(rows)
        await session.flush()


def _people_it(past: Past, people: int) -> None:
    random = past.random
    for number in range(9):
        above = random.choice(past.entities) if number > 1 else None
        path = f"{above.path}/{number}" if above else f"Top {number}"
        past.entities.append(
            Entity(
                id=ids.new(),
                name=str(number),
                path=path,
                parent_id=above.id if above else None,
                created_at=START,
            )
        )
    weights = [random.choice([0, 1, 2, 8, 12]) for _ in past.entities]
    weights[0] = max(weights[0], 4)
    for number in range(people):
        kind = random.choices(["employee", "operator", "placeholder"], [20, 1, 1])[0]
        person = Employee(id=ids.new(), name=f"Imagined {number}", kind=kind, created_at=START)
        past.people.append(person)
        start, end = past.moment() if random.random() < 0.3 else START, None
        entity = random.choices(past.entities, weights)[0]
        if random.random() < 0.3:
            end = past.after(start)
            later = random.choices(past.entities, weights)[0]
            if random.random() < 0.6:
                past.employments.append(Employment(employee_id=person.id, entity_id=later.id, started_at=end))
        past.employments.append(
            Employment(employee_id=person.id, entity_id=entity.id, started_at=start, ended_at=end)
        )


def _write_idea(past: Past, cast: Cast, boxes: list[str], number: int, anonymous: float) -> None:
    random = past.random
    at = past.moment()
    draft = random.random() < 0.1
    source = "elsewhere" if not draft and random.random() < 0.1 else None
    idea = Idea(
        id=ids.new(),
        title=f"Idea {number}",
        problem="p",
        solution="s",
        theme_id=cast.themes["brand"],
        campaign_id=random.choice(boxes),
        anonymous=random.random() < anonymous,
        stage="draft" if draft else "submitted",
        origin_id=None if source else random.choice(past.entities).id,
        created_at=at,
        submitted_at=None if draft else at,
        updated_at=at,
        source=source,
        source_id=ids.new(),
    )
    past.ideas.append(idea)
    authors = random.sample(past.people, random.choice([1, 1, 1, 2, 3]))
    for position, person in enumerate(authors):
        past.authorships.append(
            Authorship(
                idea_id=idea.id,
                employee_id=person.id,
                position=position,
                state="accepted" if position == 0 else random.choice(["accepted", "invited", "ended"]),
                invited_at=at,
                answered_at=at if position == 0 else past.after(at),
            )
        )
    if not draft:
        _travel(past, idea, past.after(at) if source else at)


_JOURNEYS = (
    (("acknowledge", "evaluation"),),
    (
        ("clarify", "submitted"),
        ("answer", "submitted"),
        ("acknowledge", "evaluation"),
        ("recommend", "recommended"),
    ),
    (
        ("acknowledge", "evaluation"),
        ("recommend", "recommended"),
        ("select", "selected"),
        ("start_project", "project"),
    ),
    (("decline", "declined"), ("appeal", "submitted"), ("acknowledge", "evaluation")),
    (("withdraw", "withdrawn"),),
    (),
)


def _travel(past: Past, idea: Idea, at: datetime) -> None:
    steps = (("import" if idea.source else "submit", "submitted"), *past.random.choice(_JOURNEYS))
    stage = "draft"
    for position, (act, target) in enumerate(steps, 1):
        past.entries.append(
            ItineraryEntry(
                idea_id=idea.id,
                position=position,
                at=at,
                act=act,
                from_stage=stage,
                to_stage=target,
                commitment="",
                previous="",
                hash="",
            )
        )
        stage, at = target, past.after(at)
    idea.stage = stage
