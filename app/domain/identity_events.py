"""Events of opening an identity; none says who wrote the idea."""

from app.domain.happenings import Happening


class OpeningAsked(Happening):
    """Somebody asked to open an identity. Subject: the request; payload: `idea`, `to` (empty: nobody is drawn)."""

    kind = "identity-openings.asked"


class OpeningEnded(Happening):
    """A request to open an identity ended without it. Subject: the request; payload: `idea`, `to`, `state`."""

    kind = "identity-openings.ended"


class IdentityOpened(Happening):
    """Two people were shown who wrote an anonymous idea. Subject: the request; payload: `idea`, `to`."""

    kind = "identity-openings.opened"
