"""What the audience of a campaign is told of its way."""

from app.integrations.letters.shapes import Wording

_SEE = "See the campaign"

WORDINGS = {
    "campaigns.opened": Wording(
        subject="A campaign has begun: “%(title)s”",
        opening=("The campaign “%(title)s” has begun and takes your ideas.",),
        closing=(("It takes ideas until %(due_on)s.",),),
        action=_SEE,
        line=("Takes your ideas until %(due_on)s.", "Takes your ideas."),
    ),
    "campaigns.voting": Wording(
        subject="You can vote in the campaign “%(title)s”",
        opening=("The ideas of the campaign “%(title)s” wait for your votes.",),
        closing=(("You can vote until %(due_on)s.",),),
        action=_SEE,
        line=("You can vote until %(due_on)s.", "You can vote."),
    ),
    "campaigns.ending": Wording(
        subject="Last chance in the campaign “%(title)s”",
        opening=(
            "You can take part in this phase of the campaign “%(title)s” until %(due_on)s.",
            "You can take part in this phase of the campaign “%(title)s” for one more day.",
        ),
        action=_SEE,
        line=("You can take part until %(due_on)s.", "You can take part for one more day."),
    ),
    "campaigns.reported": Wording(
        subject="What came of the campaign “%(title)s”",
        opening=("The campaign “%(title)s” has a report: what was learnt, and which ideas go on.",),
        action="Read the report",
        line=("Its report says what was learnt, and which ideas go on.",),
    ),
}
"""The wording of each kind."""
