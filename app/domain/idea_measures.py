"""Measures of ideas: how far they come, how long they take, who answers whom."""

from app.domain.measure_definitions import HEADCOUNT, IDEAS_BY, By, MeasureDefinition, Unit
from app.domain.translations import Translation

_T, _U = Translation, Unit
_SUBMITTED = _T("les idées soumises", "the ideas submitted")
_STEPS = _T(
    "le parcours des idées jusqu'à la fin du jour", "the itineraries of ideas until the end of the day"
)
_GATES = _T("les jalons passés jusqu'à la fin du jour", "gates passed until the end of the day")
_NOW = _T("maintenant", "now")
_PIPELINE_BY = (By.ENTITY, By.CAMPAIGN, By.DAYS)


def _of_ideas(
    key: str,
    name: Translation,
    definition: Translation,
    numerator: Translation,
    where: str,
    *,
    of: Translation | None = None,
    unit: Unit = _U.IDEAS,
    by: tuple[By, ...] = IDEAS_BY,
) -> MeasureDefinition:
    return MeasureDefinition(key, name, definition, numerator, of, unit, _STEPS, where, by)


IDEAS: tuple[MeasureDefinition, ...] = (
    _of_ideas(
        "ideas",
        _T("idées", "ideas"),
        _T("Les idées soumises, quoi qu'elles soient devenues.", "Ideas submitted, whatever became of them."),
        _T("les idées par date de soumission", "ideas by the day of their submission"),
        "/stats/pipeline ideas",
        by=_PIPELINE_BY,
    ),
    _of_ideas(
        "stage",
        _T("idées par étape", "ideas by stage"),
        _T("Où en sont les idées.", "Where ideas stand."),
        _T(
            "les idées par l'étape de la dernière entrée du parcours",
            "ideas by the stage of the last entry of their itinerary",
        ),
        "/stats/pipeline stages",
        by=_PIPELINE_BY,
    ),
    _of_ideas(
        "with_potential",
        _T("idées à potentiel", "ideas with potential"),
        _T("Les idées retenues ou plus loin.", "Ideas selected or further on."),
        _T(
            "idées retenues, en projet, en pilote, déployées",
            "ideas selected, in project, in pilot, deployed",
        ),
        "/stats/pipeline with_potential",
        by=_PIPELINE_BY,
        of=_SUBMITTED,
    ),
    _of_ideas(
        "reached",
        _T("étape atteinte", "stage reached"),
        _T(
            "Les idées arrivées un jour à une étape ou plus loin.",
            "Ideas that ever came to a stage or beyond it.",
        ),
        _T("les idées par l'étape la plus lointaine", "ideas by the farthest stage of their itinerary"),
        "/stats/funnel steps.reached",
        of=_T(
            "les idées soumises ; celles de l'étape précédente",
            "the ideas submitted; those of the stage before",
        ),
    ),
    _of_ideas(
        "waiting",
        _T("ancienneté dans l'étape", "age in a stage"),
        _T(
            "Depuis quand attendent les idées qui sont là.",
            "For how long ideas have stood that are still there.",
        ),
        _T(
            "jours de calendrier depuis l'entrée dans l'étape : médiane, p90",
            "days of the calendar since they came to the stage: median, p90",
        ),
        "/stats/funnel steps.waiting",
        unit=_U.DAYS,
    ),
    _of_ideas(
        "first_answer",
        _T("délai de première réponse", "time to first answer"),
        _T("De la soumission à la première réponse.", "From the submission to the first answer."),
        _T(
            "jours jusqu'au premier acte du porteur : médiane, p90",
            "days to the first act of a holder: median, p90",
        ),
        "/stats/times first_answer",
        unit=_U.DAYS,
    ),
    _of_ideas(
        "decision",
        _T("délai de décision", "time to decision"),
        _T(
            "De la soumission à la recommandation ou au refus.",
            "From the submission to a recommendation or a decline.",
        ),
        _T("jours jusqu'à la première décision : médiane, p90", "days to the first decision: median, p90"),
        "/stats/times decision",
        unit=_U.DAYS,
    ),
    _of_ideas(
        "stay",
        _T("durée d'une étape", "time in a stage"),
        _T(
            "Combien de temps les idées sont restées avant d'avancer.",
            "How long ideas stood before they went on.",
        ),
        _T(
            "jours entre deux changements d'étape : médiane, p90",
            "days between two changes of the stage: median, p90",
        ),
        "/stats/times stages",
        unit=_U.DAYS,
    ),
    _of_ideas(
        "promise",
        _T("promesses tenues", "promises kept"),
        _T(
            "La part des premières réponses données à temps.", "The share of first answers that came in time."
        ),
        _T("tours répondus avant l'échéance promise", "turns answered before the day that was promised"),
        "/stats/times promise",
        of=_T("tours échus ou répondus à temps", "turns that fell due, or were answered in time"),
        unit=_U.SHARE,
    ),
    MeasureDefinition(
        "load",
        _T("charge des correspondants", "load of correspondents"),
        _T(
            "Ce qui attend, par fonction, à partir de cinq personnes.",
            "What waits, by function, from five people on.",
        ),
        _T(
            "tours ouverts, en retard, sans personne ; âge médian",
            "turns that are open, late, nobody's; their median age",
        ),
        None,
        _U.TURNS,
        _NOW,
        "/stats/load",
        (By.FUNCTION,),
    ),
    _of_ideas(
        "travel",
        _T("croisements", "crossings"),
        _T(
            "Qui répond à qui : la part répondue par une autre entité.",
            "Who answers whom: the share answered by another entity.",
        ),
        _T("idées signées répondues hors de leur entité", "signed ideas answered outside their entity"),
        "/stats/travel",
        of=_T("idées signées ayant une réponse", "signed ideas that were answered"),
        unit=_U.SHARE,
    ),
    MeasureDefinition(
        "ideas_per_100",
        _T("taux d'idées", "idea rate"),
        _T("Les idées pour cent personnes.", "Ideas for a hundred people."),
        _SUBMITTED,
        HEADCOUNT,
        _U.SHARE,
        _STEPS,
        "/stats/rates ideas_per_100",
        (By.DAYS,),
    ),
    MeasureDefinition(
        "implementation_rate",
        _T("taux de mise en œuvre", "implementation rate"),
        _T("La part des idées déployées.", "The share of ideas that were deployed."),
        _T("les idées déployées", "ideas deployed"),
        _SUBMITTED,
        _U.SHARE,
        _STEPS,
        "/stats/rates implementation_rate, /stats/campaigns",
        (By.DAYS,),
    ),
    MeasureDefinition(
        "benefit_rate",
        _T("taux de bénéfice", "benefit rate"),
        _T(
            "La part des déploiements dont un bénéfice est mesuré.",
            "The share of deployments with a measured benefit.",
        ),
        _T(
            "idées déployées au bénéfice mesuré au-dessus de zéro",
            "ideas deployed whose measured benefit is above nought",
        ),
        _T("les idées déployées", "ideas deployed"),
        _U.SHARE,
        _GATES,
        "/stats/rates benefit_rate",
        (By.DAYS,),
    ),
    MeasureDefinition(
        "ideation_rate",
        _T("taux d'idéation", "ideation rate"),
        _T(
            "Les idées retenues par personne active (Minor, Brook, Bernoff, 2017).",
            "Ideas selected per active person (Minor, Brook, Bernoff, 2017).",
        ),
        _T("idées retenues ou plus loin", "ideas selected or further on"),
        _T("les personnes connectées", "people connected"),
        _U.SHARE,
        _STEPS,
        "/stats/rates ideation_rate",
        (By.DAYS,),
    ),
)
"""Ideas by stage and time, and ideas beside people."""
