"""Events about people's rights: their data, erasure, moderation. Nothing says who was erased, or who reported."""

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


class ContentReported(Happening):
    """Somebody reported something. Subject: the case."""

    kind = "moderation.reported"


class CaseOpened(Happening):
    """A case came to a moderator. Subject: the case; payload: `content`, `by` (`reports`, `words`)."""

    kind = "moderation.opened"


class HidingAppealed(Happening):
    """The author of something hidden appealed. Subject: the case."""

    kind = "moderation.appealed"


class ContentCleared(Happening):
    """A moderator found nothing wrong. Subject: the case."""

    kind = "moderation.cleared"


class IdeaHidden(Happening):
    """A moderator hid an idea, or stood by that on appeal. Subject: the idea; payload: `case`, `upheld`."""

    kind = "ideas.hidden"


class IdeaRestored(Happening):
    """A hidden idea is shown again. Subject: the idea; payload: `case`."""

    kind = "ideas.restored"


class CommentHidden(Happening):
    """A moderator hid a comment, or stood by that on appeal. Subject: the comment; payload: `case`, `upheld`."""

    kind = "comments.hidden"


class CommentRestored(Happening):
    """A hidden comment is shown again. Subject: the comment; payload: `case`."""

    kind = "comments.restored"


class WordsChanged(Happening):
    """The words that bring content to a moderator were changed. Subject: the language; payload: `words` (how many)."""

    kind = "moderation.words-changed"
