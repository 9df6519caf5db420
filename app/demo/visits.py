"""Sign-ins: everybody's first before anything else they do, then now and again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from random import Random

from app.demo import luck
from app.demo.acts import Act, Review, Score, SignIn, Submit, Transition
from app.demo.animation import Help
from app.demo.crowd import Crowd
from app.demo.timeline import Timeline, draw_delay

# A session lasts so many working days; reviewers and committee come back at this pace.
_SESSION = 45.0
_ROUND = 25.0


def plan(
    rng: Random,
    line: Timeline,
    crowd: Crowd,
    acts: Sequence[tuple[float, Act]],
    weights: Sequence[float],
) -> list[tuple[float, Act]]:
    """The sign-ins of all who are connected, staff on the first day, nobody later than their first act."""
    moments = _list_moments(acts)
    staff = frozenset(crowd.staff)
    visits: list[tuple[float, Act]] = []
    days = range(len(line.days))
    for person in crowd.connected:
        own = sorted(moments.get(person, ()))
        if person in staff:
            signs = [0.05 + rng.random() * 0.9]
            while signs[-1] + _ROUND < line.end - 1:
                signs.append(signs[-1] + _ROUND * rng.uniform(0.6, 1.4))
        elif own:
            early = draw_delay(rng, 0.003, 0.02) if luck.happens(rng, 0.7) else draw_delay(rng, 0.02, 9.0)
            signs = [max(own[0] - early, min(1.0 + rng.random() * 0.02, own[0] - 0.003))]
        else:
            signs = [rng.choices(days, weights)[0] + rng.random()]
            while luck.happens(rng, 0.35) and signs[-1] + 40 < line.end:
                signs.append(signs[-1] + draw_delay(rng, 5.0, 25.0))
        signs += _list_returns(rng, signs, own)
        kept = (moment for moment in sorted(signs) if moment < line.end)
        visits += [(moment, SignIn(line.tell(moment), person)) for moment in kept]
    return visits


def _list_moments(acts: Sequence[tuple[float, Act]]) -> dict[str, list[float]]:
    moments: dict[str, list[float]] = defaultdict(list)
    for moment, act in acts:
        if isinstance(act, Submit):
            for person in (act.person, *act.co_authors):
                moments[person].append(moment)
        elif not isinstance(act, Review | Score | Transition | Help):
            moments[act.person].append(moment)
    return moments


def _list_returns(rng: Random, signs: Sequence[float], own: Collection[float]) -> list[float]:
    returns: list[float] = []
    known = sorted(signs)
    last = known[0]
    for moment in own:
        last = max([last, *(sign for sign in known if sign <= moment)])
        if moment - last > _SESSION:
            last = moment - rng.uniform(0.002, 0.01)
            returns.append(last)
    return returns
