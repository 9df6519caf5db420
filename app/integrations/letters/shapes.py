"""What goes into a letter, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Fact = str | int | date | datetime
"""A name or a text that somebody wrote, a number, a day, a moment in the time zone in which it is told."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a person is told.

    `kind` is one of the catalogue of notifications. `facts` are what is known of it, by name: `title`,
    `holder`, `function`, `question`, `text`, `reason` and `stage` (codes), `due_on`, `days`, `person`, `at`, `place`;
    sentences on what is missing are left out. `url` is where one reads on. `count` is how often it happened to
    the same thing; `asks` says that the reader has something to do.
    """

    kind: str
    facts: Mapping[str, Fact]
    url: str
    count: int = 1
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One item in a sentence without markup, for channels that show little; `action` is the text of its link."""

    text: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the language `locale`: `subject` is a single line, `text` and `html` say the same."""

    locale: str
    subject: str
    text: str
    html: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence in two forms, chosen by the fact `number` and the rules of the language."""

    one: str
    many: str
    number: str


Sentence = str | Plural
Choice = tuple[Sentence, ...]
"""Sentences that say the same of more and more facts missing: the first whose facts are there is taken, or none."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of message is worded, in English; the catalogues have the other languages.

    A message is `subject`, `opening`, the fact `quote` in the words of whoever wrote it, `closing`, and a link
    called `action`; its subject is `untitled` where the reader may not know the title. A digest has `line` below the
    name of what it is about, or `several` when it happened more than once.
    """

    subject: str
    opening: Choice
    action: str
    line: Choice
    quote: str = ""
    closing: tuple[Choice, ...] = ()
    several: Plural | None = None
    untitled: str = ""
