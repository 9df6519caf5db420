"""Events about points: what a contribution is worth, and votes that look arranged."""

from app.domain.happenings import Happening


class PointRuleChanged(Happening):
    """What a contribution is worth was changed for the days to come. Subject: the rule; payload: what, `from`."""

    kind = "point-rules.changed"


class VotesFlagged(Happening):
    """Votes look arranged. Subject: the flag; payload: `kind`, never who voted nor for what."""

    kind = "vote-flags.raised"


class VoteFlagReviewed(Happening):
    """A community manager looked into a flag. Subject: the flag; payload: `state`."""

    kind = "vote-flags.reviewed"
