"""Ideas captured in the room: written down by a host for people who are there; nobody becomes an author unasked."""

from collections.abc import Collection, Sequence

from app.domain.errors import Conflict, Forbidden, Invalid

MOST_AUTHORS = 10
"""Names on one idea: who was in a small group."""


class NotThere(Invalid):
    """An author is somebody who came to the gathering, or has a place in it."""

    code = "captures.not-there"


class NotInTheRoom(Invalid):
    """Only somebody who came can have agreed in the room; others are asked."""

    code = "captures.not-in-the-room"


class HostIsNoAuthor(Invalid):
    """Whoever writes an idea down for others is none of its authors."""

    code = "captures.host-is-no-author"


class NamedTwice(Invalid):
    """This person is named already."""

    code = "captures.named-twice"


class WordOfLine(Forbidden):
    """Somebody from an author's line can't say that they agreed: leave it out, and they are asked."""

    code = "captures.word-of-line"


class NotAnonymous(Conflict):
    """An idea that was written down in a room can't become anonymous: those who were there know its authors."""

    code = "captures.not-anonymous"


def check_authors(
    authors: Sequence[str],
    agreed: Sequence[str],
    *,
    host: str,
    attending: Collection[str],
    seated: Collection[str],
) -> None:
    """Let pass authors who were there, of whom those who agreed in the room had come.

    Raises: HostIsNoAuthor, NamedTwice, NotThere, NotInTheRoom.
    """
    for place, person in enumerate(authors):
        if person == host:
            raise HostIsNoAuthor.at(f"/authors/{place}")
        if person in authors[:place]:
            raise NamedTwice.at(f"/authors/{place}")
        if person not in attending and person not in seated:
            raise NotThere.at(f"/authors/{place}")
    for place, person in enumerate(agreed):
        if person in agreed[:place]:
            raise NamedTwice.at(f"/agreed/{place}")
        if person not in authors or person not in attending:
            raise NotInTheRoom.at(f"/agreed/{place}")
