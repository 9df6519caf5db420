"""Example bodies of the requests that carry most: they are in the OpenAPI document."""

from typing import Any

_ID = "k3v7q2m5x4z6b7n2c5w3r4t6"
_MONEY = {"amount": "12000.00", "currency": "EUR", "per": "year"}

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "SubmitIdea": [
        {
            "title": "Éteindre les écrans la nuit",
            "problem": "Deux cents écrans restent allumés chaque nuit.",
            "solution": "Une minuterie les **éteint** à 20 heures.",
            "benefit": "Environ 12 000 euros par an.",
            "theme": _ID,
            "tags": ["énergie"],
        },
        {"title": "Titre d'un brouillon", "problem": "…", "solution": "…", "theme": _ID, "draft": True},
    ],
    "Decide": [
        {"action": "acknowledge"},
        {"action": "clarify", "text": "De combien d'écrans s'agit-il ?"},
        {"action": "forward", "function": _ID, "text": "C'est une affaire d'informatique."},
        {"action": "recommend", "text": "Simple, et vite rentable."},
        {
            "action": "decline",
            "reason_code": "already_exists",
            "text": "Une minuterie est posée depuis le mois de mai.",
        },
    ],
    "MoveIdea": [
        {"to": "selected"},
        {"to": "project", "owner": _ID, "estimate": _MONEY},
        {
            "to": "pilot",
            "place": "Lyon",
            "starts_on": "2027-02-01",
            "ends_on": "2027-04-30",
            "success_measure": "Un dixième d'électricité en moins.",
        },
        {"to": "deployed", "result": "Douze pour cent d'électricité en moins.", "benefit": _MONEY},
        {"to": "on_hold", "text": "Après le déménagement.", "wake_on": "2027-06-01"},
    ],
}
"""By the name of the request's shape."""
