"""How many files and connections this process may have open."""

import resource

OTHERS = 256
"""Files and connections that are not live ones: the database, the log, requests that are answered at once."""


def allow_all() -> None:
    """Raise the soft limit of open files to the hard one: the usual 1,024 are too few for live connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def limit_connections(wanted: int) -> int:
    """Return how many live connections there may be: as many as wanted, if the limit of open files has room."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if soft == resource.RLIM_INFINITY else max(0, min(wanted, soft - OTHERS))
