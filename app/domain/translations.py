"""Texts of the product's own catalogues, in the languages that it speaks."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Translation:
    """The same text in French and in English."""

    fr: str
    en: str

    def say(self, locale: str) -> str:
        """Return the text for a locale such as `fr` or `fr-BE`; for any other than French, the English one."""
        return self.fr if speaks_french(locale) else self.en


@dataclass(frozen=True, slots=True)
class Counted:
    """A text about a number, `{n}`, as one and as many."""

    one: Translation
    many: Translation

    def say(self, locale: str, number: int) -> str:
        """Return the text with the number in it; in French nought is singular."""
        single = number < 2 if speaks_french(locale) else number == 1  # noqa: PLR2004  the rule of the language
        return (self.one if single else self.many).say(locale).format(n=number)


def speaks_french(locale: str) -> bool:
    """Tell whether a locale's language is French."""
    return re.split("[-_]", locale, maxsplit=1)[0].lower() == "fr"
