"""Measures of people, and of what is done about texts."""

from app.domain.measure_definitions import HEADCOUNT, By, MeasureDefinition, Unit
from app.domain.translations import Translation

_T, _U = Translation, Unit
_PEOPLE_BY = (By.ENTITY, By.CAMPAIGN, By.DAYS)
_ACTS = _T(
    "ce qui était fait, et pas encore défait, à la fin du jour ; une entité : à la fin d'un mois publié",
    "what was done, and not undone yet, at the end of the day; an entity: at the end of a released month",
)


def _taken(
    key: str,
    name: Translation,
    definition: Translation,
    numerator: Translation,
    by: tuple[By, ...] = _PEOPLE_BY,
) -> MeasureDefinition:
    where = f"/stats/participation {key}"
    return MeasureDefinition(key, name, definition, numerator, HEADCOUNT, _U.PEOPLE, _ACTS, where, by)


PEOPLE: tuple[MeasureDefinition, ...] = (
    MeasureDefinition(
        "headcount",
        _T("effectif", "headcount"),
        _T(
            "Les personnes employées, comptes techniques et auteurs importés exclus.",
            "People employed; operators and placeholders are outside.",
        ),
        _T(
            "chaque personne dont l'emploi couvre la fin du jour",
            "each person whose employment covers the end of the day",
        ),
        None,
        _U.PEOPLE,
        _T("les emplois datés", "dated employments"),
        "/stats/participation headcount",
        (By.ENTITY,),
    ),
    _taken(
        "connected",
        _T("personnes connectées", "people connected"),
        _T("Qui s'est connecté au moins une fois.", "Who signed in at least once."),
        _T("les personnes qui se sont connectées elles-mêmes", "people who signed in interactively"),
        (By.ENTITY, By.DAYS),
    ),
    _taken(
        "submitted",
        _T("personnes ayant soumis", "people who submitted"),
        _T("Qui a soumis au moins une idée.", "Who submitted at least one idea."),
        _T(
            "les auteurs et co-auteurs d'idées soumises ici", "authors and co-authors of ideas submitted here"
        ),
    ),
    _taken(
        "commented",
        _T("personnes ayant commenté", "people who commented"),
        _T("Qui a commenté au moins une fois.", "Who commented at least once."),
        _T("les auteurs de commentaires non supprimés", "authors of comments that were not deleted"),
    ),
    _taken(
        "voted",
        _T("personnes ayant voté", "people who voted"),
        _T("Qui a voté au moins une fois.", "Who voted at least once."),
        _T(
            "les personnes dont un vote tient, hors votes encore secrets",
            "people with a vote that stands and that no campaign hides",
        ),
    ),
    MeasureDefinition(
        "segments",
        _T("segments", "segments"),
        _T("Les personnes par segment, à partir de cinq.", "People by segment, from five on."),
        _T("chaque personne dans un segment", "each person in one segment"),
        HEADCOUNT,
        _U.PEOPLE,
        _T("la dernière nuit", "last night"),
        "/segments",
        (),
    ),
    MeasureDefinition(
        "moderation",
        _T("modération", "moderation"),
        _T("Signalements, masquages, rétablissements, appels.", "Reports, texts hidden, restored, appeals."),
        _T("cas par mois, à partir de cinq", "cases by month, from five on"),
        None,
        _U.CASES,
        _T("les douze derniers mois", "the last twelve months"),
        "/moderation/counts",
        (),
    ),
)
"""Who took part, by segment as well, and what moderation did."""
