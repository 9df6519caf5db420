"""The look of letters: the same content as text and as HTML that mail programs of all ages show."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape
from mjml import mjml2html

from app.integrations.letters.shapes import Line

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Link:
    """A way on: its words, its address, and both together for a text without markup."""

    words: str
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """What there is about one thing."""

    title: str
    url: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a digest."""

    heading: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What a letter says: paragraphs with a link, or sections; lists of mail show `preview` beside the subject."""

    subject: str
    preview: str
    lines: tuple[Line, ...]
    paragraphs: tuple[str, ...] = ()
    quote: str = ""
    closing: tuple[str, ...] = ()
    link: Link | None = None
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around it."""

    locale: str
    company: str
    greeting: str
    why: str
    links: tuple[Link, ...]


def render(body: Body, frame: Frame) -> tuple[str, str]:
    """Return a letter as text and as HTML; texts are escaped there, never read as markup."""
    templates = _load_templates()
    values = {"body": body, "frame": frame}
    return templates.get_template("letter.txt").render(values), templates.get_template("letter.html").render(
        values
    )


@cache
def _load_templates() -> Environment:
    # MJML is turned into HTML once, before anything that people wrote is in it. By itself it would have fonts
    # fetched from elsewhere, which tells who reads a mail and when.
    markup = (FOLDER / "letter.mjml").read_text(encoding="utf-8")
    sources = {
        "letter.html": mjml2html(markup, fonts={}),
        "letter.txt": (FOLDER / "letter.txt").read_text(encoding="utf-8"),
    }
    return Environment(
        loader=DictLoader(sources),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
