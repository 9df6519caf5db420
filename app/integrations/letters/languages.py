"""Languages of the letters: sentences by catalogue, plurals, days and numbers as each language writes them."""

import gettext
import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from app.integrations.letters.shapes import Choice, Fact, Plural, Sentence

CATALOGUES = Path(__file__).parent / "catalogues"
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
"""The languages spoken, and whose way of writing days and numbers goes with each."""

SOURCE = "en"
"""The language that the sentences stand in: it needs no catalogue."""

_AT = {"en": "%s at %s", "fr": "%s à %s"}
"""How a day and a time of day are said together."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Language:
    """One language: makes sentences of facts."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._locale = Locale.parse(LOCALES[code])
        self._translations = read_translations(code)

    def say(self, sentence: Sentence, facts: Mapping[str, Fact]) -> str:
        """Translate a sentence and put the facts in; a text is put in as it is.

        Raises: KeyError for a fact that is not there.
        """
        if isinstance(sentence, Plural):
            number = facts[sentence.number]
            # A number that was given as text has no plural form of its own.
            several = number if isinstance(number, int) else 2
            pattern = self._translations.ngettext(sentence.one, sentence.many, several)
        else:
            pattern = self._translations.gettext(sentence)
        return pattern % {name: self._write(facts[name]) for name in list_placeholders(pattern)}

    def choose(self, choice: Choice, facts: Mapping[str, Fact]) -> str | None:
        """Say the first sentence whose facts are all there; None where there is no such sentence."""
        for sentence in choice:
            if list_needed(sentence) <= facts.keys():
                return self.say(sentence, facts)
        return None

    def _write(self, fact: Fact) -> str:
        if isinstance(fact, datetime):
            return _AT[self.code] % (
                self._write(fact.date()),
                format_time(fact, "HH:mm", locale=self._locale),
            )
        if isinstance(fact, date):
            # The first of a month is an ordinal in French, which the tables of the library leave out.
            day = "d'er'" if self.code == "fr" and fact.day == 1 else "d"
            return format_date(fact, f"EEEE {day} MMMM y", locale=self._locale)
        return format_decimal(fact, locale=self._locale) if isinstance(fact, int) else fact


@cache
def get_language(locale: str) -> Language:
    """Return the language of a locale such as `fr`, `fr-BE` or `en_GB`; English for what is not spoken here."""
    code = re.split("[-_]", locale, maxsplit=1)[0].lower()
    return Language(code if code in LOCALES else SOURCE)


def read_translations(code: str) -> gettext.NullTranslations:
    """Read the catalogue of a language, compiled in memory: the repository has sources only."""
    if code == SOURCE:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with (CATALOGUES / f"{code}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def list_placeholders(pattern: str) -> set[str]:
    """Return the names of the facts that a pattern has places for."""
    return set(_PLACEHOLDER.findall(pattern))


def list_needed(sentence: Sentence) -> set[str]:
    """Return the names of the facts without which a sentence can't be said."""
    if isinstance(sentence, Plural):
        return {sentence.number} | list_placeholders(sentence.one) | list_placeholders(sentence.many)
    return list_placeholders(sentence)
