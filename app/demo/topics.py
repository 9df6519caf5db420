"""What people have ideas about: the topics and phrases of the word lists, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.demo.grammar import Phrase, parse

THEMES = {
    "eco": "Économies",
    "proc": "Optimisation des processus",
    "marque": "Marque",
    "service": "Qualité de service",
}

FUNCTION_FILES = {
    "Finance": "finance",
    "Informatique": "informatique",
    "Service client": "service_client",
    "Ventes": "ventes",
    "Marketing": "marketing",
    "Ressources humaines": "ressources_humaines",
    "Juridique": "juridique",
    "Logistique": "logistique",
    "Produit": "produit",
    "Communication": "communication",
    "Immobilier": "immobilier",
    "Achats": "achats",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter that many people write about, each in their way."""

    key: str
    function: str
    matter: str
    people: str
    themes: tuple[str, ...]
    tags: tuple[str, ...]
    cases: tuple[Phrase, ...]
    infinitives: tuple[Phrase, ...]
    nominals: tuple[Phrase, ...]
    pains: tuple[Phrase, ...]
    remedies: tuple[Phrase, ...]
    gains: tuple[Phrase, ...]


def read_lines(name: str) -> list[str]:
    """The lines of a word list, blank ones left out."""
    text = files("app.demo").joinpath("lexicon", f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


@cache
def list_words(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of a word list as plain lines."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in read_lines(name):
        if line.startswith("== "):
            current = sections.setdefault(line[3:], [])
        else:
            current.append(line)
    return {section: tuple(lines) for section, lines in sections.items()}


@cache
def list_phrases(name: str) -> Mapping[str, tuple[Phrase, ...]]:
    """The sections of a word list as phrases."""
    return {section: tuple(map(parse, lines)) for section, lines in list_words(name).items()}


@cache
def list_topics() -> tuple[Topic, ...]:
    """Every topic, function by function, in the order of the word lists."""
    return tuple(topic for function in FUNCTION_FILES for topic in _read_function(function))


def _read_function(function: str) -> list[Topic]:
    defaults: dict[str, list[str]] = {}
    fields = defaults
    blocks: list[dict[str, list[str]]] = []
    for line in read_lines(FUNCTION_FILES[function]):
        if line.startswith("## "):
            fields = {"key": [line[3:]]}
            blocks.append(fields)
        else:
            name, _, value = line.partition(": ")
            fields.setdefault(name, []).append(value)
    return [_build_topic(function, defaults | block) for block in blocks]


def _build_topic(function: str, fields: Mapping[str, list[str]]) -> Topic:
    def phrases(name: str) -> tuple[Phrase, ...]:
        return tuple(map(parse, fields.get(name, ())))

    matter = fields["o"][0]
    cases = fields["x"][0].split(" | ") if "x" in fields else [matter]
    return Topic(
        key=fields["key"][0],
        function=function,
        matter=matter,
        people=fields["qui"][0],
        themes=tuple(THEMES[code] for code in fields["themes"][0].split()),
        tags=tuple(fields["tags"][0].split(", ")),
        cases=tuple(map(parse, cases)),
        infinitives=phrases("t"),
        nominals=phrases("n"),
        pains=phrases("p"),
        remedies=phrases("s"),
        gains=phrases("g"),
    )
