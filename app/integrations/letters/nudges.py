"""What people are told by community managers, a group at a time."""

from app.integrations.letters.shapes import Wording

WORDINGS = {
    "nudges.sent": Wording(
        subject="%(title)s",
        opening=("Your community managers write to you: “%(title)s”.",),
        quote="text",
        closing=(("You can say that no such messages are to reach you: in your segment.",),),
        action="Read on",
        line=("Your community managers write to you.",),
    ),
}
"""The wording of each kind."""
