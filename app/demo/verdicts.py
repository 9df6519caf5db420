"""What the reviewers and the committee write: questions, recommendations, refusals, facts of a deployment."""

from collections.abc import Mapping
from random import Random

from app.demo import luck
from app.demo.grammar import expand, sentences
from app.demo.places import draw_places
from app.demo.texts import IdeaText, speak_of
from app.demo.topics import list_phrases

REASONS: Mapping[str, int] = {
    "already_exists": 24,
    "duplicate": 15,
    "legal": 5,
    "cost": 14,
    "not_feasible": 15,
    "out_of_scope": 9,
    "not_now": 12,
    "other": 6,
}
INQUIRIES: Mapping[str, int] = {"volume": 30, "perimetre": 22, "existant": 18, "cout": 16, "exemple": 14}


def _write(rng: Random, section: str, idea: IdeaText, **slots: str) -> str:
    phrase = rng.choice(list_phrases("decisions")[section])
    return sentences(expand(phrase, rng, {**speak_of(idea), **draw_places(rng, ""), **slots}))


def acknowledge(rng: Random, idea: IdeaText) -> str:
    """A reviewer takes an idea in charge."""
    return _write(rng, "prise_en_charge", idea)


def pick_inquiry(rng: Random) -> str:
    """What a reviewer wants to know more about."""
    return luck.draw(rng, INQUIRIES)


def ask(rng: Random, inquiry: str, idea: IdeaText) -> str:
    """A reviewer's question to the author."""
    return _write(rng, f"question_{inquiry}", idea, ville2=idea.slots["ville2"])


def answer(rng: Random, inquiry: str, idea: IdeaText) -> str:
    """The author's answer to a question about the same thing."""
    towns = {name: idea.slots[name] for name in ("ville", "ville2")}
    return _write(rng, f"reponse_{inquiry}", idea, **towns)


def forward(rng: Random, function: str, idea: IdeaText) -> str:
    """Why an idea goes to another function."""
    return _write(rng, "transmission", idea, cible=f"« {function} »")


def recommend(rng: Random, idea: IdeaText) -> str:
    """Why the committee should look at an idea."""
    parts = ["recommandation_constat", "recommandation_avis"]
    if luck.happens(rng, 0.55):
        parts.append("recommandation_condition")
    return " ".join(_write(rng, part, idea) for part in parts)


def pick_reason(rng: Random) -> str:
    """A reason code of the catalogue."""
    return luck.draw(rng, REASONS)


def decline(rng: Random, reason: str, idea: IdeaText, *, committee: bool = False) -> str:
    """Why an idea is declined, in words that fit the reason code; never under 20 characters."""
    text = _write(rng, f"refus_{reason}", idea)
    if committee:
        text = f"{_write(rng, 'refus_comite', idea)} {text}"
    return f"{text} {_write(rng, 'refus_fin', idea)}" if luck.happens(rng, 0.4) else text


def score(rng: Random, idea: IdeaText) -> str:
    """The remark that goes with a scorecard."""
    return _write(rng, "notation", idea)


def explain(rng: Random, move: str, idea: IdeaText, *, place: str = "") -> str:
    """The committee's text for a move: `selected`, `project`, `pilot`, `on_hold`, `resumed`, `reopened`."""
    section = {
        "selected": "selection",
        "project": "projet",
        "pilot": "pilote",
        "on_hold": "attente",
        "resumed": "reprise",
        "reopened": "reouverture",
    }[move]
    return _write(rng, section, idea, **({"ville": place} if place else {}))


def measure(rng: Random, idea: IdeaText) -> str:
    """How one will know that a pilot has worked."""
    return _write(rng, "mesure", idea)


def result(rng: Random, idea: IdeaText, *, place: str = "") -> str:
    """What a deployment has brought."""
    return _write(rng, "resultat", idea, **({"ville": place} if place else {}))


def skip_pilot(rng: Random, idea: IdeaText) -> str:
    """Why an idea was deployed without pilot."""
    return _write(rng, "sans_pilote", idea)
