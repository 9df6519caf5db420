"""Authorships: asking somebody to write an idea together."""

from enum import StrEnum

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound


class AuthorshipState(StrEnum):
    """Where an invitation to write together stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ENDED = "ended"


class InLine(Forbidden):
    """Somebody from an author's line of management can't become a co-author."""

    code = "authorships.in-line"


class NotInvited(Conflict):
    """There is no open invitation to answer."""

    code = "authorships.not-invited"


class AlreadyThere(Conflict):
    """This person is an author already, or was asked."""

    code = "authorships.already-there"


class UnknownPerson(Invalid):
    """There is no such person to invite."""

    code = "authorships.unknown-person"


class NoSuchAuthor(NotFound):
    """This person neither writes the idea nor was asked to."""

    code = "authorships.no-such-author"


class FirstAuthorStays(Conflict):
    """The person who started an idea stays its author."""

    code = "authorships.first-author-stays"
