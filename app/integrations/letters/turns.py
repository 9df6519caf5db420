"""What authors are told of turns on the way of their idea: rests, questions, new beginnings."""

from app.integrations.letters.shapes import Plural, Wording

_SEE = "See the idea"

WORDINGS = {
    "ideas.reopened": Wording(
        subject="Your idea “%(title)s” is open again",
        opening=("Your idea “%(title)s” has been opened again.",),
        quote="text",
        closing=(("It is now with %(holder)s.",), ("The answer is expected by %(due_on)s.",)),
        action=_SEE,
        line=("Open again, with %(holder)s.", "Open again."),
    ),
    "ideas.on_hold": Wording(
        subject="Your idea “%(title)s” is on hold",
        opening=("Your idea “%(title)s” has been put on hold.",),
        quote="text",
        closing=(("It will be taken up again on %(due_on)s.",),),
        action=_SEE,
        line=("On hold until %(due_on)s.", "On hold."),
    ),
    "ideas.resumed": Wording(
        subject="Your idea “%(title)s” goes on",
        opening=("Your idea “%(title)s” is no longer on hold: it goes on.",),
        quote="text",
        closing=(("The next answer is expected by %(due_on)s.",),),
        action=_SEE,
        line=("No longer on hold: it goes on.",),
    ),
    "ideas.merged": Wording(
        subject="Your idea “%(title)s” goes on with another one",
        opening=("Your idea “%(title)s” has been merged with another one that says the same.",),
        quote="text",
        closing=(("From now on everything happens there.",),),
        action=_SEE,
        line=("Merged with another idea that says the same.",),
    ),
    "ideas.clarification_asked": Wording(
        subject="A question about your idea “%(title)s”",
        opening=(
            "%(holder)s has a question about your idea “%(title)s”.",
            "There is a question about your idea “%(title)s”.",
        ),
        quote="question",
        closing=(("The clock stands still until you have answered.",),),
        action="Answer the question",
        line=("%(holder)s has a question for you.", "There is a question for you."),
        several=Plural(
            "There is %(count)s question for you.", "There are %(count)s questions for you.", "count"
        ),
    ),
}
"""The wording of each kind, beside the straight way."""
