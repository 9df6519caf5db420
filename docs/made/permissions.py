"""The page of the permissions."""

from app.domain.permissions import ROLE_PERMISSIONS, Permission
from docs.made.markdown import write_page, write_table

_TEXT = """
What everybody may do needs no permission: read, search, vote, comment, submit. Elsewhere a permission is
the first question only; its scope (function, entity, campaign), the hands that hold the idea and the rule
on conflicts come after it. Roles add up on one account.
"""


def write() -> str:
    """Return the table of roles and permissions."""
    rows = [
        (f"`{permission}`", *("yes" if permission in held else "" for held in ROLE_PERMISSIONS.values()))
        for permission in Permission
    ]
    head = ("permission", *(role.value.replace("_", " ") for role in ROLE_PERMISSIONS))
    return write_page("Permissions", _TEXT, write_table(head, rows))
