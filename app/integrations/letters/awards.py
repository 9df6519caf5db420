"""What people are told of prizes and badges."""

from app.integrations.letters.shapes import Wording

_SEE = "See the prize"
_CEREMONY = (
    ("It is handed over on %(at)s, place: %(place)s.", "It is handed over on %(at)s."),
    ("You choose whether you are named among those who received a prize.",),
)

WORDINGS = {
    "awards.waiting": Wording(
        subject="A prize waits for your yes or no: “%(title)s”",
        opening=(
            "%(person)s is to receive the prize “%(title)s”, if two people agree.",
            "The prize “%(title)s” is to be given, if two people agree.",
        ),
        closing=(("You are one of those who can agree, or refuse with a reason.",),),
        action="Decide",
        line=("To be given to %(person)s, if you agree.", "To be given, if you agree."),
    ),
    "awards.granted": Wording(
        subject="You receive a prize: “%(title)s”",
        opening=("Congratulations: you receive the prize “%(title)s”.",),
        closing=_CEREMONY,
        action=_SEE,
        line=("It is yours, and handed over on %(at)s.", "It is yours."),
    ),
    "awards.refused": Wording(
        subject="The answer on the prize “%(title)s”",
        opening=("The prize “%(title)s”, which you asked for or proposed, is not given.",),
        quote="text",
        closing=(("Points that were spent on it are back.",),),
        action=_SEE,
        line=("It is not given.",),
    ),
    "awards.ceremony": Wording(
        subject="Your prize “%(title)s” is handed over",
        opening=(
            "Your prize “%(title)s” is handed over on %(at)s.",
            "It is known when your prize “%(title)s” is handed over.",
        ),
        closing=(("Place: %(place)s.",),),
        action=_SEE,
        line=("It is handed over on %(at)s.", "It is known when it is handed over."),
    ),
    "badges.awarded": Wording(
        subject="You have earned the badge “%(title)s”",
        opening=("You have earned the badge “%(title)s”.",),
        closing=(("Its page says why, and what comes next.",),),
        action="See the badge",
        line=("You have earned this badge.",),
    ),
}
"""The wording of each kind."""
