"""Towns, sites, months and days that texts name."""

from random import Random

from app.demo.grammar import join, tidy
from app.demo.topics import list_words

_SITES = ("l'agence", "le site", "la plateforme", "les bureaux", "l'équipe")


def draw_places(rng: Random, place: str) -> dict[str, str]:
    """Slots for the towns, months and days of one text: `ville` is the place given, or any."""
    words = list_words("lieux")
    first = place or rng.choice(words["villes"])
    second = rng.choice([town for town in words["villes"] if town != first])
    site = join(f"{rng.choice(_SITES)} de ", first)
    return {
        "ville": first,
        "ville2": second,
        "site": tidy(site),
        "mois": rng.choice(words["mois"]),
        "jour": rng.choice(words["jours"]),
    }
