"""Corrections: what stands against answering a request."""

from app.domain.errors import Conflict, NotFound


class NoSuchCorrection(NotFound):
    """There is no such request for a correction, or none that you may know of."""

    code = "corrections.unknown"


class OwnCorrection(Conflict):
    """Nobody answers their own request: ask another admin."""

    code = "corrections.own"


class AlreadySettled(Conflict):
    """This request was answered already."""

    code = "corrections.already-settled"
