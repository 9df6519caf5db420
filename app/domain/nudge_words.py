"""The effect of a nudge in words."""

from app.domain.nudges import Effect
from app.domain.translations import Translation

_TOO_FEW = Translation(
    "Trop peu de personnes pour le dire.",
    "Too few people to tell.",
)
_ALONE = Translation(
    "{acted} % ont agi dans les sept jours. Personne n’a été laissé de côté pour comparer.",
    "{acted} % acted within seven days. Nobody was held out to compare with.",
)
_CLEAR = Translation(
    "{acted} % ont agi dans les sept jours, {without} % de ceux qui n’ont rien reçu : la différence "
    "({low} à {high} points) n’est pas due au hasard.",
    "{acted} % acted within seven days, {without} % of those who got nothing: the difference ({low} to {high} points) "
    "is no chance.",
)
_UNCLEAR = Translation(
    "{acted} % ont agi dans les sept jours, {without} % de ceux qui n’ont rien reçu : la différence "
    "({low} à {high} points) peut être due au hasard.",
    "{acted} % acted within seven days, {without} % of those who got nothing: the difference ({low} to {high} points) "
    "may be chance.",
)


def say_effect(effect: Effect, locale: str) -> str:
    """Return what came of a nudge as a sentence, plain about what cannot be known."""
    if effect.acted is None:
        return _TOO_FEW.say(locale)
    numbers: dict[str, float] = {"acted": effect.acted}
    words = _ALONE
    if effect.difference is not None and effect.acted_without is not None:
        sure = effect.difference.low > 0 or effect.difference.high < 0
        words = _CLEAR if sure else _UNCLEAR
        numbers |= {
            "without": effect.acted_without,
            "low": effect.difference.low,
            "high": effect.difference.high,
        }
    return words.say(locale).format(**{name: round(100 * number) for name, number in numbers.items()})
