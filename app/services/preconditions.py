"""Lost updates: a change names the version that it was made on."""

from app.domain.errors import PreconditionFailed, PreconditionRequired

ANY = -1
"""What `If-Match: *` stands for: whatever version there is."""


def check(given: int | None, current: int) -> None:
    """Let pass a change of the present version.

    Raises: PreconditionRequired without a version, PreconditionFailed with an older one (RFC 9110, 13.1.1;
    RFC 6585, 3).
    """
    if given is None:
        raise PreconditionRequired
    if given not in (ANY, current):
        raise PreconditionFailed
