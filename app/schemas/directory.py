"""The import of employees on the wire."""

from app.schemas.shapes import Answer


class LineNote(Answer):
    """What is said about a line of the file; line 0 is the file as a whole."""

    line: int
    column: str
    code: str
    detail: str


class DirectoryImport(Answer):
    """What an import did, or would do on a dry run; `accepted` is false where bad rows stand against it.

    `ideas_rerouted` counts the open ideas that got another holder; a dry run does not know it.
    """

    dry_run: bool
    accepted: bool
    created: int
    updated: int
    deactivated: int
    reactivated: int
    unchanged: int
    entities: int
    functions: int
    roles_granted: int
    roles_ended: int
    managers_changed: int
    ideas_rerouted: int | None
    bad_rows: list[LineNote]
    warnings: list[LineNote]
