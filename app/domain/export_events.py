"""Events about exports: data leaves the application as a file."""

from app.domain.happenings import Happening


class ExportOrdered(Happening):
    """A file was asked for. Subject: the export; payload: `what`, `format`, `filters`, `streamed`."""

    kind = "exports.ordered"


class ExportMade(Happening):
    """A file was made, or cut, or failed. Subject: the export; payload: as ordered, `state`, `rows`, `checksum`."""

    kind = "exports.made"
