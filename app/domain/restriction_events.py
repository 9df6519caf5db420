"""Events of restricted ideas: none says what kind, what was written, or which author it was."""

from app.domain.happenings import Happening


class IdeaRestricted(Happening):
    """An idea was restricted. Subject: the idea; payload: `restriction`, `by_author`."""

    kind = "restrictions.put"


class RestrictionAssigned(Happening):
    """A restricted idea came to a reader. Subject: the idea; payload: `restriction`, `to`."""

    kind = "restrictions.assigned"


class RestrictionReminded(Happening):
    """A reader was reminded, or somebody hears that nobody answers. Subject: the idea; payload: `restriction`, `to`."""

    kind = "restrictions.reminded"


class RestrictionLate(Happening):
    """Nobody of the lane answered in time. Subject: the idea; payload: `restriction`."""

    kind = "restrictions.late"


class RestrictionAnswered(Happening):
    """A reader or an author answered. Subject: the idea; payload: `restriction`, `state`, `to`."""

    kind = "restrictions.answered"


class RestrictionLifted(Happening):
    """An idea is no longer restricted. Subject: the idea; payload: `restriction`."""

    kind = "restrictions.lifted"


class LaneSet(Happening):
    """An admin set who reads a lane and where else people turn. Subject: the kind; payload: `readers` (how many)."""

    kind = "restriction-lanes.set"
