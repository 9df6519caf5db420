"""Events of nudges; none says who got one."""

from app.domain.happenings import Happening


class NudgeDrafted(Happening):
    """A nudge was written. Subject: the nudge."""

    kind = "nudges.drafted"


class NudgeEdited(Happening):
    """A nudge was changed. Subject: the nudge; payload: `version`."""

    kind = "nudges.edited"


class NudgeSent(Happening):
    """A nudge was sent, once. Subject: the nudge."""

    kind = "nudges.sent"


class NudgeCancelled(Happening):
    """A nudge was cancelled, by somebody or by the clock. Subject: the nudge; payload: `why`."""

    kind = "nudges.cancelled"


class NudgeMeasured(Happening):
    """Seven days after a nudge was sent its effect was counted, and who got it was forgotten. Subject: the nudge."""

    kind = "nudges.measured"
