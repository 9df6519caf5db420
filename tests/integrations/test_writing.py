"""Letters say what is known, in the reader's language, and nothing that people wrote is taken for anything else."""

from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.notifications import ABOUT_RESTRICTIONS
from app.integrations.letters import Fact, Item
from app.integrations.letters.wordings import WORDINGS
from docs.made.mails import FACTS, NUMBERS
from tests.support.letters import PAGE, make_item, write_letter

ALL: dict[str, Fact] = {**FACTS["en"], **NUMBERS}
OPTIONAL = sorted(set(ALL) - {"title"})


class Page(HTMLParser):
    """The links, the tags and the visible text of a letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


WITHOUT_TITLE = {"moderation.hidden", "moderation.restored", "moderation.upheld", *ABOUT_RESTRICTIONS}
"""Kinds about what may itself be what is hidden, a comment or a title; and about what few people may know."""


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("kind", WORDINGS)
def test_every_kind_is_a_message_with_whatever_is_known(kind: str, locale: str) -> None:
    few = chain.from_iterable(combinations(OPTIONAL, size) for size in (0, 1, 2, len(OPTIONAL)))
    for names in few:
        facts = {name: ALL[name] for name in ("title", *names)}
        letter = write_letter(Item(kind, facts, PAGE), locale=locale)
        said = letter.subject + letter.text + letter.html
        assert (str(ALL["title"]) in letter.subject) is (kind not in WITHOUT_TITLE)
        assert "None" not in said
        assert "%(" not in said
        assert "\n\n\n" not in letter.text
        assert PAGE in letter.text
        assert PAGE in Page(letter.html).links
        assert [line.url for line in letter.lines] == [PAGE]


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("kind", WORDINGS)
def test_every_kind_is_a_line_of_a_digest(kind: str, locale: str) -> None:
    for facts in ({"title": "T"}, ALL):
        for count in (1, 2):
            letter = write_letter(Item(kind, facts, PAGE, count), make_item(), locale=locale)
            assert all(line.text.strip()[-1] in ".!" for line in letter.lines)
            assert "%(" not in letter.text


def test_the_text_and_the_page_say_the_same() -> None:
    letter = write_letter(Item("ideas.declined", ALL, PAGE), locale="en")
    shown = " ".join(Page(letter.html).text.split())
    for line in letter.text.splitlines():
        sentence = line.removeprefix("> ").partition(": https:")[0]
        if sentence.strip(" ->"):
            assert sentence in shown


@pytest.mark.parametrize(
    ("locale", "spoken", "subject"),
    [
        ("fr", "fr", "Un commentaire sur votre idée «\u00a0Éteindre les écrans\u00a0»"),
        ("fr-BE", "fr", "Un commentaire sur votre idée «\u00a0Éteindre les écrans\u00a0»"),
        ("en_US", "en", "A comment on your idea “Éteindre les écrans”"),
        ("de", "en", "A comment on your idea “Éteindre les écrans”"),
        ("", "en", "A comment on your idea “Éteindre les écrans”"),
    ],
)
def test_the_language_is_the_readers_or_english(locale: str, spoken: str, subject: str) -> None:
    letter = write_letter(make_item(), locale=locale)
    assert (letter.locale, letter.subject) == (spoken, subject)
    assert f'lang="{spoken}"' in letter.html


@pytest.mark.parametrize(
    ("locale", "day", "said"),
    [
        ("fr", date(2026, 12, 1), "mardi 1er décembre 2026"),
        ("fr", date(2026, 12, 11), "vendredi 11 décembre 2026"),
        ("en", date(2026, 12, 1), "Tuesday 1 December 2026"),
    ],
)
def test_days_are_written_as_the_language_does(locale: str, day: date, said: str) -> None:
    assert said in write_letter(make_item("ideas.acknowledged", due_on=day), locale=locale).text


@pytest.mark.parametrize(
    ("locale", "days", "said"),
    [
        ("fr", 0, "depuis 0 jour et"),
        ("fr", 1, "depuis 1 jour et"),
        ("fr", 2, "depuis 2 jours et"),
        ("en", 0, "for 0 days and"),
        ("en", 1, "for 1 day and"),
        ("en", 1200, "for 1,200 days and"),
        ("fr", 1200, "depuis 1\u202f200 jours et"),
    ],
)
def test_numbers_and_plurals_are_those_of_the_language(locale: str, days: int, said: str) -> None:
    assert said in write_letter(make_item("reviews.reminded", days=days), locale=locale).text


def test_a_digest_has_what_asks_first_and_one_entry_for_an_idea() -> None:
    comment, other = f"{PAGE}#comment-1", PAGE.replace("kq3v7", "zz")
    letter = write_letter(
        Item("comments.written", {"title": "One"}, comment, 3),
        Item("ideas.acknowledged", {"title": "One"}, PAGE),
        Item("reviews.assigned", {"title": "Two"}, other, asks=True),
        locale="en",
    )
    assert letter.subject == "1 thing is waiting for you, 4 pieces of news"
    assert letter.text.index("waiting for you\n") < letter.text.index("* Two") < letter.text.index("* One")
    assert letter.text.count("* One") == 1
    assert "3 new comments.\n  Taken up." in letter.text
    assert [line.text for line in letter.lines] == [
        "Two: Given to you.",
        "One: 3 new comments.",
        "One: Taken up.",
    ]


def test_one_item_that_happened_often_is_counted() -> None:
    letter = write_letter(make_item(count=4), locale="en")
    assert letter.subject == "4 pieces of news"
    assert "4 new comments." in letter.text


def test_what_people_wrote_is_never_markup_template_or_command() -> None:
    nasty = "<script>alert(1)</script>{{ 7*7 }}{% raw %}%(title)s %s \x1b[31m\u202egnp\r\nBcc: x@y.example"
    item = Item("comments.written", {"title": nasty, "person": nasty, "text": nasty}, PAGE)
    for letter in (write_letter(item, name=nasty), write_letter(item, make_item(), name=nasty)):
        page = Page(letter.html)
        assert "script" not in page.tags
        assert "{{ 7*7 }}" in unescape(letter.html)
        assert "49" not in letter.text
        assert len(letter.subject.splitlines()) == 1
        assert not set(letter.subject + letter.text + letter.html) & {"\x1b", "\u202e", "\r"}
        assert all(link.startswith("https://ideas.example.com/") for link in page.links)


@given(st.dictionaries(st.sampled_from(["title", "person", "holder", "text"]), st.text()), st.text())
def test_any_text_makes_a_letter(facts: dict[str, str], name: str) -> None:
    letter = write_letter(Item("comments.written", facts, PAGE), name=name)
    assert len(letter.subject.splitlines()) == 1
    (letter.text + letter.html).encode()
    assert Page(letter.html).links[0] == PAGE


def test_long_texts_are_cut() -> None:
    letter = write_letter(make_item(title="T" * 250, text="word " * 4000))
    assert len(letter.subject) < 200
    assert len(letter.text) < 2000
    assert "word…" in letter.text


def test_nobody_is_named_where_no_name_is_given() -> None:
    letter = write_letter(make_item("ideas.clarification_asked", question="Why?"), locale="en", name="")
    assert letter.text.startswith("Hello,\n\nThere is a question about your idea")


def test_ways_out_are_in_the_footer() -> None:
    out = "https://ideas.example.com/unsubscribe/abc?a=1&b=2"
    with_it, without = write_letter(make_item(), unsubscribe_url=out), write_letter(make_item())
    assert out in Page(with_it.html).links
    assert out in with_it.text
    assert "Se désabonner" not in without.text + without.html
    assert "Choisir vos messages\u00a0: https://ideas.example.com/me/messages" in without.text


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = Page(write_letter(make_item()).html)
    assert not page.tags & {"img", "script", "link", "iframe", "form", "object"}


def test_a_letter_needs_an_item_and_a_known_kind() -> None:
    with pytest.raises(ValueError, match="needs an item"):
        write_letter()
    with pytest.raises(KeyError):
        write_letter(make_item("ideas.unknown"))
