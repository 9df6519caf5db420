"""One-time links: an invitation to set a first password, or the reset of a forgotten one."""

from datetime import timedelta
from enum import StrEnum

from app.domain.errors import Conflict, Invalid


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


LIFETIMES = {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}
"""How long a link can be used."""


class LinkNotValid(Invalid):
    """This link can't be used: it was used already, a newer one was made, or its time is over."""

    code = "links.not-valid"


class AccountClosed(Conflict):
    """Nobody can sign in to this account, so that there is no link for it."""

    code = "links.account-closed"


class AlreadyJoined(Conflict):
    """This person has a password already: make a reset link."""

    code = "links.already-joined"


def choose_purpose(*, has_password: bool) -> Purpose:
    """Return what a link is for when nobody said so."""
    return Purpose.RESET if has_password else Purpose.INVITATION


def check_purpose(purpose: Purpose, *, has_password: bool) -> None:
    """Let pass a purpose that fits: an invitation lives too long to be a way past a password.

    Raises: AlreadyJoined.
    """
    if purpose is Purpose.INVITATION and has_password:
        raise AlreadyJoined
