"""The register for the works council on the wire."""

from typing import Any, Literal

from app.schemas.shapes import Answer, Named, Time

RegisterKind = Literal[
    "exports",
    "rules",
    "roles",
    "access",
    "moderation",
    "identities",
    "conflicts",
    "imports",
    "retention",
    "erasures",
]
"""`domain.register.Kind` on the wire."""


class RegisterEntry(Answer):
    """An entry; `actor` and `about` are null where nobody is meant or who it was is erased, `text` likewise.

    `facts` are identifiers and numbers: of a change what differs stands in `before` and `after`, and `texts` says which
    texts are others. `names` has the names of functions, units, themes, campaigns, prizes, calendars and gatherings
    among them. Under `actor_ref` and `about_ref` people stand in what `hash` covers.
    """

    position: int
    at: Time
    kind: RegisterKind
    act: str
    actor: Named | None
    about: Named | None
    subject: str
    facts: dict[str, Any]
    names: dict[str, str]
    text: str | None
    actor_ref: str | None
    about_ref: str | None
    hash: str


class RegisterVerification(Answer):
    """Whether the chain of the register holds; `broken_at` is the first position that does not fit, null without one.

    `anchored` says whether it still has what was anchored last.
    """

    valid: bool
    rows: int
    head: str
    broken_at: int | None
    anchored: bool
