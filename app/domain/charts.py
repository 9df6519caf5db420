"""Charts: what a picture of figures shows, before anybody draws it; a hidden figure is no value, and never nought."""

from dataclasses import dataclass

from app.domain.pipeline import Stage
from app.domain.translations import Translation

_T = Translation

STAGES = {
    Stage.SUBMITTED: _T("soumises", "submitted"),
    Stage.EVALUATION: _T("en évaluation", "evaluation"),
    Stage.RECOMMENDED: _T("recommandées", "recommended"),
    Stage.SELECTED: _T("retenues", "selected"),
    Stage.PROJECT: _T("en projet", "project"),
    Stage.PILOT: _T("en pilote", "pilot"),
    Stage.DEPLOYED: _T("déployées", "deployed"),
}
"""What the stages of the funnel are called on a picture."""

FUNNEL = _T("De l'idée au déploiement", "From idea to deployment")
BY_MONTH = _T("Participation par mois", "Participation by month")
BY_ENTITY = _T("Participation par entité", "Participation by entity")
HEADCOUNT = _T("part de l'effectif", "share of the headcount")
UNTIL = _T("jusqu'au {day}", "until {day}")
HIDDEN = _T("non communiqué", "not shown")
MORE = _T("et {number} autres", "and {number} more")
NOTHING = _T("Aucun chiffre", "No figures")

MOST_BARS = 20
"""Bars of one picture: as many as can be read on a slide."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is called, how long it is, and what is written behind it; without a value it is hidden."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a picture: what it is about, of what and until when, and what stands for nothing and the hidden."""

    title: str
    note: str
    hidden: str
    empty: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other, measured against the longest."""

    caption: Caption
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Line:
    """A line: a share for each label, None where it is hidden."""

    name: str
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same labels, which are shares of one."""

    caption: Caption
    labels: list[str]
    lines: list[Line]


def caption(title: Translation, note: str, locale: str) -> Caption:
    """Return the words of a picture in a language."""
    return Caption(title.say(locale), note, HIDDEN.say(locale), NOTHING.say(locale))


def write_number(number: int, *, french: bool) -> str:
    """Write a number with its thousands apart."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if french else ",")


def write_share(share: float, *, french: bool) -> str:
    """Write a share in percent, with one digit behind the point."""
    written = f"{share * 100:.1f}"
    return written.replace(".", ",") + "\N{NO-BREAK SPACE}%" if french else f"{written}%"
