"""Events of those who choose to be found."""

from app.domain.happenings import Happening


class InnovatorProfileSet(Happening):
    """A person chose whether innovators' readers find them. Subject: the person; payload: `shown`."""

    kind = "innovators.profile-set"
