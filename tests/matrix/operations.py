"""A row for each operation of the published API: who may call it; nothing of the application is imported here."""

from dataclasses import dataclass
from enum import StrEnum

from tests.matrix.policy import ACTS, CORRESPONDENTS, ROLES, SPONSORS


class Kind(StrEnum):
    """What decides on a call."""

    PUBLIC = "stands before sign-in"
    SIGNED_IN = "whoever is signed in"
    OWN = "one's own things: somebody else's are unknown"
    ROLE = "some roles"
    IDEA = "how one stands to the idea: see the acts"


@dataclass(frozen=True)
class Row:
    """Who may call an operation; `roles` only where roles decide."""

    kind: Kind
    roles: frozenset[str] = frozenset()


def _roles(*names: str) -> Row:
    assert set(names) <= set(ROLES)
    return Row(Kind.ROLE, frozenset(names))


_PUBLIC, _SIGNED_IN, _OWN = Row(Kind.PUBLIC), Row(Kind.SIGNED_IN), Row(Kind.OWN)
_ADMIN = _roles("admin")
_REGISTER = _roles("works council", "admin")
_FIGURES = _roles("hr", "innovation manager")
_RULES = _roles("innovation manager", "works council", "admin")
_HOLDERS = _roles(*CORRESPONDENTS, *SPONSORS, "innovation manager", "admin")

OPERATIONS: dict[str, Row] = {act.operation: Row(Kind.IDEA) for act in ACTS} | {
    "live": _PUBLIC,
    "ready": _PUBLIC,
    "sign_in": _PUBLIC,
    "refresh": _PUBLIC,
    "set_password": _PUBLIC,
    "list_ideas": _SIGNED_IN,
    "list_similar": _SIGNED_IN,
    "submit_idea": _SIGNED_IN,
    "list_criteria": _SIGNED_IN,
    "list_entities": _SIGNED_IN,
    "list_functions": _SIGNED_IN,
    "list_themes": _SIGNED_IN,
    "list_campaigns": _SIGNED_IN,
    "list_decline_reasons": _SIGNED_IN,
    "list_employees": _SIGNED_IN,
    "read_employee": _SIGNED_IN,
    "read_points": _OWN,
    "show_me": _OWN,
    "change_password": _OWN,
    "list_sessions": _OWN,
    "revoke_session": _OWN,
    "sign_out": _OWN,
    "sign_out_everywhere": _OWN,
    "list_reviews": _HOLDERS,
    "list_roles": _REGISTER,
    "grant_role": _ADMIN,
    "end_role": _ADMIN,
    "deactivate_employee": _ADMIN,
    "reactivate_employee": _ADMIN,
    "issue_link": _ADMIN,
    "import_directory": _ADMIN,
    "list_routing_rules": _RULES,
    "add_routing_rule": _roles("innovation manager"),
    "delete_routing_rule": _roles("innovation manager"),
    "show_participation": _FIGURES,
    "show_pipeline": _FIGURES,
}

PERMISSIONS: dict[str, Row] = {
    "directory.import": _ADMIN,
    "directory.read": _ADMIN,
    "employees.deactivate": _ADMIN,
    "employees.invite": _ADMIN,
    "roles.grant": _ADMIN,
    "roles.read": _REGISTER,
    "routing-rules.read": _RULES,
    "routing-rules.write": _roles("innovation manager"),
    "reviews.read": _HOLDERS,
    "scorecards.fill": _roles(*CORRESPONDENTS, *SPONSORS, "innovation manager", "idea developer"),
    "pipeline.decide": _roles(*SPONSORS, "innovation manager"),
    "statistics.read": _FIGURES,
    "exports.read": _roles("hr"),
}
"""What roles are asked for before the rules of each noun."""
