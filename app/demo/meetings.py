"""The roadshows, workshops and focus groups of two years, and those that are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from app.demo import facts, luck
from app.demo.acts import Act, Campaign
from app.demo.animation import Announce, Attend, SignUp, SumUp
from app.demo.crowd import Crowd
from app.demo.organisation import Organisation
from app.demo.timeline import PARIS, Timeline
from app.demo.topics import list_words

_EVERY = 22.0
"""Working days between two gatherings, about a month."""
_AHEAD = 10.0
"""Working days between an announcement and the day itself."""
_LASTS = timedelta(hours=2)
_CAME = 0.82
_TO_COME = (9, 17, 30)
"""Days from the world's last day to the gatherings that are still to come."""
_PLACES = {"roadshow": None, "workshop": 16, "focus_group": 8}
_INTEREST = {"roadshow": 34, "workshop": 15, "focus_group": 9}


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A gathering before anybody knows of it; `day` is on the timeline, none for one to come."""

    key: str
    kind: str
    title: str
    place: str
    announced: float
    day: float | None
    starts_at: datetime
    campaign: str | None


def plan(
    rng: Random, line: Timeline, organisation: Organisation, people: Crowd, challenges: Sequence[Campaign]
) -> list[tuple[float, Act]]:
    """Announcements, sign-ups, who came and what came of it; a company too small for it has fewer people there."""
    host = organisation.list_with("community_manager")[0].external_id
    guests = [one for one in people.connected if one != host]
    acts: list[tuple[float, Act]] = []
    for meeting in _list_meetings(rng, line, challenges):
        acts += _hold(rng, line, meeting, host, _invite(rng, organisation, people, guests, meeting))
    return acts


def _list_meetings(rng: Random, line: Timeline, challenges: Sequence[Campaign]) -> list[_Meeting]:
    meetings: list[_Meeting] = []
    day = 14.0
    while day < line.end - 3:
        place = int(day)
        starts_at = datetime.combine(line.days[place], time(10), PARIS)
        meetings.append(
            _describe(rng, f"G{len(meetings) + 1:03d}", place, starts_at, place - _AHEAD, challenges)
        )
        day += _EVERY * rng.uniform(0.7, 1.3)
    for days in _TO_COME:
        starts_at = datetime.combine(line.days[-1] + timedelta(days=days), time(14), PARIS)
        announced = line.end - 3.5 + len(meetings) % 3
        meetings.append(_describe(rng, f"G{len(meetings) + 1:03d}", None, starts_at, announced, challenges))
    return meetings


def _describe(
    rng: Random,
    key: str,
    day: int | None,
    starts_at: datetime,
    announced: float,
    challenges: Sequence[Campaign],
) -> _Meeting:
    words = list_words("animation")
    town = facts.pick_place(rng)
    current = [campaign for campaign in challenges if campaign.opens_at < starts_at < campaign.closes_at]
    kind = "workshop" if current else luck.draw(rng, {"roadshow": 55.0, "focus_group": 45.0})
    if kind == "workshop":
        title = rng.choice(words["ateliers"]).format(sujet=current[0].name)
    elif kind == "roadshow":
        title = rng.choice(words["tournées"]).format(ville=town)
    else:
        title = rng.choice(words["groupes"])
    campaign = current[0].key if current else None
    return _Meeting(key, kind, title, f"Site de {town}", announced, day, starts_at, campaign)


def _invite(
    rng: Random, organisation: Organisation, people: Crowd, guests: Sequence[str], meeting: _Meeting
) -> list[str]:
    """Return who signs up: at a roadshow those of the town first, elsewhere those who take part."""
    active = {*people.authors, *people.commenters}
    at_home = meeting.kind == "roadshow"

    def rank(one: str) -> tuple[bool, float]:
        near = organisation.by_id[one].town in meeting.place if at_home else one in active
        return (not near, rng.random())

    wanted = round(_INTEREST[meeting.kind] * rng.uniform(0.6, 1.3))
    return sorted(guests, key=rank)[: min(wanted, len(guests) // 2)]


def _hold(
    rng: Random, line: Timeline, meeting: _Meeting, host: str, people: Sequence[str]
) -> list[tuple[float, Act]]:
    words = list_words("animation")
    places = _PLACES[meeting.kind]
    announcement = Announce(
        line.tell(meeting.announced),
        meeting.key,
        host,
        meeting.kind,
        meeting.title,
        rng.choice(words["invitations"]),
        meeting.place,
        meeting.starts_at,
        meeting.starts_at + _LASTS,
        places,
        meeting.campaign,
    )
    acts: list[tuple[float, Act]] = [(meeting.announced, announcement)]
    last = line.end - 0.01 if meeting.day is None else meeting.day - 0.1
    moments = sorted(rng.uniform(meeting.announced + 0.02, last) for _ in people)
    acts += [
        (moment, SignUp(line.tell(moment), meeting.key, person))
        for moment, person in zip(moments, people, strict=True)
    ]
    if meeting.day is not None:
        for person in people[:places]:
            if luck.happens(rng, _CAME):
                moment = meeting.day + rng.uniform(0.3, 0.45)
                acts.append((moment, Attend(line.tell(moment), meeting.key, person, host)))
        told = min(meeting.day + rng.uniform(1.0, 3.0), line.end - 0.01)
        acts.append((told, SumUp(line.tell(told), meeting.key, host, rng.choice(words["bilans"]))))
    return acts
