"""A small grammar of French phrases: alternatives, number ranges, slots, with elision and contraction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several phrases."""

    options: tuple["Phrase", ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A whole number between two bounds, both included, on a step."""

    low: int
    high: int
    step: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A value given by the caller; `bare` drops its article."""

    name: str
    bare: bool


Part = str | Choice | Span | Slot
Phrase = tuple[Part, ...]

_SPAN = re.compile(r"(\d+)-(\d+)(?:/(\d+))?")
_ARTICLE = re.compile(r"^(?:les? |la |une? |des |l')")
# Of the words in h, those before which French elides; the others (haut, huit, handicap) are said apart.
_OPENS_WITH_VOWEL = re.compile(
    r"[aeiouyàâéèêëîïôöùûœ]|h(?:ôt|ôp|or[alr]|om|onn|abi|armo|ist|iver|eure|um[ae]|yg|yp|éb|és|éri)",
    re.IGNORECASE,
)
_CAPITALISED_AFTER_DE = re.compile(r"\b([Dd])e (?=[AEIOUYÀÂÉÈÊÎÔ][a-zéèêà])")
_BEFORE_POINT = re.compile(r"\s+([.,])")
_SPACES = re.compile(r"[ \t]{2,}")
_AFTER_POINT = re.compile(r"(?<=[.!?] )[a-zàâçéèêîôœ]")
_TITLE_INITIAL = re.compile(r"^(?P<lead>[«\s]*)(?P<letter>\w)")


@cache
def parse(source: str) -> Phrase:
    """Read a phrase.

    `[a|b]` is a choice, `{3-9/2}` a number, `{x}` a slot, `{-x}` a slot without article, `{de x}` and `{à x}`
    a preposition that contracts with the slot.

    Raises: ValueError on brackets that do not close.
    """
    options, end = _parse_options(source, 0, nested=False)
    if end != len(source):
        raise ValueError(source)
    return options[0]


def _parse_options(source: str, at: int, *, nested: bool) -> tuple[list[Phrase], int]:
    options: list[Phrase] = []
    parts: list[Part] = []
    while at < len(source):
        mark = source[at]
        if mark == "[":
            inner, at = _parse_options(source, at + 1, nested=True)
            parts.append(Choice(tuple(inner)))
        elif mark == "{":
            close = source.index("}", at)
            parts.extend(_parse_slot(source[at + 1 : close]))
            at = close
        elif nested and mark in "|]":
            options.append(tuple(parts))
            parts = []
            if mark == "]":
                return options, at
        elif parts and isinstance(parts[-1], str):
            parts[-1] += mark
        else:
            parts.append(mark)
        at += 1
    if nested:
        raise ValueError(source)
    return [tuple(parts)], at


def _parse_slot(body: str) -> list[Part]:
    span = _SPAN.fullmatch(body)
    if span:
        return [Span(int(span[1]), int(span[2]), int(span[3] or 1))]
    preposition, _, name = body.rpartition(" ")
    slot = Slot(name.removeprefix("-"), name.startswith("-"))
    return [f"{preposition} ", slot] if preposition else [slot]


def expand(phrase: Phrase, rng: Random, slots: Mapping[str, str]) -> str:
    """Draw one text of a phrase.

    Raises: KeyError for a slot that has no value.
    """
    text = ""
    for part in phrase:
        if isinstance(part, str):
            text += part
        elif isinstance(part, Choice):
            text = join(text, expand(part.options[int(rng.random() * len(part.options))], rng, slots))
        elif isinstance(part, Span):
            text += write_number(rng.randrange(part.low, part.high + 1, part.step))
        else:
            value = slots[part.name]
            text = join(text, strip_article(value) if part.bare else value)
    return text


def join(left: str, right: str) -> str:
    """Put two pieces together as French does: de + le = du, à + les = aux, que + un = qu'un."""
    word = left[left.rfind(" ", 0, -1) + 1 :]
    if word in {"de ", "De ", "à ", "À "}:
        for article, contracted in (("le ", ("du ", "au ")), ("les ", ("des ", "aux "))):
            if right.lower().startswith(article):
                merged = contracted[word[0] in "àÀ"]
                if word[0].isupper():
                    merged = merged.capitalize()
                return left[: -len(word)] + merged + right[len(article) :]
    if word in {"de ", "De ", "que ", "Que "} and _OPENS_WITH_VOWEL.match(right):
        return left[:-2] + "'" + right
    return left + right


def strip_article(noun: str) -> str:
    """A noun without its article."""
    return _ARTICLE.sub("", noun)


def write_number(number: int) -> str:
    """A number as French writes it, thousands apart."""
    return f"{number:,}".replace(",", " ")


def tidy(text: str) -> str:
    """Spaces and elisions put right."""
    text = _SPACES.sub(" ", _BEFORE_POINT.sub(r"\1", text)).strip()
    return _CAPITALISED_AFTER_DE.sub(r"\1'", text)


def capitalise(text: str) -> str:
    """The first letter in upper case, after an opening quotation mark too."""
    return _TITLE_INITIAL.sub(lambda m: m["lead"] + m["letter"].upper(), text, count=1)


def sentence(text: str, *, mark: str = ".") -> str:
    """A tidy sentence with its capital and its final mark."""
    text = capitalise(tidy(text))
    return text if text.endswith((".", "!", "?", "…")) else text + mark


def sentences(text: str) -> str:
    """Several sentences, each with its capital."""
    return _AFTER_POINT.sub(lambda m: m[0].upper(), sentence(text))


def lead_in(lead: str, infinitive: str) -> str:
    """A sentence made of an opening and an infinitive; an opening that asks gets a question mark.

    An opening that has the infinitive's verb already is left out.
    """
    if infinitive.partition(" ")[0] in lead:
        lead = ""
    text = sentence(join(f"{lead} ", infinitive) if lead else infinitive)
    return text[:-1] + " ?" if "pourquoi ne pas" in lead or "pourquoi pas" in lead else text
