"""The texts of the demonstration read like French, and no two ideas alike."""

import re
from collections import defaultdict
from itertools import combinations
from random import Random

import pytest

from app.demo import remarks, verdicts
from app.demo.grammar import (
    Choice,
    Phrase,
    Slot,
    expand,
    join,
    lead_in,
    parse,
    sentences,
    tidy,
    write_number,
)
from app.demo.places import draw_places
from app.demo.texts import IdeaText, Writer, speak_of
from app.demo.topics import FUNCTION_FILES, THEMES, list_phrases, list_topics, list_words

TOWNS = ("Lyon", "Orléans", "Le Mans", "Sèvres")
FAULTS = re.compile(
    r"""[{}\[\]|]                                   # a mark of the grammar left over
    |\ \ |\ [.,]|[.,;:]{2}                          # spaces and points
    |\b[Dd]e\ [aeiouàâéèêîôûAEIOUÉ][a-zéèê]         # de l', d'
    |\b[Qq]ue\ (?:ils?|elles?|on|une?|au|en)\b
    |(?<!-)\b(?:le|je|me|te|se|ne)\ [aeiouéèê]
    |\b(?:[Dd]e|[àÀ])\ les?\ (?!faire|dire|\w+(?:er|ir|re)\b)
    |\b(\w{2,})\ \1\b                               # a word twice
    """,
    re.VERBOSE,
)


def write_ideas(seed: int, count: int) -> list[IdeaText]:
    writer = Writer(Random(seed))
    chance = Random(seed + 1)
    return [
        writer.write(
            place=chance.choice(TOWNS), feminine=chance.random() < 0.5, anonymous=chance.random() < 0.03
        )
        for _ in range(count)
    ]


def take_apart(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("le coût de ", "le courrier", "le coût du courrier"),
        ("le coût de ", "les devis", "le coût des devis"),
        ("le coût de ", "l'annuaire", "le coût de l'annuaire"),
        ("le site de ", "Orléans", "le site d'Orléans"),
        ("le site de ", "Le Mans", "le site du Mans"),
        ("à ", "Le Mans", "au Mans"),
        ("à ", "La Rochelle", "à La Rochelle"),
        ("À ", "les clients", "Aux clients"),
        ("il faut que ", "un collègue", "il faut qu'un collègue"),
        ("je propose de ", "ouvrir", "je propose d'ouvrir"),
        ("je propose de ", "héberger", "je propose d'héberger"),
        ("au bout de ", "huit jours", "au bout de huit jours"),
        ("au prix de ", "hôtels chers", "au prix d'hôtels chers"),
        ("une grande ", "amie", "une grande amie"),
    ],
)
def test_pieces_join_as_in_french(left: str, right: str, whole: str) -> None:
    assert join(left, right) == whole


def test_a_phrase_draws_choices_numbers_and_slots() -> None:
    phrase = parse("[soit {x}|soit {x}], sans {-x}, {1000-1000} fois {de x}")
    text = expand(phrase, Random(0), {"x": "les devis"})
    assert text == "soit les devis, sans devis, 1 000 fois des devis"
    assert write_number(2500000) == "2 500 000"
    assert tidy(" un  mot , deux [") == "un mot, deux ["


def test_a_phrase_that_does_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="trop"):
        parse("trop [tôt|tard")


def test_an_opening_takes_the_infinitive_and_its_mark() -> None:
    assert lead_in("je propose de", "ouvrir plus tôt") == "Je propose d'ouvrir plus tôt."
    assert lead_in("pourquoi ne pas", "ouvrir plus tôt") == "Pourquoi ne pas ouvrir plus tôt ?"
    assert lead_in("", "ouvrir plus tôt") == "Ouvrir plus tôt."
    assert lead_in("il faudrait prévoir de", "prévoir un abri") == "Prévoir un abri."
    assert sentences("oui. non ! enfin ? voilà") == "Oui. Non ! Enfin ? Voilà."


def list_slots(phrase: Phrase) -> set[str]:
    names = {part.name for part in phrase if isinstance(part, Slot)}
    for part in phrase:
        if isinstance(part, Choice):
            names |= {name for option in part.options for name in list_slots(option)}
    return names


def test_every_phrase_of_the_word_lists_has_its_slots() -> None:
    idea = write_ideas(1, 1)[0]
    known = set(speak_of(idea)) | set(draw_places(Random(1), "Lyon"))
    extra = {"cadres": {"t"}, "commentaires": {"p", "P", "s"}, "decisions": {"cible"}}
    for name, more in extra.items():
        for section, phrases in list_phrases(name).items():
            for phrase in phrases:
                assert list_slots(phrase) <= known | more, (name, section)
    for topic in list_topics():
        parts = (topic.infinitives, topic.nominals, topic.pains, topic.remedies, topic.gains)
        for phrase in (phrase for part in parts for phrase in part):
            assert list_slots(phrase) <= known, topic.key


def test_topics_cover_every_function_and_are_rich_enough() -> None:
    topics = list_topics()
    assert {topic.function for topic in topics} == set(FUNCTION_FILES)
    assert len({topic.key for topic in topics}) == len(topics)
    for topic in topics:
        assert min(len(topic.pains), len(topic.remedies)) >= 4, topic.key
        assert min(len(topic.infinitives), len(topic.gains), len(topic.tags)) >= 2, topic.key
        assert set(topic.themes) <= set(THEMES.values())
    assert set(list_words("campagnes")) == set(THEMES.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_ideas_read_like_french(seed: int) -> None:
    for idea in write_ideas(seed, 1200):
        for text in (idea.title, idea.problem, idea.solution, idea.benefit or "Rien."):
            assert not FAULTS.search(text), text
            assert not text[0].islower(), text
        assert 3 <= len(idea.title) <= 250
        assert idea.function in FUNCTION_FILES
        assert idea.theme in THEMES.values()
        assert 1 <= len(idea.tags) <= 3
        assert 40 <= len(idea.problem) <= 1200
        assert 20 <= len(idea.solution) <= 1500


def test_no_two_ideas_are_alike() -> None:
    ideas = write_ideas(3, 3600)
    assert len({idea.title.casefold() for idea in ideas}) == len(ideas)
    assert len({idea.problem for idea in ideas}) == len(ideas)
    topics: dict[str, list[set[tuple[str, ...]]]] = defaultdict(list)
    for idea in ideas:
        topics[idea.topic.key].append(take_apart(idea.problem))
    near = [
        len(one & other) / len(one | other)
        for parts in topics.values()
        for one, other in combinations(parts, 2)
    ]
    assert max(near) < 0.8
    assert sum(likeness >= 0.5 for likeness in near) <= 18, "more than half a percent of the ideas"


def test_an_author_who_stays_anonymous_names_no_place_and_no_gender() -> None:
    def write(*, anonymous: bool) -> list[IdeaText]:
        writer = Writer(Random(5))
        return [writer.write(place="Cucugnan", feminine=True, anonymous=anonymous) for _ in range(300)]

    def list_traces(ideas: list[IdeaText]) -> list[IdeaText]:
        return [idea for idea in ideas if "Cucugnan" in f"{idea.title}{idea.problem}{idea.solution}"]

    assert list_traces(write(anonymous=False))
    hidden = write(anonymous=True)
    assert not list_traces(hidden)
    assert {idea.slots["e"] for idea in hidden} == {""}


def test_only_the_themes_and_functions_asked_for_are_written_about() -> None:
    writer = Writer(Random(6))
    functions = dict.fromkeys(FUNCTION_FILES, 0.0) | {"Finance": 1.0}
    ideas = [writer.write(place="Lyon", functions=functions, themes=("Économies",)) for _ in range(80)]
    assert {idea.function for idea in ideas} == {"Finance"}
    assert {idea.theme for idea in ideas} == {"Économies"}


def test_comments_and_decisions_read_like_french() -> None:
    rng = Random(7)
    for idea in write_ideas(7, 700):
        kind = remarks.pick_kind(rng)
        inquiry = verdicts.pick_inquiry(rng)
        texts = [
            remarks.write(rng, kind, idea, place=rng.choice(TOWNS), feminine=True),
            remarks.write(
                rng,
                remarks.pick_reply(rng, kind, by_author=rng.random() < 0.5),
                idea,
                place="Évry",
                feminine=False,
                to="Zoé",
            ),
            verdicts.acknowledge(rng, idea),
            verdicts.ask(rng, inquiry, idea),
            verdicts.answer(rng, inquiry, idea),
            verdicts.forward(rng, "Achats", idea),
            verdicts.recommend(rng, idea),
            verdicts.score(rng, idea),
            verdicts.measure(rng, idea),
            verdicts.result(rng, idea, place="Évry"),
            verdicts.skip_pilot(rng, idea),
            *(
                verdicts.explain(rng, move, idea)
                for move in ("selected", "project", "pilot", "on_hold", "resumed", "reopened")
            ),
        ]
        for text in texts:
            assert not FAULTS.search(text), text
            assert not text[0].islower(), text
            assert text.endswith((".", "!", "?", "…")), text


@pytest.mark.parametrize("reason", verdicts.REASONS)
@pytest.mark.parametrize("committee", [False, True])
def test_a_refusal_says_enough(reason: str, *, committee: bool) -> None:
    rng = Random(8)
    for idea in write_ideas(8, 120):
        text = verdicts.decline(rng, reason, idea, committee=committee)
        assert len(text) >= 20
        assert not FAULTS.search(text), text


def test_the_same_seed_writes_the_same() -> None:
    assert write_ideas(9, 50) == write_ideas(9, 50)
    assert write_ideas(9, 50) != write_ideas(10, 50)
