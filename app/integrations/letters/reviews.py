"""What those who answer ideas are told."""

from app.integrations.letters.shapes import Plural, Wording

_LOOK = "Look at the idea"

WORDINGS = {
    "reviews.assigned": Wording(
        subject="An idea for you to answer: “%(title)s”",
        opening=(
            "The idea “%(title)s” has been given to you, for %(function)s.",
            "The idea “%(title)s” has been given to you.",
        ),
        closing=(
            ("A first answer is expected by %(due_on)s.",),
            ("You can take it up, ask its author a question, pass it on or decline it with a reason.",),
        ),
        action=_LOOK,
        line=("Given to you; a first answer is expected by %(due_on)s.", "Given to you."),
    ),
    "reviews.reminded": Wording(
        subject="Reminder: “%(title)s” is waiting for your answer",
        opening=(
            Plural(
                "The idea “%(title)s” has been with you for %(days)s day and is waiting for your answer.",
                "The idea “%(title)s” has been with you for %(days)s days and is waiting for your answer.",
                "days",
            ),
            "The idea “%(title)s” is waiting for your answer.",
        ),
        closing=(
            ("The answer is expected by %(due_on)s.",),
            ("Without an answer, it will be given to somebody else.",),
        ),
        action=_LOOK,
        line=("Waiting for your answer, expected by %(due_on)s.", "Waiting for your answer."),
    ),
    "reviews.taken": Wording(
        subject="“%(title)s” is no longer with you",
        opening=("The idea “%(title)s” has been given to somebody else.",),
        closing=(("You have nothing more to do for it.",),),
        action="See the idea",
        line=("No longer with you: given to somebody else.",),
    ),
    "reviews.escalated": Wording(
        subject="An idea has had no answer: “%(title)s”",
        opening=(
            Plural(
                "The idea “%(title)s” has been waiting for an answer for %(days)s day.",
                "The idea “%(title)s” has been waiting for an answer for %(days)s days.",
                "days",
            ),
            "The idea “%(title)s” has had no answer in time.",
        ),
        closing=(
            ("It is with %(holder)s.",),
            ("The answer was expected by %(due_on)s.",),
            ("Please see to it that its author gets an answer.",),
        ),
        action=_LOOK,
        line=(
            "Without an answer; it was expected by %(due_on)s.",
            "Without an answer in time.",
        ),
    ),
    "reviews.woken": Wording(
        subject="The rest of “%(title)s” is over",
        opening=("The day has come until which the idea “%(title)s” was on hold. It is with you.",),
        closing=(
            ("The clock is running again: your decision is expected by %(due_on)s.",),
            ("You can take it up again, or put it on hold once more.",),
        ),
        action=_LOOK,
        line=("No longer at rest; your decision is expected by %(due_on)s.", "No longer at rest."),
    ),
    "ideas.clarification_answered": Wording(
        subject="Your question about “%(title)s” is answered",
        opening=("The author of the idea “%(title)s” has answered your question.",),
        quote="text",
        closing=(("The clock is running again: your decision is expected by %(due_on)s.",),),
        action=_LOOK,
        line=("Your question is answered.",),
        several=Plural(
            "%(count)s of your questions is answered.", "%(count)s of your questions are answered.", "count"
        ),
    ),
}
"""The wording of each kind."""
