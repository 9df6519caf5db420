"""What people write under an idea: support, experience, additions, doubts, questions and their answers."""

from collections.abc import Mapping
from random import Random

from app.demo import luck
from app.demo.grammar import capitalise, expand, sentences, tidy
from app.demo.places import draw_places
from app.demo.texts import IdeaText, speak_of
from app.demo.topics import list_phrases

_BY_NAME = 0.45
_CALLS = ("{}, ", "Bonjour {}, ", "@{} : ", "Pour répondre à {} : ", "{} : ")
QUESTIONS = ("cout", "perimetre", "qui", "outil", "generale")
KINDS: Mapping[str, int] = {
    "soutien": 30,
    "experience": 24,
    "ajout": 15,
    "doute": 11,
    **{f"question_{subject}": 4 for subject in QUESTIONS},
}


def pick_kind(rng: Random) -> str:
    """What a new comment does."""
    return luck.draw(rng, KINDS)


def pick_reply(rng: Random, kind: str, *, by_author: bool) -> str:
    """What a reply to a comment of a kind does: the author answers or thanks, anybody else chimes in."""
    if kind.startswith("question_"):
        return (
            kind.replace("question_", "reponse_")
            if by_author or luck.happens(rng, 0.5)
            else "rebond_question"
        )
    if by_author:
        return "merci_doute" if kind == "doute" else "merci"
    return "rebond"


def write(rng: Random, kind: str, idea: IdeaText, *, place: str, feminine: bool, to: str = "") -> str:
    """Write a comment or a reply of a kind, by somebody who works in a town, now and then by name `to` one.

    Pains and remedies that are quoted are others than those of the idea's own text.
    """
    slots = dict(idea.slots) | draw_places(rng, place)
    slots |= {"e": "e" if feminine else "", "ne": "ne" if feminine else ""}
    pains = [pain for index, pain in enumerate(idea.topic.pains) if index not in idea.pains]
    spoken = slots | {"x": speak_of(idea)["x"]}
    spoken["p"] = tidy(expand(rng.choice(pains or idea.topic.pains), rng, slots))
    spoken["P"] = capitalise(spoken["p"])
    spoken["s"] = tidy(expand(rng.choice(idea.topic.remedies), rng, slots))
    text = expand(rng.choice(list_phrases("commentaires")[kind]), rng, spoken)
    if to and luck.happens(rng, _BY_NAME):
        text = rng.choice(_CALLS).format(to) + text
    return sentences(text)
