"""What is told when the identity behind an anonymous idea is asked for; nothing says who wrote it."""

from app.integrations.letters.shapes import Wording

_SHOWN = (
    "You wrote this idea without your name. Two people of different roles found that it has to be known who wrote it, "
    "because of a threat or a harassment, and were shown your name."
)
_TOLD = (
    "Nobody else was. It stands in the register of the works council, without your name: the works council can tell "
    "you the reason, and help you."
)

WORDINGS = {
    "identities.asked": Wording(
        subject="Your agreement is asked for: the identity behind “%(title)s”",
        opening=(
            "Somebody asks to know who wrote an anonymous idea. It needs your agreement, or your refusal.",
        ),
        closing=(
            ("You have seven days. Read the reason; agree only where a threat or a harassment can’t wait.",),
        ),
        action="Read the request",
        line=("Your agreement is asked for: somebody wants to know who wrote this idea.",),
    ),
    "identities.answered": Wording(
        subject="Your request about “%(title)s” has come to its end",
        opening=("Your request to know who wrote an anonymous idea has come to its end.",),
        action="See the request",
        line=("Your request to know who wrote this idea has come to its end.",),
    ),
    "identities.opened": Wording(
        subject="Two people were shown that you wrote “%(title)s”",
        opening=(_SHOWN,),
        closing=((_TOLD,),),
        action="Read the idea",
        line=("Two people were shown that you wrote this idea.",),
    ),
}
"""The wording of each kind."""
