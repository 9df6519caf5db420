"""Reasons for declining: a code from the catalogue and a text, both shown to the author."""

from enum import StrEnum

MIN_TEXT = 20
"""Least length of the text that explains a decline, in characters."""


class Reason(StrEnum):
    """Why an idea was declined."""

    ALREADY_EXISTS = "already_exists"
    DUPLICATE = "duplicate"
    LEGAL = "legal"
    COST = "cost"
    NOT_FEASIBLE = "not_feasible"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_NOW = "not_now"
    OTHER = "other"
