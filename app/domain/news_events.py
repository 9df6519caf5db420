"""Events of news, and of following: that somebody began or ended to follow something, and never what."""

from app.domain.happenings import Happening


class NewsDrafted(Happening):
    """A news post was written. Subject: the post."""

    kind = "news.drafted"


class NewsEdited(Happening):
    """A news post was changed. Subject: the post; payload: `version`."""

    kind = "news.edited"


class NewsPublished(Happening):
    """A news post was published, told once. Subject: the post."""

    kind = "news.published"


class NewsWithdrawn(Happening):
    """A news post was withdrawn. Subject: the post."""

    kind = "news.withdrawn"


class FollowBegun(Happening):
    """Somebody began to follow something. Subject: the follower; payload: `what` (`idea`, `employee` …), not which."""

    kind = "follows.begun"


class FollowEnded(Happening):
    """Somebody follows something no more. Subject: the follower; payload: `what` (`idea`, `employee` …), not which."""

    kind = "follows.ended"
