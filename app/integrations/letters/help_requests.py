"""What the two of a request for help are told; whoever may not read a draft does not read its title."""

from app.integrations.letters.shapes import Plural, Wording

WORDINGS = {
    "help.asked": Wording(
        subject="A request for help with “%(title)s”",
        untitled="Somebody asks for your help",
        opening=(
            "%(person)s asks for your help with an idea.",
            "The author of an idea asks for your help.",
        ),
        closing=(
            ("You can accept or pass; without an answer within two working days, somebody else is asked.",),
        ),
        action="Read the request",
        line=("%(person)s asks for your help.", "The author asks for your help."),
    ),
    "help.answered": Wording(
        subject="Your request for help with “%(title)s” is answered",
        untitled="Your request for help is answered",
        opening=(
            "%(person)s helps you with your idea “%(title)s”.",
            "There is news of your request for help with an idea: its page says where it stands.",
        ),
        action="See the request",
        line=("%(person)s helps you.", "There is news of your request for help."),
    ),
    "help.message": Wording(
        subject="A message about help with “%(title)s”",
        untitled="A message about help with an idea",
        opening=(
            "%(person)s has written to you about help with an idea.",
            "You have a message about help with an idea.",
        ),
        action="Read the message",
        line=("%(person)s has written to you.", "A new message."),
        several=Plural("%(count)s new message.", "%(count)s new messages.", "count"),
    ),
    "help.thanked": Wording(
        subject="Thank you for your help with “%(title)s”",
        untitled="Thank you for your help",
        opening=(
            "%(person)s thanks you for your help with an idea.",
            "The author of an idea thanks you for your help.",
        ),
        action="See the request",
        line=("%(person)s thanks you for your help.", "You are thanked for your help."),
    ),
}
"""The wording of each kind."""
