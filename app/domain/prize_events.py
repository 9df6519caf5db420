"""What happens to prizes, to claims of them and to awards."""

from app.domain.happenings import Happening


class PrizeAdded(Happening):
    """A prize was put into the catalogue. Subject: the prize."""

    kind = "prizes.added"


class PrizeEdited(Happening):
    """A prize was changed. Subject: the prize; payload: `version`, `ceremony` (its time or place is new)."""

    kind = "prizes.edited"


class PrizeClaimed(Happening):
    """Somebody asked for a prize with points. Subject: the award; payload: `prize`."""

    kind = "prizes.claimed"


class PrizeProposed(Happening):
    """A jury proposed to give a prize. Subject: the award; payload: `prize`."""

    kind = "prizes.proposed"


class PrizeAgreed(Happening):
    """A first person said yes to an award. Subject: the award; payload: `prize`."""

    kind = "prizes.agreed"


class PrizePanelDrawn(Happening):
    """Somebody was drawn to decide what an anonymous idea wins. Subject: the award."""

    kind = "prizes.panel-drawn"


class PrizeGranted(Happening):
    """A second person said yes, and a prize was given. Subject: the award; payload: `prize`."""

    kind = "prizes.granted"


class PrizeRefused(Happening):
    """An award was refused, by a person or because its recipient left. Subject: the award; payload: `prize`."""

    kind = "prizes.refused"


class PrizeWithdrawn(Happening):
    """A claim or a proposal was taken back. Subject: the award; payload: `prize`."""

    kind = "prizes.withdrawn"


class PrizeConsentSet(Happening):
    """A recipient chose whether to be named. Subject: the award; payload: `prize`, `shown`."""

    kind = "prizes.consent-set"


class PrizeReceived(Happening):
    """A recipient confirmed the receipt of a prize. Subject: the award; payload: `prize`."""

    kind = "prizes.received"
