"""Events about the rights of people over their data."""

from app.domain.happenings import Happening


class PersonErased(Happening):
    """Somebody was erased. Subject: the erasure, which does not say who."""

    kind = "people.erased"


class ContentRemoved(Happening):
    """The content of an idea was removed, as its author wished. Subject: the idea."""

    kind = "ideas.content-removed"


class ErasureWished(Happening):
    """A person asked to be erased, or took it back. Subject: the person; payload: `asked`."""

    kind = "erasure-wishes.changed"


class CorrectionAsked(Happening):
    """A person said what is wrong about them. Subject: the request."""

    kind = "corrections.asked"


class CorrectionSettled(Happening):
    """An admin answered a request for a correction. Subject: the request."""

    kind = "corrections.settled"
