"""The whole story of the demonstration: who does what, and when, so that the published figures come out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from random import Random

from app.demo import (
    attention,
    campaigns,
    comments,
    crowd,
    helping,
    journeys,
    luck,
    meetings,
    stages,
    timeline,
    visits,
    votes,
)
from app.demo.acts import Act, Campaign, Day, Plan, Submit
from app.demo.figures import Figures, figures
from app.demo.journeys import Idea
from app.demo.organisation import Organisation
from app.demo.texts import IdeaText, Writer
from app.demo.timeline import Timeline
from app.demo.topics import FUNCTION_FILES

__all__ = ["Figures", "Plan", "build", "figures"]

_IN_CAMPAIGN = 0.6
_COMMON = ("Ressources humaines", "Immobilier", "Informatique", "Communication")


def build(
    rng: Random,
    organisation: Organisation,
    *,
    employees: int,
    ideas: int,
    as_of: date,
    closed: Collection[date] = (),
) -> Plan:
    """Plan two years that end on the eve of `as_of`, without weekends and `closed` days (public holidays).

    A recount gives `figures(employees, ideas)` exactly.  Reviewers and committee members are not named: who
    holds an idea is the application's to say; all who may have to act sign in on the first day.

    Raises: ValueError when the organisation has another number of employees, or for a size that is too small.
    """
    counts = figures(employees, ideas)
    if len(organisation.employees) != employees:
        raise ValueError(f"the organisation has {len(organisation.employees)} employees, not {employees}")
    line = timeline.build(as_of, closed=closed)
    challenges = campaigns.draw(rng, organisation, line, ideas)
    people = crowd.draw(rng, organisation, counts)
    weights = timeline.weigh_days(line, campaigns.list_peaks(challenges, line))
    written = _write_ideas(rng, organisation, line, challenges, people.authors, weights, counts)
    acts: list[tuple[float, Act]] = []
    closings: list[float] = []
    said: set[str] = set()
    story = [idea for idea, _ in written]
    owners = [one for one in people.connected if one in organisation.managers] or people.staff
    for idea, campaign in written:
        acts.append((idea.start, _submit(idea, campaign, line)))
        journey = journeys.plan(rng, idea, line, owners, said)
        acts += journey
        closings.append(journeys.find_closing(journey) or line.end)
    stage = attention.set_stage(rng, story, closings)
    acts += votes.plan(rng, stage, line, people.voters, counts.votes)
    spoken = comments.plan(rng, stage, organisation, line, people.commenters, counts.comments)
    acts += spoken
    acts += helping.plan(rng, line, story, closings, [act for _, act in spoken])
    acts += meetings.plan(rng, line, organisation, people, challenges)
    acts = visits.plan(rng, line, people, acts, weights) + acts
    acts.sort(key=lambda pair: pair[0])
    final = {idea.key: idea.stage for idea in story}
    return Plan(as_of, counts, challenges, _list_days(line, acts), final)


def _list_days(line: Timeline, acts: Sequence[tuple[float, Act]]) -> tuple[Day, ...]:
    groups = groupby(acts, key=lambda pair: int(pair[0]))
    return tuple(Day(line.days[index], tuple(act for _, act in group)) for index, group in groups)


def _submit(idea: Idea, campaign: str | None, line: Timeline) -> Submit:
    text = idea.text
    return Submit(
        line.tell(idea.start),
        idea.key,
        idea.author,
        idea.co_authors,
        idea.anonymous,
        text.title,
        text.problem,
        text.solution,
        text.benefit,
        text.theme,
        idea.function,
        campaign,
        text.tags,
    )


def _write_ideas(
    rng: Random,
    organisation: Organisation,
    line: Timeline,
    challenges: Sequence[Campaign],
    authors: Sequence[str],
    weights: Sequence[float],
    counts: Figures,
) -> list[tuple[Idea, str | None]]:
    days = rng.choices(range(len(line.days)), weights, k=counts.ideas)
    starts = sorted(day + 0.03 + 0.87 * rng.random() for day in days)
    ends = stages.assign(rng, [line.end - start for start in starts], counts.stages)
    names = crowd.assign_ideas(rng, authors, [end != "withdrawn" for end in ends])
    hidden = _pick_anonymous(rng, names, counts.anonymous)
    shared = _share_ideas(rng, organisation, names, hidden, counts.coauthored)
    asked = _pick_recent(rng, starts, ends, counts.clarification)
    paused = set(rng.sample([i for i, end in enumerate(ends) if end == "selected"], counts.on_hold))
    writer = Writer(rng)
    written: list[tuple[Idea, str | None]] = []
    for index, start in enumerate(starts):
        campaign = _find_campaign(rng, challenges, line, start)
        themes = (campaign.theme,) if campaign else ()
        text = _write_text(writer, organisation, names[index], themes, anonymous=index in hidden)
        idea = Idea(
            key=f"I{index + 1:05d}",
            start=start,
            stage=ends[index],
            author=names[index],
            co_authors=shared.get(index, ()),
            anonymous=index in hidden,
            text=text,
            function=_pick_function(rng, text.function),
            waits_for_answer=index in asked,
            on_hold=index in paused,
        )
        written.append((idea, campaign.key if campaign else None))
    return written


def _write_text(
    writer: Writer, organisation: Organisation, author: str, themes: Collection[str], *, anonymous: bool
) -> IdeaText:
    employee = organisation.by_id[author]
    functions: Mapping[str, float] = dict.fromkeys(_COMMON, 1.6) | {employee.home_function: 7.0}
    return writer.write(
        place=employee.town,
        feminine=employee.feminine,
        anonymous=anonymous,
        functions=functions,
        themes=themes,
    )


def _pick_anonymous(rng: Random, names: Sequence[str], count: int) -> frozenset[int]:
    # Everyone keeps one idea under their own name, so that no figure hangs on who may be counted.
    order = list(range(len(names)))
    rng.shuffle(order)
    named: set[str] = set()
    spare: list[int] = []
    for index in order:
        if names[index] in named:
            spare.append(index)
        named.add(names[index])
    return frozenset(spare[:count])


def _share_ideas(
    rng: Random, organisation: Organisation, names: Sequence[str], hidden: Collection[int], count: int
) -> dict[int, tuple[str, ...]]:
    signed = [index for index in range(len(names)) if index not in hidden]
    rng.shuffle(signed)
    authors = list(dict.fromkeys(names))
    shared: dict[int, tuple[str, ...]] = {}
    for index in signed:
        if len(shared) == count:
            break
        mates = _pick_coauthors(rng, organisation, authors, names[index])
        if mates:
            shared[index] = mates
    return shared


def _pick_recent(rng: Random, starts: Sequence[float], ends: Sequence[str], count: int) -> frozenset[int]:
    waiting = [index for index, end in enumerate(ends) if end in {"submitted", "evaluation"}]
    recent = sorted(waiting, key=lambda index: -starts[index])[: 4 * count]
    return frozenset(rng.sample(recent, count))


def _pick_coauthors(
    rng: Random, organisation: Organisation, authors: Sequence[str], author: str
) -> tuple[str, ...]:
    """Pick one or two mates, nobody from a line of management: the application refuses such co-authors."""
    mates: list[str] = []
    wanted = 1 if luck.happens(rng, 0.75) else 2
    for one in rng.sample(authors, min(12, len(authors))):
        apart = all(
            one not in organisation.list_line(other) and other not in organisation.list_line(one)
            for other in (author, *mates)
        )
        if one != author and apart and len(mates) < wanted:
            mates.append(one)
    return tuple(mates)


def _find_campaign(
    rng: Random, challenges: Sequence[Campaign], line: Timeline, start: float
) -> Campaign | None:
    at = line.tell(start)
    for campaign in challenges:
        if campaign.opens_at < at < campaign.closes_at:
            return campaign if luck.happens(rng, _IN_CAMPAIGN) else None
    return None


def _pick_function(rng: Random, right: str) -> str | None:
    wrong = rng.choice([name for name in FUNCTION_FILES if name != right])
    return luck.draw(rng, {right: 83.0, None: 10.0, wrong: 7.0})
