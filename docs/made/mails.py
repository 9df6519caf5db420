"""The page of the mails: the text of each, in each language, about things that were made up."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.integrations.letters import Fact, Item, Letter, writing
from app.integrations.letters.wordings import WORDINGS
from docs.made.markdown import write_page

_TEXT = """
What people read, by the kind of message. A message that asks for an act goes out at once, as below; the others are
put together in a digest, whose form is at the end. Each mail has the same words as HTML, whose look is in the
pictures. Sentences on what is not known are left out: of an anonymous idea nobody is named. The words stand in
`app/integrations/letters`, the French ones in `catalogues/fr.po` there. Slack and Teams show the first sentence of
a message, or the lines of a digest. Web push carries no text at all: the kind and the page to open.

![A message in French](mails/message-fr.png) ![A message in English](mails/message-en.png)
![A digest in French](mails/digest-fr.png) ![A digest in English](mails/digest-en.png)
"""

FACTS: Mapping[str, Mapping[str, Fact]] = {
    "en": {
        "title": "Switch the screens off at night",
        "holder": "Nadia Roux",
        "person": "Karim Petit",
        "function": "Facility Management",
        "question": "How many screens are there on your floor?",
        "text": "We counted 240 screens in the two buildings.\n\nYou will find the details on the page.",
    },
    "fr": {
        "title": "Éteindre les écrans la nuit",
        "holder": "Nadia Roux",
        "person": "Karim Petit",
        "function": "Services généraux",
        "question": "Combien d’écrans y a-t-il à votre étage ?",
        "text": "Nous avons compté 240 écrans dans les deux bâtiments.\n\nLes détails sont sur la page.",
    },
}
"""What is told of the idea, by language."""

NUMBERS: Mapping[str, Fact] = {
    "due_on": date(2026, 12, 4),
    "days": 6,
    "reason": "cost",
    "stage": "pilot",
    "at": datetime(2026, 12, 9, 14, 30, tzinfo=ZoneInfo("Europe/Paris")),
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "awards": {"en": "A weekend by the sea", "fr": "Un week-end à la mer"},
    "badges": {"en": "Helping hand", "fr": "Main tendue"},
    "campaigns": {"en": "A quieter office", "fr": "Un bureau plus calme"},
    "nudges": {"en": "An idea waits for a word", "fr": "Une idée attend une réaction"},
    "news": {"en": "A week of ideas", "fr": "Une semaine d’idées"},
    "gatherings": {"en": "Workshop: our screens", "fr": "Atelier : nos écrans"},
}
"""What is told of anything but ideas, by the first word of the kind."""

WHY = {"en": "The room is not free on that day.", "fr": "La salle n’est pas libre ce jour-là."}
PLACE = {"en": "Lyon, room 3", "fr": "Lyon, salle 3"}
OTHER_TITLE = {"en": "Share a car to the station", "fr": "Partager une voiture jusqu’à la gare"}
LANGUAGES = {"en": "English", "fr": "Français"}
_SITE = "https://ideas.example.com"


def write() -> str:
    """Return the text of each message and of a digest, in each language."""
    parts = [_TEXT]
    for kind in WORDINGS:
        parts.append(f"## `{kind}`")
        parts += [_show(language, write_message(kind, language)) for language in LANGUAGES]
    parts.append("## A digest")
    parts += [_show(language, write_digest(language)) for language in LANGUAGES]
    return write_page("Mails", *parts)


def write_message(kind: str, language: str) -> Letter:
    """Write the message of one kind."""
    noun = kind.partition(".")[0]
    facts: dict[str, Fact] = {**FACTS[language], **NUMBERS, "place": PLACE[language]}
    if noun in NAMES:
        facts |= {"title": NAMES[noun][language], "text": WHY[language]}
    return _write([Item(kind, facts, f"{_SITE}/{noun if noun in NAMES else 'ideas'}/kq3v7")], language)


def write_digest(language: str) -> Letter:
    """Write a digest on two ideas."""
    screens, cars = f"{_SITE}/ideas/kq3v7", f"{_SITE}/ideas/b8m2x"
    facts = {**FACTS[language], **NUMBERS}
    other = {**facts, "title": OTHER_TITLE[language]}
    items = [
        Item("reviews.assigned", other, cars, asks=True),
        Item("ideas.acknowledged", facts, screens),
        Item("comments.written", facts, screens, count=3),
        Item("comments.replied", other, cars),
    ]
    return _write(items, language)


def _write(items: list[Item], language: str) -> Letter:
    return writing.write(
        items,
        locale=language,
        greeting_name="Anna Blanc",
        company_name="Lumen",
        settings_url=f"{_SITE}/me/messages",
        unsubscribe_url=f"{_SITE}/unsubscribe/…",
    )


def _show(language: str, letter: Letter) -> str:
    shown = f"Subject: {letter.subject}\n\n{letter.text.strip()}"
    lines = [line.rstrip() for line in shown.splitlines()]
    return "\n".join([f"**{LANGUAGES[language]}**", "", "```text", *lines, "```"])
