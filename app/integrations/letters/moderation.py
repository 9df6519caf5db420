"""What people are told when a moderator hid something that they wrote."""

from app.integrations.letters.shapes import Wording

WORDINGS = {
    "moderation.hidden": Wording(
        subject="Something that you wrote was hidden",
        opening=("A moderator has hidden something that you wrote in the idea box.",),
        closing=(
            ("You can read the reason there.",),
            ("If you think that this is wrong, you can appeal once: another moderator will look at it.",),
        ),
        action="Read the reason",
        line=("A moderator has hidden something that you wrote.",),
    ),
    "moderation.upheld": Wording(
        subject="Your appeal was heard",
        opening=("Another moderator has looked at what you wrote: it stays hidden.",),
        closing=(("You can read the reason there.",),),
        action="Read the reason",
        line=("Your appeal was heard: it stays hidden.",),
    ),
    "moderation.restored": Wording(
        subject="What you wrote is shown again",
        opening=("A moderator has restored what you wrote: everybody can read it again.",),
        action="See the idea",
        line=("What you wrote is shown again.",),
    ),
}
"""The wording of each kind."""
