"""Absences: days on which somebody is passed over when ideas find their holders."""

from datetime import date

from app.domain.errors import Invalid

LONGEST_DAYS = 1096
"""Three years; whoever is away for longer has left the role to somebody else."""


class AbsenceNotRight(Invalid):
    """An absence ends on or after its first day and is not over yet; it lasts three years at most."""

    code = "absences.not-right"


def check_absence(first: date, last: date, today: date) -> None:
    """Let pass days that are, at least in part, still to come.

    Raises: AbsenceNotRight.
    """
    if last < first or last < today or (last - max(first, today)).days >= LONGEST_DAYS:
        raise AbsenceNotRight.at("/until")
