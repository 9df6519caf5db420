"""French-looking texts by the million, with their stems known beforehand.

Phrases are made once and read by the application's own analyser; a text is a sequence of phrases, and its
stems are theirs, because the analyser never looks across a blank.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

import app.demo
from app.core import analysis

_LEXICON = Path(app.demo.__file__).parent / "lexicon"
_NOT_TEXT = re.compile(r"^\w+:|\{[^}]*\}", re.MULTILINE)
_WORD = re.compile(r"[a-zàâäéèêëîïôöùûüç]{4,20}")
_HEADS = "ab ac bri ca cha co cri da dé do é fa fi flo ga gri la lu ma mi mo na pa pé pla ra ré sa so ta tri va".split()
_MIDDLES = "ba bi ca cé cho da di fé ga gi la li lo ma mé mi na ni po ra ri ro sa té ti tu va vi".split()
_TAILS = "tion ment able iste age ance eur oir ette ique isme ure ade ier".split()
_COMMON = 2_500
_GENERAL = 3_000
_TOPICS = 300
_TOPIC_WORDS = 120
_TOPIC_PHRASES = 60
_TAGS = 4
_MADE_PER_IDEA = 0.2


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words, their stems joined by blanks, and the words as the vocabulary knows them."""

    text: str
    stems: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """An idea in words, and what the search index keeps of it."""

    title: str
    problem: str
    solution: str
    benefit: str
    tags: tuple[str, ...]
    title_stems: str
    body_stems: str
    tag_stems: str
    words: frozenset[tuple[str, str]]


def read(text: str) -> Phrase:
    """Return a text as the analyser reads it."""
    found = analysis.words(text)
    words = tuple(dict.fromkeys((word.text, word.stem) for word in found))
    return Phrase(text, " ".join(word.stem for word in found), words)


class Writer:
    """Writes ideas: words of everybody in nearly all of them, words of a topic, and rare ones."""

    def __init__(self, random: Random, *, ideas: int) -> None:
        """Make the phrases; the vocabulary grows with the number of ideas."""
        self._random = random
        known = _list_known_words()
        made = _make_words(random, 15_000 + int(ideas * _MADE_PER_IDEA), set(known))
        common, others = known[:_COMMON], known[_COMMON:] + made[:15_000]
        weights = list(accumulate(1 / rank for rank in range(1, len(common) + 1)))
        self.general = [self._make_phrase(common, weights) for _ in range(_GENERAL)]
        self._topics = [self._make_topic(others) for _ in range(_TOPICS)]
        self._rare = [read(word) for word in made[15_000:]]

    def write(self) -> Text:
        """Write one more idea."""
        random = self._random
        phrases, tags = self._topics[int(random.random() * _TOPICS)]
        a, b, c, d, e, f, g = random.choices(phrases, k=7)
        m, n, o, p = random.choices(self.general, k=4)
        rare, rarer = random.choices(self._rare, k=2)
        labels = tags[: 1 + int(random.random() * 2)]
        body = (m, b, c, rare, n, d, o, e, f, rarer, p, g)
        return Text(
            title=a.text.capitalize(),
            problem=f"{m.text.capitalize()} {b.text}. {c.text.capitalize()} {rare.text} {n.text}.",
            solution=f"{d.text.capitalize()}, {o.text} {e.text}. {f.text.capitalize()} {rarer.text}.",
            benefit=f"{p.text.capitalize()} {g.text}.",
            tags=tuple(label.text for label in labels),
            title_stems=a.stems,
            body_stems=" ".join([phrase.stems for phrase in body]),
            tag_stems=" ".join([label.stems for label in labels]),
            words=frozenset(word for phrase in (a, *body, *labels) for word in phrase.words),
        )

    def remark(self) -> str:
        """Write a comment."""
        one, other, third = self._random.choices(self.general, k=3)
        return f"{one.text.capitalize()}, {other.text}. {third.text.capitalize()}."

    def _make_phrase(self, words: list[str], weights: list[float]) -> Phrase:
        a, b, c, d = self._random.choices(words, cum_weights=weights, k=4)
        return read(f"{a} de {b} pour {c} {d}")

    def _make_topic(self, others: list[str]) -> tuple[list[Phrase], list[Phrase]]:
        words = self._random.sample(others, _TOPIC_WORDS)
        weights = list(accumulate(1 / rank for rank in range(3, _TOPIC_WORDS + 3)))
        phrases = [self._make_phrase(words, weights) for _ in range(_TOPIC_PHRASES)]
        return phrases, [read(word) for word in words[:_TAGS]]


class Vocabulary:
    """Counts in how many ideas each word occurs."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def learn(self, text: Text) -> None:
        """Count the words of an idea, each once."""
        self.counts.update(text.words)


def _list_known_words() -> list[str]:
    """Return the words of the demonstration's lexicon that the analyser keeps as they are, the commonest first."""
    counts: Counter[str] = Counter()
    for file in sorted(_LEXICON.glob("*.txt")):
        counts.update(_WORD.findall(_NOT_TEXT.sub(" ", file.read_text(encoding="utf-8").lower())))
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in ordered if len(analysis.words(word)) == 1]


def _make_words(random: Random, count: int, taken: set[str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        middle = "".join(random.choices(_MIDDLES, k=random.randint(1, 3)))
        word = random.choice(_HEADS) + middle + random.choice(_TAILS)
        if word not in taken:
            found[word] = None
    return list(found)
