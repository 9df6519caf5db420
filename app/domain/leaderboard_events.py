"""Events of leaderboards."""

from app.domain.happenings import Happening


class LeaderboardChoiceSet(Happening):
    """A person chose whether they are compared by name. Subject: the person."""

    kind = "leaderboards.choice-set"
