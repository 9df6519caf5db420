"""Events of votings: rules that are set, votes that are hidden, and what follows at the end."""

from app.domain.happenings import Happening


class SealedVoteCast(Happening):
    """A vote was cast that is not counted before the voting ends. Subject: the vote."""

    kind = "votes.sealed-cast"


class SealedVoteWithdrawn(Happening):
    """A vote was withdrawn before it was counted. Subject: the vote."""

    kind = "votes.sealed-withdrawn"


class VotesOpened(Happening):
    """The votes of an idea were counted at the end of a hidden voting. Subject: the idea."""

    kind = "votes.opened"


class VotingSet(Happening):
    """How the votes of a campaign are counted was set. Subject: the campaign; payload: `tokens`, `hidden`."""

    kind = "votings.set"


class VotingEnded(Happening):
    """The voting of a campaign came to its end. Subject: the campaign; payload: `ideas`, their number."""

    kind = "votings.ended"
