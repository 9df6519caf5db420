"""Roles that a directory file gives: which grants a row asks for."""

from app.domain.directory_records import BadRow, Grant, Wish
from app.domain.roles import Role

_NOBODY: frozenset[Grant] = frozenset()


def find_bad_grants(wish: Wish, held: frozenset[Grant] = _NOBODY) -> BadRow | None:
    """Return what is wrong with the roles of a row: a correspondent needs a function to answer for."""
    if not wish.active or wish.roles is None or Role.CORRESPONDENT not in wish.roles:
        return None
    wanted = ask_grants(wish, held) or frozenset()
    if any(grant.role is Role.CORRESPONDENT for grant in wanted):
        return None
    detail = "A correspondent needs at least one function."
    return BadRow(wish.line, "functions", "directory.correspondent-without-function", detail)


def ask_grants(wish: Wish, held: frozenset[Grant] = _NOBODY) -> frozenset[Grant] | None:
    """Return the grants that the directory is to own for a person who has `held` of it; None for no change.

    The file is the truth for the columns that it has. Functions make a correspondent, whether or not the
    roles say so. Without the column of functions a correspondent keeps those of before; without the column
    of roles all other grants stay. Whoever leaves has no role, whatever the row says.
    """
    if not wish.active:
        return _NOBODY
    if wish.roles is None and wish.functions is None:
        return None
    corresponding = frozenset(grant for grant in held if grant.role is Role.CORRESPONDENT)
    others = held - corresponding
    if wish.roles is not None:
        others = frozenset(Grant(role) for role in wish.roles if role is not Role.CORRESPONDENT)
    if wish.functions is not None:
        corresponding = frozenset(Grant(Role.CORRESPONDENT, function) for function in wish.functions)
    elif wish.roles is not None and Role.CORRESPONDENT not in wish.roles:
        corresponding = _NOBODY
    return others | corresponding
