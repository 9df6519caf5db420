"""The plan of the demonstration gives the published figures, and keeps the rules of the product."""

import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo import organisation, plan
from app.demo.acts import (
    Act,
    Answer,
    Comment,
    Plan,
    Reply,
    Review,
    Score,
    SignIn,
    Submit,
    Transition,
    Vote,
    Withdraw,
)
from app.demo.animation import (
    Announce,
    AskHelp,
    Attend,
    Credit,
    Help,
    OfGatherings,
    OfHelp,
    SignUp,
    Thank,
)
from app.demo.organisation import Organisation

PARIS = ZoneInfo("Europe/Paris")
AS_OF = date(2026, 11, 22)
OPEN = {"submitted", "evaluation", "recommended", "selected", "project", "pilot"}
REASONS = {"already_exists", "duplicate", "legal", "cost", "not_feasible", "out_of_scope", "not_now", "other"}


def make(employees: int, ideas: int, seed: int, as_of: date = AS_OF) -> tuple[Organisation, Plan]:
    rng = Random(seed)
    company = organisation.build(rng, employees)
    return company, plan.build(rng, company, employees=employees, ideas=ideas, as_of=as_of)


@pytest.fixture(scope="module")
def full() -> tuple[Organisation, Plan]:
    return make(4573, 3600, 1)


class Pipeline:
    """The pipeline of one idea, as the product describes it."""

    def __init__(self, submit: Submit) -> None:
        self.submit = submit
        self.stage = "submitted"
        self.declined_at = ""
        self.asked = False
        self.on_hold = False
        self.scored = False
        self.function = submit.function

    def move(self, expected: set[str], to: str) -> None:
        assert self.stage in expected, (self.submit.idea, self.stage, to)
        assert not self.asked
        assert not self.on_hold
        if to == "declined":
            self.declined_at = self.stage
        self.stage = to

    def review(self, act: Review) -> None:
        waiting = {"submitted", "evaluation"}
        if act.action == "acknowledge":
            self.move({"submitted"}, "evaluation")
        elif act.action == "forward":
            assert act.text
            assert act.function != self.function
            self.function = act.function
            self.move(waiting, "submitted")
        elif act.action == "clarify":
            assert act.text
            self.move(waiting, self.stage)
            self.asked = True
        elif act.action == "recommend":
            assert act.text
            self.move({"evaluation"}, "recommended")
        else:
            assert act.action == "decline"
            self.check_refusal(act.reason_code, act.text)
            self.move(waiting, "declined")

    def check_refusal(self, reason: str | None, text: str | None) -> None:
        assert reason in REASONS
        assert len(text or "") >= 20

    def answer(self) -> None:
        assert self.asked
        self.asked = False

    def transit(self, act: Transition) -> None:
        assert act.text
        steps: dict[str, tuple[set[str], Callable[[], object]]] = {
            "selected": ({"recommended"}, lambda: self.scored),
            "project": ({"selected"}, lambda: act.owner and act.estimate),
            "pilot": (
                {"project"},
                lambda: act.place and act.starts_on and act.ends_on and act.success_measure,
            ),
            "deployed": ({"project", "pilot"}, lambda: act.result and (act.benefit or act.benefit_due_on)),
            "declined": ({"recommended", "selected", "project", "pilot"}, lambda: act.reason_code in REASONS),
        }
        if act.to in steps:
            expected, shown = steps[act.to]
            assert shown(), act
            if act.to == "deployed":
                assert bool(act.skip_reason) == (self.stage == "project")
            if act.to == "pilot":
                assert act.starts_on is not None
                assert act.ends_on is not None
                assert act.at.date() <= act.starts_on <= act.ends_on
            self.move(expected, act.to)
        elif act.to == "reopened":
            self.move({"declined"}, self.declined_at)
        elif act.to == "on_hold":
            self.move({"recommended", "selected", "project", "pilot"}, self.stage)
            assert act.wakes_on is not None
            assert act.wakes_on > act.at.date()
            self.on_hold = True
        else:
            assert act.to == "resumed"
            assert self.on_hold
            self.on_hold = False


class Recount:
    """The figures of a plan as its acts give them; every rule is replayed on the way."""

    def __init__(self, company: Organisation) -> None:
        self.company = company
        self.pipelines: dict[str, Pipeline] = {}
        self.votes: set[tuple[str, str]] = set()
        self.comments: dict[str, Comment | Reply] = {}
        self.people: dict[str, set[str]] = defaultdict(set)
        self.asked: dict[str, str] = {}
        self.announced: dict[str, Announce] = {}
        self.signed_up: set[tuple[str, str]] = set()

    def play(self, act: Act) -> None:
        if isinstance(act, SignIn):
            self.people["connected"].add(act.person)
        elif isinstance(act, Submit):
            self.submit(act)
        elif isinstance(act, Vote | Comment | Reply):
            self.react(act)
        elif isinstance(act, OfHelp):
            self.help(act)
        elif isinstance(act, OfGatherings):
            self.meet(act)
        else:
            self.decide(act)

    def submit(self, act: Submit) -> None:
        authors = {act.person, *act.co_authors}
        assert len(authors) == 1 + len(act.co_authors)
        assert authors <= self.people["connected"], "signed in before the first act"
        assert not (act.anonymous and act.co_authors)
        assert not any(set(self.company.list_line(one)) & authors for one in authors if act.co_authors)
        assert act.idea not in self.pipelines
        self.people["submitted"] |= authors
        self.pipelines[act.idea] = Pipeline(act)

    def react(self, act: Vote | Comment | Reply) -> None:
        pipeline = self.pipelines[act.idea]
        own = act.person in {pipeline.submit.person, *pipeline.submit.co_authors}
        assert act.person in self.people["connected"], "signed in before the first act"
        if isinstance(act, Vote):
            assert not own
            assert pipeline.stage not in {"declined", "withdrawn"}
            assert (act.idea, act.person) not in self.votes
            self.votes.add((act.idea, act.person))
            self.people["voted"].add(act.person)
            return
        assert act.body
        assert act.comment not in self.comments
        assert not (own and pipeline.submit.anonymous)
        if isinstance(act, Reply):
            answered = self.comments[act.reply_to]
            assert isinstance(answered, Comment)
            assert answered.idea == act.idea
            assert answered.person != act.person
        self.comments[act.comment] = act
        self.people["commented"].add(act.person)

    def help(self, act: OfHelp) -> None:
        if isinstance(act, AskHelp):
            pipeline = self.pipelines[act.idea]
            assert act.person == pipeline.submit.person
            assert not pipeline.submit.anonymous
            assert pipeline.stage in OPEN
            self.asked[act.request] = act.person
        elif isinstance(act, Credit):
            pipeline = self.pipelines[self.comments[act.comment].idea]
            assert act.person == pipeline.submit.person != self.comments[act.comment].person
        elif isinstance(act, Thank):
            assert self.asked[act.request] == act.person
        else:
            assert act.request in self.asked

    def meet(self, act: OfGatherings) -> None:
        assert act.person in self.people["connected"], "signed in before the first act"
        if isinstance(act, Announce):
            assert act.at < act.starts_at < act.ends_at
            self.announced[act.gathering] = act
            return
        announced = self.announced[act.gathering]
        if isinstance(act, SignUp):
            assert act.at < announced.starts_at
            assert act.person != announced.person
            assert (act.gathering, act.person) not in self.signed_up
            self.signed_up.add((act.gathering, act.person))
        elif isinstance(act, Attend):
            assert announced.starts_at <= act.at
            assert (act.gathering, act.person) in self.signed_up
            assert act.host == announced.person
        else:
            assert announced.ends_at < act.at

    def decide(self, act: Review | Answer | Score | Transition | Withdraw) -> None:
        pipeline = self.pipelines[act.idea]
        if isinstance(act, Review):
            pipeline.review(act)
        elif isinstance(act, Transition):
            pipeline.transit(act)
        elif isinstance(act, Score):
            assert set(act.marks) <= {1, 2, 3, 4, 5}
            assert pipeline.stage in {"evaluation", "recommended"}
            pipeline.scored = True
        else:
            assert act.person in self.people["connected"]
            assert act.person == pipeline.submit.person
            if isinstance(act, Answer):
                pipeline.answer()
            else:
                pipeline.move(OPEN, "withdrawn")


def check(company: Organisation, story: Plan) -> None:
    recount = Recount(company)
    for act in story.acts():
        recount.play(act)
    figures, people = story.figures, recount.people
    ideas = recount.pipelines.values()
    assert len(ideas) == figures.ideas
    assert {name: len(people[name]) for name in ("connected", "submitted", "commented", "voted")} == {
        "connected": figures.connected,
        "submitted": figures.submitted,
        "commented": figures.commented,
        "voted": figures.voted,
    }
    assert (len(recount.votes), len(recount.comments)) == (figures.votes, figures.comments)
    assert Counter(one.stage for one in ideas) == figures.stages
    assert {one.submit.idea: one.stage for one in ideas} == story.stages
    assert sum(one.submit.anonymous for one in ideas) == figures.anonymous
    assert sum(bool(one.submit.co_authors) for one in ideas) == figures.coauthored
    assert sum(one.asked for one in ideas) == figures.clarification
    assert sum(one.on_hold for one in ideas) == figures.on_hold
    must_act = {"correspondent", "innovation_manager", "sponsor", "admin", "facilitator", "community_manager"}
    for one in company.employees:
        if must_act & set(one.roles):
            assert one.external_id in people["connected"]


def check_times(story: Plan) -> None:
    """Every act is within working hours in Paris, in order, within the two years, on its own day."""
    start = story.as_of - timedelta(days=735)
    for one, other in pairwise(story.days):
        assert one.date < other.date
    for day in story.days:
        assert start <= day.date < story.as_of
        assert day.date.weekday() < 5
        assert day.acts
        for act in day.acts:
            local = act.at.astimezone(PARIS)
            assert local.date() == day.date
            assert 8 <= local.hour < 19
            assert act.at.utcoffset() == timedelta(0)
        assert all(one.at <= other.at for one, other in pairwise(day.acts))


def check_campaigns(story: Plan, company: Organisation) -> None:
    campaigns = {campaign.key: campaign for campaign in story.campaigns}
    for one, other in pairwise(story.campaigns):
        assert one.closes_at < other.opens_at
    for campaign in story.campaigns:
        assert "sponsor" in company.by_id[campaign.sponsor].roles
    for act in story.acts():
        if isinstance(act, Submit) and act.campaign:
            campaign = campaigns[act.campaign]
            assert campaign.opens_at <= act.at <= campaign.closes_at
            assert act.theme == campaign.theme


@settings(max_examples=40, deadline=None)
@given(
    employees=st.integers(20, 400),
    ideas=st.integers(10, 120),
    seed=st.integers(0, 2**32),
    as_of=st.dates(date(2012, 1, 1), date(2031, 12, 31)),
)
def test_a_recount_gives_the_figures_and_no_rule_is_broken(
    employees: int, ideas: int, seed: int, as_of: date
) -> None:
    company, story = make(employees, ideas, seed, as_of)
    assert story.figures == plan.figures(employees, ideas)
    check(company, story)
    check_times(story)
    check_campaigns(story, company)


@pytest.mark.parametrize(("employees", "ideas"), [(20, 10), (457, 360), (20, 400), (900, 10), (4573, 3600)])
def test_the_named_sizes_come_out_exactly(employees: int, ideas: int) -> None:
    company, story = make(employees, ideas, 2)
    check(company, story)
    check_times(story)
    check_campaigns(story, company)


def test_the_figures_are_those_of_eureka() -> None:
    figures = plan.figures(4573, 3600)
    assert (figures.connected, figures.submitted, figures.commented, figures.voted) == (2744, 915, 1052, 1966)
    stages = figures.stages
    assert [stages[name] for name in ("selected", "project", "pilot", "deployed")] == [107, 49, 7, 44]
    assert sum(stages.values()) == 3600
    assert (figures.votes, figures.comments) == (9600, 4400)


@given(employees=st.integers(20, 300_000), ideas=st.integers(10, 1_000_000))
def test_figures_are_consistent_at_any_size(employees: int, ideas: int) -> None:
    figures = plan.figures(employees, ideas)
    assert sum(figures.stages.values()) == ideas
    assert min(figures.stages.values()) >= 1
    assert figures.submitted <= min(ideas, figures.connected)
    assert 1 <= figures.commented <= figures.connected
    assert 1 <= figures.voted <= figures.connected <= employees
    assert figures.votes >= figures.voted
    assert figures.comments >= figures.commented
    assert 0 <= figures.anonymous <= ideas - figures.submitted


@pytest.mark.parametrize(("employees", "ideas"), [(19, 10), (20, 9)])
def test_a_world_too_small_is_refused(employees: int, ideas: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        plan.figures(employees, ideas)


def test_the_organisation_must_have_the_size() -> None:
    company = organisation.build(Random(0), 30)
    with pytest.raises(ValueError, match="30"):
        plan.build(Random(0), company, employees=31, ideas=20, as_of=AS_OF)


def test_few_do_much_and_most_do_little(full: tuple[Organisation, Plan]) -> None:
    _, story = full
    authors = Counter(act.person for act in story.acts() if isinstance(act, Submit))
    voters = Counter(act.person for act in story.acts() if isinstance(act, Vote))
    liked = Counter(act.idea for act in story.acts() if isinstance(act, Vote))
    assert median(authors.values()) == 1
    assert max(authors.values()) <= 72
    for counts in (authors, voters, liked):
        ranked = sorted(counts.values(), reverse=True)
        assert sum(ranked[: len(ranked) // 10]) > 0.3 * sum(ranked)


def test_the_launch_is_the_busiest_month_and_august_a_quiet_one(full: tuple[Organisation, Plan]) -> None:
    _, story = full
    months = Counter(
        (day.date.year, day.date.month) for day in story.days for act in day.acts if isinstance(act, Submit)
    )
    weeks = Counter(
        (day.date - story.days[0].date).days // 7
        for day in story.days
        for act in day.acts
        if isinstance(act, Submit)
    )
    assert max(weeks, key=lambda week: weeks[week]) <= 1
    assert months[2025, 8] < sum(months.values()) / 24
    replies = sum(isinstance(act, Reply) for act in story.acts())
    assert 0.15 < replies / story.figures.comments < 0.4


def test_titles_and_refusals_are_not_repeated(full: tuple[Organisation, Plan]) -> None:
    _, story = full
    titles = [act.title.casefold() for act in story.acts() if isinstance(act, Submit)]
    assert len(set(titles)) == len(titles)
    refusals = [act.text for act in story.acts() if isinstance(act, Review) and act.action == "decline"]
    assert len(set(refusals)) > 0.97 * len(refusals)
    bodies = [act.body for act in story.acts() if isinstance(act, Comment | Reply)]
    assert len(set(bodies)) > 0.9 * len(bodies)


def test_closed_days_are_left_out() -> None:
    company = organisation.build(Random(3), 60)
    closed = {date(2025, 12, 25), date(2026, 5, 1)}
    story = plan.build(Random(3), company, employees=60, ideas=300, as_of=AS_OF, closed=closed)
    assert not closed & {day.date for day in story.days}


def test_alice_writes_comments_and_votes(full: tuple[Organisation, Plan]) -> None:
    company, story = full
    alice = company.employees[0].external_id
    done = {
        type(act)
        for act in story.acts()
        if not isinstance(act, Review | Score | Transition | Help) and act.person == alice
    }
    assert {SignIn, Submit, Vote} <= done
    assert done & {Comment, Reply}


def test_the_same_seed_plans_the_same_whatever_the_hash_seed() -> None:
    program = (
        "import hashlib; from datetime import date; from random import Random; "
        "from app.demo import organisation, plan; rng = Random(5); company = organisation.build(rng, 60); "
        "story = plan.build(rng, company, employees=60, ideas=40, as_of=date(2026, 11, 22)); "
        "print(hashlib.sha256(repr((company.rows(), story.days)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    rng = Random(5)
    company = organisation.build(rng, 60)
    story = plan.build(rng, company, employees=60, ideas=40, as_of=AS_OF)
    here = hashlib.sha256(repr((company.rows(), story.days)).encode()).hexdigest()
    assert digests == {here}
