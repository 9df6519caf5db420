"""Figures of ideas: equal to a recount idea by idea, for the whole company and whatever they are narrowed to."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.db import Database
from app.domain.idea_marks import STEPS
from app.domain.measures import FIRST_ANSWERS
from app.domain.privacy import FLOOR
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import benefits, funnels, idea_rates, idea_times, travels
from app.queries.statistics import Filters
from app.schemas.figures import Stay
from tests.queries.test_statistics import NOW, begin
from tests.support import grounds
from tests.support.figures import ZONE, Past
from tests.support.grounds import Ground
from tests.support.world import Cast

Ask = Callable[..., Any]
DAY = timedelta(days=1)


@pytest.fixture
async def ground(database: Database, cast: Cast, request: pytest.FixtureRequest) -> Ground:
    """A company of which everybody but its people has left."""
    return await grounds.lay(database, cast, request.param)


@pytest.fixture
def ask(database: Database, cast: Cast) -> Ask:
    async def read(what: Any, filters: Filters) -> Any:
        async with database.reader() as session:
            hana = await cast.actor(session, "Hana")  # type: ignore[arg-type]
            return await what(session, hana, filters, zone=ZONE, now=NOW)

    return read


def list_filters(past: Past) -> Iterator[Filters]:
    yield Filters()
    yield Filters(as_of=date(2026, 5, 3))
    yield Filters(campaign=past.campaigns[0].id, as_of=date(2026, 6, 1))
    yield Filters(since=date(2026, 4, 1), to=date(2026, 5, 31))
    yield Filters(theme=past.ideas[0].theme_id, entity=past.entities[0].id)
    yield Filters(entity=past.entities[1].id, as_of=date(2026, 6, 3))


class Recount:
    """The ideas of a figure, and what happened to them until its day."""

    def __init__(self, ground: Ground, filters: Filters) -> None:
        past = ground.past
        day = filters.as_of or NOW.date()
        self.day, self.end = day, begin(day + DAY)
        first = begin(filters.since or date(2000, 1, 1))
        last = begin(min(filters.to or day, day) + DAY)
        below = {filters.entity}
        for entity in past.entities:
            if entity.parent_id in below:
                below.add(entity.id)
        self.ideas = {
            idea.id: idea
            for idea in past.ideas
            if idea.submitted_at
            and idea.stage != "draft"
            and first <= idea.submitted_at < last
            and filters.campaign in (None, idea.campaign_id)
            and filters.theme in (None, idea.theme_id)
            and (not filters.entity or (idea.origin_id in below and not idea.anonymous))
        }
        self.entries: dict[str, list[ItineraryEntry]] = {idea: [] for idea in self.ideas}
        for entry in past.entries:
            if entry.idea_id in self.entries and entry.at < self.end:
                self.entries[entry.idea_id].append(entry)
        self.least = FLOOR if filters != Filters(as_of=filters.as_of) else 1

    def rank(self, idea: str) -> int:
        ranks = {stage.value: place for place, stage in enumerate(STEPS)}
        return max([0, *(ranks.get(entry.to_stage, 0) for entry in self.entries[idea])])

    def list_stays(self, stage: str, *, left: bool) -> list[float]:
        stays = []
        for entries in self.entries.values():
            turns = [entry for entry in entries if entry.position == 1 or entry.from_stage != entry.to_stage]
            for entry, following in zip(turns, [*turns[1:], None], strict=False):
                if entry.to_stage == stage and (following is not None) is left:
                    came_on = entry.at.astimezone(ZoneInfo(ZONE)).date()
                    stays.append((following.at - entry.at) / DAY if following else (self.day - came_on).days)
        return sorted(stays)

    def check_stay(self, told: Stay, stays: list[float]) -> None:
        assert told.ideas == len(stays)
        if len(stays) < self.least or not stays:
            assert told.median_days is told.p90_days is None
        else:
            assert told.median_days == pytest.approx(median(stays), abs=0.011)
            assert told.p90_days == pytest.approx(stays[ceil(len(stays) * 0.9) - 1], abs=0.006)


@pytest.mark.parametrize("ground", [31, 32], indirect=True)
async def test_the_funnel_equals_a_recount(ground: Ground, ask: Ask) -> None:
    for filters in list_filters(ground.past):
        funnel, recount = await ask(funnels.get_funnel, filters), Recount(ground, filters)
        before = len(recount.ideas)
        for place, step in enumerate(funnel.steps):
            reached = sum(recount.rank(idea) >= place for idea in recount.ideas)
            assert (step.stage, step.reached) == (STEPS[place], reached), filters
            assert step.of_submitted == (reached / len(recount.ideas) if recount.ideas else None)
            assert step.of_previous == (reached / before if before else None)
            before = reached
            if step.waiting is not None:
                recount.check_stay(step.waiting, recount.list_stays(step.stage, left=False))
        assert [step.waiting is None for step in funnel.steps] == [False] * 6 + [True]
        ends = [entries[-1].to_stage for entries in recount.entries.values() if entries]
        assert (funnel.declined, funnel.withdrawn, funnel.merged) == (
            ends.count("declined"),
            ends.count("withdrawn"),
            ends.count("merged"),
        )


@pytest.mark.parametrize("ground", [33], indirect=True)
async def test_times_equal_a_recount(ground: Ground, ask: Ask) -> None:
    for filters in list_filters(ground.past):
        times, recount = await ask(idea_times.get_times, filters), Recount(ground, filters)
        for each in times.stages:
            recount.check_stay(each.stay, recount.list_stays(each.stage, left=True))
        due, kept = 0, 0
        for review in ground.reviews:
            answered = review.acknowledged_at
            assert review.first_answer_due_at
            if review.idea_id in recount.ideas:
                in_time = (
                    answered is not None and answered <= review.first_answer_due_at and answered < recount.end
                )
                kept += in_time
                due += in_time or review.first_answer_due_at < recount.end
        told = due >= recount.least
        assert (times.promise.due, times.promise.kept) == (due, kept if told else None)
        assert times.promise.share == (kept / due if told else None)


@pytest.mark.parametrize("ground", [34], indirect=True)
async def test_benefits_equal_a_recount(ground: Ground, ask: Ask) -> None:
    for filters in list_filters(ground.past):
        told, recount = await ask(benefits.get_benefits, filters), Recount(ground, filters)
        last: dict[tuple[str, str], Gate] = {}
        for gate in sorted(ground.gates, key=lambda gate: (gate.at, [-ord(letter) for letter in gate.id])):
            if gate.idea_id in recount.ideas and gate.at < recount.end and gate.amount is not None:
                last[gate.idea_id, gate.stage] = gate
        for benefit in told.benefits:
            kind = (benefit.currency, benefit.per)
            found = {
                stage: {
                    idea: gate.amount or Decimal(0)
                    for (idea, at), gate in last.items()
                    if at == stage and (gate.currency, gate.per) == kind
                }
                for stage in ("project", "deployed")
            }
            assert (benefit.estimated_ideas, benefit.estimated) == (
                len(found["project"]),
                sum(found["project"].values(), Decimal(0)),
            )
            assert (benefit.measured_ideas, benefit.measured) == (
                len(found["deployed"]),
                sum(found["deployed"].values(), Decimal(0)),
            )
            both = found["project"].keys() & found["deployed"].keys()
            expected = sum((found["project"][idea] for idea in both), Decimal(0))
            assert (benefit.realised is None) == (not expected)
            if expected:
                brought = sum((found["deployed"][idea] for idea in both), Decimal(0))
                assert benefit.realised == pytest.approx(float(brought / expected))
        assert {(each.currency, each.per) for each in told.benefits} == {
            (gate.currency, gate.per) for gate in last.values()
        }


@pytest.mark.parametrize("ground", [36], indirect=True)
async def test_returns_equal_a_recount(ground: Ground, ask: Ask) -> None:
    for filters in list_filters(ground.past):
        told, recount = await ask(benefits.get_benefits, filters), Recount(ground, filters)
        measured: dict[str, tuple[str, Decimal]] = {}
        costs: dict[str, tuple[str, Decimal]] = {}
        for gate in sorted(ground.gates, key=lambda gate: (gate.at, [-ord(letter) for letter in gate.id])):
            if gate.idea_id in recount.ideas and gate.at < recount.end:
                if gate.amount is not None and gate.stage == "deployed":
                    measured[gate.idea_id] = gate.currency or "", gate.amount
                if gate.cost is not None:
                    costs[gate.idea_id] = gate.cost_currency or "", gate.cost
        for each in told.returns:
            spent = [cost for currency, cost in costs.values() if currency == each.currency]
            brought = [amount for currency, amount in measured.values() if currency == each.currency]
            assert (each.measured, each.costs) == (sum(brought, Decimal(0)), sum(spent, Decimal(0)))
            assert each.cost_ideas == len(spent)
            assert each.net == each.measured - each.costs
            assert each.roi == (float(each.net / each.costs) if each.costs else None)
        currencies = {currency for currency, _ in (*measured.values(), *costs.values())}
        assert [each.currency for each in told.returns] == sorted(currencies)


@pytest.mark.parametrize("ground", [35], indirect=True)
async def test_rates_and_campaigns_equal_a_recount(ground: Ground, ask: Ask) -> None:
    for filters in (Filters(), Filters(as_of=date(2026, 5, 3)), Filters(since=date(2026, 4, 1))):
        recount = Recount(ground, filters)
        rates = await ask(idea_rates.get_rates, filters)
        selected, deployed = (
            [idea for idea in recount.ideas if recount.rank(idea) >= rank] for rank in (3, 6)
        )
        assert rates.ideas == len(recount.ideas)
        assert rates.ideas_per_100 == 100 * rates.ideas / rates.headcount
        assert rates.implementation_rate == len(deployed) / rates.ideas
        assert rates.ideation_rate == len(selected) / rates.active
        told = {each.id: each for each in await ask(idea_rates.list_campaigns, filters)}
        for campaign, figure in told.items():
            ideas = [idea.id for idea in recount.ideas.values() if idea.campaign_id == campaign]
            answered = [
                idea for idea in ideas if any(entry.act in FIRST_ANSWERS for entry in recount.entries[idea])
            ]
            assert (figure.ideas, figure.answered) == (len(ideas), len(answered))
            assert figure.with_potential == sum(idea in selected for idea in ideas)
        assert sum(figure.ideas for figure in told.values()) == len(recount.ideas)


@pytest.mark.parametrize("ground", [36], indirect=True)
async def test_crossings_equal_a_recount(ground: Ground, ask: Ask) -> None:
    past, shown = ground.past, 0
    tops: dict[str, str] = {}
    for entity in past.entities:
        tops[entity.id] = tops.get(entity.parent_id or "", entity.id)
    told = await ask(travels.get_travel, Filters())
    recount = Recount(ground, Filters())
    cells: dict[tuple[str, str], list[Idea]] = {}
    for idea in recount.ideas.values():
        first = next((entry for entry in recount.entries[idea.id] if entry.act in FIRST_ANSWERS), None)
        worked = [
            row.entity_id
            for row in past.employments
            if first
            and row.employee_id == ground.answered_by[idea.id]
            and row.started_at <= first.at
            and (row.ended_at is None or row.ended_at > first.at)
        ]
        if worked and idea.origin_id and not idea.anonymous:
            cells.setdefault((tops[idea.origin_id], tops[worked[0]]), []).append(idea)
    assert told.ideas == sum(map(len, cells.values()))
    writers = {row.idea_id: row.employee_id for row in past.authorships if row.position == 0}
    for origin in told.origins:
        for crossing in origin.answered:
            ideas = cells[origin.entity, crossing.answered_by]
            assert crossing.ideas in (None, len(ideas))
            if crossing.ideas is not None:
                shown += 1
                assert len({writers[idea.id] for idea in ideas}) >= FLOOR
    assert shown


async def test_a_topic_that_is_not_there_is_refused(cast: Cast, speak: Callable[[str], Any]) -> None:
    for name in ("funnel", "times", "travel", "benefits", "campaigns"):
        for field_ in ("theme", "function", "entity", "campaign"):
            answer = await speak("Hana").refused(
                "GET", f"/stats/{name}?{field_}={'a' * 24}", 422, "statistics.unknown-filter"
            )
            assert answer["errors"][0]["pointer"] == f"query/{field_}"
