"""What people are told of news, and of ideas that they follow."""

from app.integrations.letters.shapes import Plural, Wording

_SEE = "See the idea"

WORDINGS = {
    "news.published": Wording(
        subject="News: “%(title)s”",
        opening=("There is news for you: “%(title)s”.",),
        action="Read the news",
        line=("There is news for you.",),
    ),
    "follows.moved": Wording(
        subject="An idea that you follow goes on: “%(title)s”",
        opening=(
            "“%(title)s”, an idea that you follow, has taken a step: it is %(stage)s.",
            "“%(title)s”, an idea that you follow, has taken a step.",
        ),
        action=_SEE,
        line=("An idea that you follow: it is %(stage)s.", "An idea that you follow has taken a step."),
    ),
    "follows.commented": Wording(
        subject="A comment on an idea that you follow: “%(title)s”",
        opening=(
            "%(person)s has commented on “%(title)s”, an idea that you follow.",
            "Somebody has commented on “%(title)s”, an idea that you follow.",
        ),
        quote="text",
        action=_SEE,
        line=(
            "%(person)s has commented on an idea that you follow.",
            "There is a comment on an idea that you follow.",
        ),
        several=Plural(
            "%(count)s comment on an idea that you follow.",
            "%(count)s comments on an idea that you follow.",
            "count",
        ),
    ),
}
"""The wording of each kind."""
