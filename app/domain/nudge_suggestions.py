"""Suggestions: what a community manager could nudge about, with a first wording; nothing is sent by itself."""

from datetime import timedelta
from enum import StrEnum

from app.domain.translations import Translation

SHOWN = 5
"""Suggestions of each reason, so that the page can be read at a glance."""


class Reason(StrEnum):
    """Why something could be worth a nudge."""

    UNANSWERED = "unanswered"
    SLEEPING = "sleeping"
    MOVED = "moved"
    GATHERING = "gathering"


SPANS = {
    Reason.UNANSWERED: timedelta(days=7),
    Reason.SLEEPING: timedelta(days=30),
    Reason.MOVED: timedelta(days=7),
    Reason.GATHERING: timedelta(days=14),
}
"""How long something has waited, how long ago it moved, or how soon it begins."""

TITLES = {
    Reason.UNANSWERED: Translation("Une idée attend une réaction", "An idea waits for a word"),
    Reason.SLEEPING: Translation("Une idée a besoin de vous", "An idea needs you"),
    Reason.MOVED: Translation("Une idée est devenue réalité", "An idea has come true"),
    Reason.GATHERING: Translation("Venez avec ce qui vous agace", "Come with what annoys you"),
}

_BODIES = {
    Reason.UNANSWERED: Translation(
        "« {name} » attend depuis {days} jours un premier commentaire. Qu’en pensez-vous ?",
        "“{name}” has waited {days} days for a first comment. What do you think?",
    ),
    Reason.SLEEPING: Translation(
        "Personne n’a plus rien dit de « {name} » depuis {days} jours. Vous connaissez le sujet : un mot de vous "
        "peut la faire avancer.",
        "Nobody has said anything about “{name}” for {days} days. You know the matter: a word of yours can help it on.",
    ),
    Reason.MOVED: Translation(
        "« {name} » a franchi une grande étape. Lisez comment, et dites-nous la vôtre.",
        "“{name}” has taken a great step. Read how, and tell us yours.",
    ),
    Reason.GATHERING: Translation(
        "« {name} » a lieu dans {days} jours, près de chez vous. Pas besoin d’une idée toute faite.",
        "“{name}” takes place in {days} days, near you. You don’t need to have an idea yet.",
    ),
}


def write(reason: Reason, locale: str, *, name: str, days: int) -> tuple[str, str]:
    """Return a first title and text in the language of who is to edit them."""
    body = _BODIES[reason].say(locale)
    # Not `format`: a name may have braces in it.
    return TITLES[reason].say(locale), body.replace("{days}", str(days)).replace("{name}", name)
