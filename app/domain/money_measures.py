"""Measures of money: what ideas bring, what they cost, and what is left."""

from app.domain.measure_definitions import IDEAS_BY, By, MeasureDefinition, Unit
from app.domain.translations import Translation

_T, _U = Translation, Unit
_GATES = _T("les jalons passés jusqu'à la fin du jour", "gates passed until the end of the day")

MONEY: tuple[MeasureDefinition, ...] = (
    MeasureDefinition(
        "estimated",
        _T("bénéfice estimé", "benefit estimated"),
        _T("Ce que les projets devaient rapporter.", "What projects were expected to bring."),
        _T(
            "dernier montant au jalon du projet, par devise",
            "the last amount at the project gate, by currency",
        ),
        None,
        _U.AMOUNT,
        _GATES,
        "/stats/benefits benefits.estimated",
        IDEAS_BY,
    ),
    MeasureDefinition(
        "measured",
        _T("bénéfice mesuré", "benefit measured"),
        _T("Ce que les déploiements ont rapporté.", "What deployments brought."),
        _T(
            "dernier montant au jalon du déploiement, par devise",
            "the last amount at the deployment gate, by currency",
        ),
        _T("l'estimation des mêmes idées (part réalisée)", "what was estimated of the same ideas (realised)"),
        _U.AMOUNT,
        _GATES,
        "/stats/benefits benefits.measured",
        IDEAS_BY,
    ),
    MeasureDefinition(
        "costs",
        _T("coût des projets", "cost of projects"),
        _T(
            "Ce que les projets coûtent, aboutis ou non : prévu, puis constaté au déploiement.",
            "What projects cost, deployed or not: as planned, then as told at the deployment.",
        ),
        _T("dernier coût donné à un jalon, par devise", "the last cost told at a gate, by currency"),
        None,
        _U.AMOUNT,
        _GATES,
        "/stats/benefits returns.costs",
        IDEAS_BY,
    ),
    MeasureDefinition(
        "prizes",
        _T("coût des récompenses", "cost of prizes"),
        _T(
            "Ce que les récompenses accordées ont coûté, au prix du jour de l'accord.",
            "What prizes that were granted have cost, at the price of that day.",
        ),
        _T("prix des récompenses accordées, par devise", "prices of the prizes granted, by currency"),
        None,
        _U.AMOUNT,
        _T("les accords donnés jusqu'à la fin du jour", "what was granted until the end of the day"),
        "/stats/benefits returns.prizes",
        (By.CAMPAIGN,),
    ),
    MeasureDefinition(
        "net",
        _T("retour", "return"),
        _T(
            "Le bénéfice mesuré, une année de ce qui revient chaque année, moins les coûts.",
            "The benefit measured, with one year of what comes each year, without the costs.",
        ),
        _T(
            "bénéfice mesuré moins coût des projets et des récompenses, par devise",
            "benefit measured without the cost of projects and prizes, by currency",
        ),
        _T("tous les coûts (roi)", "all costs (roi)"),
        _U.AMOUNT,
        _GATES,
        "/stats/benefits returns.net",
        IDEAS_BY,
    ),
)
"""What comes of ideas in money."""
