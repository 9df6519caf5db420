"""The signed-in person on the wire."""

from app.schemas.shapes import Answer, Named


class GrantSummary(Answer):
    """A role and what it holds for; without function, entity and campaign it holds for all."""

    role: str
    function: Named | None
    entity: Named | None
    campaign: Named | None


class Profile(Answer):
    """Who the reader is, how many notifications are unread, what may be done apart from what each resource lists."""

    id: str
    name: str
    email: str | None
    entity: Named | None
    roles: list[str]
    grants: list[GrantSummary]
    locale: str
    unread: int
    can: list[str]
