"""What people are told of gatherings for which they signed up."""

from app.integrations.letters.shapes import Wording

_SEE = "See the gathering"
_WHERE = (("It begins on %(at)s.",), ("Place: %(place)s.",))

WORDINGS = {
    "gatherings.seated": Wording(
        subject="You have a place: “%(title)s”",
        opening=("A place came free: you are no longer on the waiting list of “%(title)s”.",),
        closing=(*_WHERE, ("If you can’t come, please leave your place to somebody else.",)),
        action=_SEE,
        line=("A place came free for you, on %(at)s.", "A place came free for you."),
    ),
    "gatherings.moved": Wording(
        subject="Another time or place: “%(title)s”",
        opening=("“%(title)s”, for which you signed up, has another time or place.",),
        closing=_WHERE,
        action=_SEE,
        line=("Another time or place: now on %(at)s.", "Another time or place."),
    ),
    "gatherings.cancelled": Wording(
        subject="Called off: “%(title)s”",
        opening=(
            "“%(title)s” on %(at)s, for which you signed up, does not take place.",
            "“%(title)s”, for which you signed up, does not take place.",
        ),
        quote="text",
        action=_SEE,
        line=("Does not take place on %(at)s.", "Does not take place."),
    ),
}
"""The wording of each kind."""
