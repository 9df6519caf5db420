"""The facts of a committee's move: owner, amounts, place, dates, measures, results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from app.demo import luck, verdicts
from app.demo.acts import Money, Transition
from app.demo.grammar import join
from app.demo.texts import IdeaText
from app.demo.topics import list_words

_NEIGHBOURS = {
    "Finance": ("Achats", "Juridique", "Ventes"),
    "Informatique": ("Produit", "Achats", "Service client"),
    "Service client": ("Informatique", "Produit", "Ventes"),
    "Ventes": ("Marketing", "Finance", "Informatique"),
    "Marketing": ("Communication", "Ventes", "Produit"),
    "Ressources humaines": ("Communication", "Juridique", "Immobilier"),
    "Juridique": ("Finance", "Ressources humaines"),
    "Logistique": ("Achats", "Immobilier"),
    "Produit": ("Informatique", "Marketing"),
    "Communication": ("Marketing", "Ressources humaines"),
    "Immobilier": ("Achats", "Ressources humaines"),
    "Achats": ("Finance", "Immobilier"),
}
# More than any scorecard has criteria.
_MARKS = 8


def pick_place(rng: Random) -> str:
    """A town for a pilot."""
    return rng.choice(list_words("lieux")["villes"])


def pick_target(rng: Random, current: str | None, right: str) -> str:
    """Another function to forward to: the right one, or a neighbour when the idea is there already.

    An idea whose author chose no function may be there already without one knowing: it goes to a neighbour.
    """
    return rng.choice(_NEIGHBOURS[right]) if current in (None, right) else right


def draw_marks(rng: Random) -> tuple[int, ...]:
    """Marks for the criteria of a scorecard, good ones in the main."""
    return tuple(rng.choices((2, 3, 4, 5), (10, 32, 40, 18), k=_MARKS))


def draw_money(rng: Random, *, least: int, most: int) -> Money:
    """An amount in euros, small ones more often."""
    amount = least + (most - least) * rng.random() ** 2
    return Money(int(round(amount / 500) * 500), "EUR", "year" if luck.happens(rng, 0.75) else "once")


def _draw_cost(key: str, name: str, benefit: Money | None) -> Money | None:
    """What it costs to bring a benefit: less than it, now and then more; its luck is its own."""
    if benefit is None:
        return None
    share = Random(f"{key} {name}").triangular(0.1, 1.3, 0.3)
    return Money(int(round(benefit.amount * share / 100) * 100), benefit.currency, "once")


@dataclass(frozen=True, slots=True)
class Turn:
    """A move that is to be written: when, for which idea, its next step and the world's last day."""

    at: datetime
    key: str
    text: IdeaText
    place: str
    following: date | None
    last: date


def write_transition(rng: Random, name: str, turn: Turn, owners: Sequence[str]) -> Transition:
    """A move of the committee with all that it must show.

    A pilot ends by the day of its deployment, a pause is to be looked at again after its end; what isn't over
    in this world goes on after its last day.
    """
    at, key, text = turn.at, turn.key, turn.text
    if name in {"deployed", "skipped"}:
        return _write_deployment(rng, turn, skipped=name == "skipped")
    if name == "declined":
        reason = verdicts.pick_reason(rng)
        refusal = verdicts.decline(rng, reason, text, committee=True)
        return Transition(at, key, name, refusal, reason_code=reason)
    if name == "pilot":
        return _write_pilot(rng, turn)
    explained = verdicts.explain(rng, name, text)
    if name == "project":
        estimate = draw_money(rng, least=4000, most=90000)
        cost = _draw_cost(key, name, estimate)
        return Transition(at, key, name, explained, owner=rng.choice(owners), estimate=estimate, cost=cost)
    if name == "on_hold":
        wakes = (turn.following or turn.last) + timedelta(days=rng.randint(20, 90))
        return Transition(at, key, name, explained, wakes_on=wakes)
    return Transition(at, key, name, explained)


def _write_pilot(rng: Random, turn: Turn) -> Transition:
    starts = turn.at.date() + timedelta(days=rng.randint(0, 7))
    if turn.following:
        starts = min(starts, turn.following)
    later = max(starts + timedelta(weeks=10), turn.last + timedelta(days=rng.randint(14, 70)))
    return Transition(
        turn.at,
        turn.key,
        "pilot",
        verdicts.explain(rng, "pilot", turn.text, place=turn.place),
        place=join("Site de ", turn.place),
        starts_on=starts,
        ends_on=turn.following or later,
        success_measure=verdicts.measure(rng, turn.text),
    )


def _write_deployment(rng: Random, turn: Turn, *, skipped: bool) -> Transition:
    at, text = turn.at, turn.text
    result = verdicts.result(rng, text, place=turn.place)
    measured = luck.happens(rng, 0.6)
    benefit = draw_money(rng, least=3000, most=140000) if measured else None
    return Transition(
        at,
        turn.key,
        "deployed",
        result,
        result=result,
        benefit=benefit,
        cost=_draw_cost(turn.key, "deployed", benefit),
        benefit_due_on=None if measured else at.date() + timedelta(days=rng.randint(90, 200)),
        skip_reason=verdicts.skip_pilot(rng, text) if skipped else None,
    )
