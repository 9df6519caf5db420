"""What authors are told of the way of their idea."""

from app.integrations.letters.shapes import Plural, Wording

_SEE = "See the idea"

WORDINGS = {
    "ideas.acknowledged": Wording(
        subject="Your idea “%(title)s” is being looked into",
        opening=(
            "%(holder)s has taken up your idea “%(title)s”.",
            "Your idea “%(title)s” has been taken up.",
        ),
        closing=(("A decision is expected by %(due_on)s.",),),
        action=_SEE,
        line=("Taken up by %(holder)s.", "Taken up."),
    ),
    "ideas.forwarded": Wording(
        subject="Your idea “%(title)s” has been passed on",
        opening=(
            "Your idea “%(title)s” has been passed on to %(function)s.",
            "Your idea “%(title)s” has been passed on to those who know more about it.",
        ),
        quote="text",
        closing=(("It is now with %(holder)s.",), ("A first answer is expected by %(due_on)s.",)),
        action=_SEE,
        line=("Passed on to %(function)s.", "Passed on to those who know more about it."),
        several=Plural("Passed on %(count)s time.", "Passed on %(count)s times.", "count"),
    ),
    "ideas.late": Wording(
        subject="The answer to your idea “%(title)s” is late",
        opening=(
            "The answer to your idea “%(title)s” was expected by %(due_on)s and has not come yet.",
            "The answer to your idea “%(title)s” is late.",
        ),
        closing=(
            ("The idea is with %(holder)s.",),
            ("If nothing happens soon, somebody else will be asked to answer you.",),
        ),
        action=_SEE,
        line=("The answer is late: it was expected by %(due_on)s.", "The answer is late."),
    ),
    "ideas.reassigned": Wording(
        subject="Somebody else now has your idea “%(title)s”",
        opening=(
            "Your idea “%(title)s” is now with %(holder)s, who will answer you.",
            "Your idea “%(title)s” has been given to somebody else, who will answer you.",
        ),
        closing=(("The answer is expected by %(due_on)s.",),),
        action=_SEE,
        line=("Now with %(holder)s.", "Given to somebody else."),
        several=Plural(
            "Given to somebody else %(count)s time.", "Given to somebody else %(count)s times.", "count"
        ),
    ),
    "ideas.recommended": Wording(
        subject="Your idea “%(title)s” is recommended",
        opening=("Good news: your idea “%(title)s” has been recommended.",),
        quote="text",
        closing=(
            ("The selection committee decides by %(due_on)s.", "The selection committee decides next."),
        ),
        action=_SEE,
        line=("Recommended: the selection committee decides next.",),
    ),
    "ideas.selected": Wording(
        subject="Your idea “%(title)s” has been selected",
        opening=("Congratulations: your idea “%(title)s” has been selected.",),
        quote="text",
        closing=(("The project is promised for %(due_on)s.", "A project comes next."),),
        action=_SEE,
        line=("Selected!",),
    ),
    "ideas.project": Wording(
        subject="Your idea “%(title)s” becomes a project",
        opening=(
            "Your idea “%(title)s” becomes a project, led by %(person)s.",
            "Your idea “%(title)s” becomes a project.",
        ),
        quote="text",
        closing=(("The next step is promised for %(due_on)s.",),),
        action=_SEE,
        line=("Becomes a project, led by %(person)s.", "Becomes a project."),
    ),
    "ideas.pilot": Wording(
        subject="Your idea “%(title)s” is being tried out",
        opening=("A pilot of your idea “%(title)s” has been decided.",),
        quote="text",
        closing=(("It ends on %(due_on)s.",),),
        action=_SEE,
        line=("Being tried out until %(due_on)s.", "Being tried out."),
    ),
    "ideas.deployed": Wording(
        subject="Your idea “%(title)s” is in place",
        opening=("It is done: your idea “%(title)s” is in place.",),
        quote="text",
        closing=(("Thank you for it.",),),
        action=_SEE,
        line=("In place. Thank you!",),
    ),
    "ideas.declined": Wording(
        subject="The answer to your idea “%(title)s”",
        opening=(
            "Your idea “%(title)s” has not been kept: %(reason)s.",
            "Your idea “%(title)s” has not been kept.",
        ),
        quote="text",
        closing=(("It stays visible with this answer, and its page shows what you can still do.",),),
        action=_SEE,
        line=("Not kept: %(reason)s.", "Not kept."),
    ),
}
"""The wording of each kind, up to the answer."""
