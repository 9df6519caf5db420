"""What is told of a restricted idea: never its title, for a letter may be read by others."""

from app.integrations.letters.shapes import Wording

_PUT = (
    "An idea of yours can be read by you and a few people alone from now on: it has personal data in it, "
    "reports a wrong, or may be an invention."
)

WORDINGS = {
    "restrictions.put": Wording(
        subject="An idea of yours is for few people alone",
        opening=(_PUT,),
        closing=(("You can read there why, who reads it, and where else you can turn.",),),
        action="Read why",
        line=("An idea of yours is for few people alone.",),
    ),
    "restrictions.waiting": Wording(
        subject="A restricted idea waits for you",
        opening=("An idea that few people may read waits for your answer.",),
        closing=(("Please don’t speak of it to anybody who may not read it.",),),
        action="Read the idea",
        line=("A restricted idea waits for you.",),
    ),
    "restrictions.late": Wording(
        subject="The answer to your restricted idea is late",
        opening=("Nobody has answered your restricted idea in time; whoever has it was reminded.",),
        closing=(("You can read there where else you can turn.",),),
        action="See who has it",
        line=("The answer to your restricted idea is late.",),
    ),
    "restrictions.answered": Wording(
        subject="There is an answer to your restricted idea",
        opening=("Somebody who reads your restricted idea has answered.",),
        action="Read the answer",
        line=("There is an answer to your restricted idea.",),
    ),
    "restrictions.lifted": Wording(
        subject="Your idea is no longer restricted",
        opening=("Your idea stands again where it stood before it was restricted.",),
        closing=(("You can read the reason there.",),),
        action="See the idea",
        line=("Your idea is no longer restricted.",),
    ),
}
"""The wording of each kind."""
