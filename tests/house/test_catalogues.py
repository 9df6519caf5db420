"""Catalogues: every sentence of the letters is translated, with the same facts in it, and none is left over."""

import string
from collections.abc import Iterable, Mapping

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.domain.notifications import Kind
from app.domain.reasons import Reason
from app.integrations.letters.languages import CATALOGUES, LOCALES, SOURCE, list_placeholders
from app.integrations.letters.shapes import Plural, Sentence
from app.integrations.letters.wordings import REASONS, WORDINGS, list_sentences

CODES = sorted(set(LOCALES) - {SOURCE})
FACTS = set("title holder function question text reason due_on days person at place count stage".split())
QUOTES = set("text question".split()) | {""}


def read_catalogue(code: str) -> dict[str, tuple[str, ...]]:
    """Return the translated forms of each sentence, by its English (singular) form; doubtful ones are none."""
    with (CATALOGUES / f"{code}.po").open("rb") as source:
        catalogue: Catalog = read_po(source, locale=code, abort_invalid=True)
    found = {}
    for message in catalogue:
        if message.id and not message.fuzzy:
            one = message.id[0] if isinstance(message.id, tuple | list) else message.id
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            found[one] = tuple(form or "" for form in forms)
    return found


def find_untranslated(sentences: Iterable[Sentence], catalogue: Mapping[str, tuple[str, ...]]) -> list[str]:
    found = []
    for sentence in sentences:
        english = (sentence.one, sentence.many) if isinstance(sentence, Plural) else (sentence,)
        forms = catalogue.get(english[0], ())
        if len(forms) != len(english) or not all(forms):
            found.append(f"not translated: {english[0]}")
        elif any(list_placeholders(form) != list_placeholders(english[0]) for form in (*forms, *english)):
            found.append(f"other facts than in English: {forms}")
        elif any(form.replace("%(", "").count("%") for form in (*forms, *english)):
            found.append(f"a percent sign that is no fact: {forms}")
    return found


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_translated_with_its_facts(code: str) -> None:
    found = find_untranslated(list_sentences(), read_catalogue(code))
    assert not found, f"Put them right in {CATALOGUES.name}/{code}.po:\n" + "\n".join(found)


@pytest.mark.parametrize("code", CODES)
def test_no_translation_is_left_over(code: str) -> None:
    said = {each.one if isinstance(each, Plural) else each for each in list_sentences()}
    assert not read_catalogue(code).keys() - said


def test_french_has_the_signs_of_french() -> None:
    text = "\n".join(form for forms in read_catalogue("fr").values() for form in forms)
    assert not set(text) & set("'\"“”‘"), "Use ’ and « »."
    for sign, before in ((":", "\u00a0"), ("»", "\u00a0"), ("!", "\u202f"), (";", "\u202f"), ("?", "\u202f")):
        for place, letter in enumerate(text):
            assert letter != sign or text[place - 1] == before, text[place - 30 : place + 1]


def test_every_fact_of_a_wording_is_one_that_is_given() -> None:
    for kind, wording in WORDINGS.items():
        shown = [wording.subject, *wording.opening, *wording.line, *sum(wording.closing, ())]
        shown += [wording.several] if wording.several else []
        for sentence in shown:
            forms = (sentence.one, sentence.many) if isinstance(sentence, Plural) else (sentence,)
            for form in forms:
                assert list_placeholders(form) <= FACTS, (kind, form)
        assert wording.quote in QUOTES, kind
        assert list_placeholders(wording.subject) <= {"title"}, (
            f"{kind}: a subject can't do without its facts"
        )
        assert not list_placeholders(wording.action), kind
        # The last choice is taken when nothing but the title is known.
        for choice in (wording.opening, wording.line):
            last = choice[-1]
            assert isinstance(last, str), kind
            assert list_placeholders(last) <= {"title"}, (kind, last)


def test_every_kind_of_notification_has_words() -> None:
    assert WORDINGS.keys() == {kind.value for kind in Kind}


def test_every_reason_has_words() -> None:
    assert REASONS.keys() == set(Reason)
    assert all(text[0] in string.ascii_lowercase for text in REASONS.values())


def test_the_rules_see_planted_faults() -> None:
    many = Plural("%(count)s idea", "%(count)s ideas", "count")
    assert not find_untranslated([many], {many.one: ("%(count)s idée", "%(count)s idées")})
    assert find_untranslated([many], {many.one: ("%(count)s idée",)})
    assert find_untranslated([many], {many.one: ("%(count)s idée", "des idées")})
    assert find_untranslated(["By %(person)s."], {})
    assert find_untranslated(["By %(person)s."], {"By %(person)s.": ("Par %(personne)s.",)})
    assert find_untranslated(["By %(person)s."], {"By %(person)s.": ("",)})
    assert find_untranslated(["All"], {"All": ("100 %",)})
