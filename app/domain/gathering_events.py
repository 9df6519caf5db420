"""Events of gatherings: what is announced, who comes and goes, what is captured."""

from app.domain.happenings import Happening


class GatheringAnnounced(Happening):
    """A roadshow, workshop or focus group was announced. Subject: the gathering."""

    kind = "gatherings.announced"


class GatheringChanged(Happening):
    """A gathering was changed. Subject: the gathering; payload: `version`, `moved` (another time or place)."""

    kind = "gatherings.changed"


class GatheringCancelled(Happening):
    """A gathering does not take place. Subject: the gathering."""

    kind = "gatherings.cancelled"


class GatheringSummedUp(Happening):
    """A host said what came of a gathering. Subject: the gathering."""

    kind = "gatherings.summarised"


class GatheringForgotten(Happening):
    """Who signed up and who came is not known any more, only how many. Subject: the gathering; payload: `people`."""

    kind = "gatherings.people-forgotten"


class IdeaCaptured(Happening):
    """A host wrote down an idea of people in the room. Subject: the idea; payload: `gathering`."""

    kind = "gatherings.idea-captured"


class SignUpMade(Happening):
    """Somebody signed up. Subject: the sign-up, in whose row alone it stands who; payload: `gathering`."""

    kind = "sign-ups.made"


class SignUpAdvanced(Happening):
    """Somebody moved up from the waiting list to a place. Subject: the sign-up; payload: `gathering`."""

    kind = "sign-ups.advanced"


class SignUpWithdrawn(Happening):
    """A sign-up was taken back. Subject: the former sign-up; payload: `gathering`."""

    kind = "sign-ups.withdrawn"


class AttendanceNoted(Happening):
    """It was noted that somebody was there. Subject: the attendance; payload: `gathering`."""

    kind = "attendances.noted"


class AttendanceErased(Happening):
    """It was noted by mistake that somebody was there. Subject: the former attendance; payload: `gathering`."""

    kind = "attendances.erased"


class CalendarLinkMade(Happening):
    """A person made a secret link to their own calendar. Subject: the person."""

    kind = "calendar-feeds.made"


class CalendarLinkRevoked(Happening):
    """A person made the secret link to their own calendar useless. Subject: the person."""

    kind = "calendar-feeds.revoked"
