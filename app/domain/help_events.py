"""Events of helping and crediting."""

from app.domain.happenings import Happening


class CommentCredited(Happening):
    """An author said that a comment changed the idea. Subject: the comment; payload: `idea`."""

    kind = "comments.credited"


class CreditTaken(Happening):
    """An author took back that a comment changed the idea. Subject: the comment; payload: `idea`."""

    kind = "comments.uncredited"


class SkillsSet(Happening):
    """A person said what they can help with. Subject: the person."""

    kind = "skills.set"


class HelpAsked(Happening):
    """A request for help was put to somebody. Subject: the request; payload: `idea`, `to`."""

    kind = "help.asked"


class HelpAnswered(Happening):
    """Who was asked for help accepted, or passed. Subject: the request; payload: `idea`, `accept`."""

    kind = "help.answered"


class HelpUnmatched(Happening):
    """Nobody is left whom a request for help could be put to. Subject: the request; payload: `idea`."""

    kind = "help.unmatched"


class HelpWithdrawn(Happening):
    """A request for help was withdrawn before anybody helped. Subject: the request; payload: `idea`."""

    kind = "help.withdrawn"


class CoachingWritten(Happening):
    """One of the two wrote in a coaching. Subject: the request; payload: `idea`, `by` (`asker` or `helper`)."""

    kind = "help.written"


class CoachingEnded(Happening):
    """A coaching ended. Subject: the request; payload: `idea`."""

    kind = "help.ended"


class HelpThanked(Happening):
    """An author thanked for help. Subject: the request; payload: `idea`."""

    kind = "help.thanked"
