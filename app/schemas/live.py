"""Wire shapes of what live connections are told: identifiers and numbers, never texts."""

from app.schemas.shapes import Answer


class IdeaChanged(Answer):
    """Where an idea in view stands now."""

    idea: str
    votes: int
    votes_hidden: bool
    comments: int
    stage: str


class NotificationArrived(Answer):
    """A notification came in; `idea` is null where its subject is none."""

    id: str
    kind: str
    idea: str | None
    subject_kind: str
    subject: str


class Hint(Answer):
    """Something changed that is worth asking for again."""
