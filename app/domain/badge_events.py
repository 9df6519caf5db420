"""Events of badges."""

from app.domain.happenings import Happening


class BadgeAwarded(Happening):
    """Somebody earned a badge. Subject: the award; payload: `badge`, `tier`, `fresh` (earned in the last days)."""

    kind = "badges.awarded"


class BadgeLapsed(Happening):
    """What somebody had earned a badge with was undone. Subject: the former award; payload: `badge`, `tier`."""

    kind = "badges.lapsed"


class BadgeDisplaySet(Happening):
    """A person chose what others see of their badges. Subject: the person; payload: `badges`, `level`."""

    kind = "badges.display-set"
