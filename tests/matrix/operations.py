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
_CALENDARS = _roles("innovation manager", "admin")
_CAMPAIGNS = _roles("community manager", "innovation manager")
_WEBHOOKS = _roles("innovation manager", "admin")
_GATHERINGS = _roles("community manager", "innovation manager")
_HOSTED = _roles()
"""For the hosts of a gathering, whatever their roles: nobody of the matrix is one."""

_MANAGERS = _roles("community manager", "innovation manager")
_PRIZES = _roles("community manager", "innovation manager")
_NEWS = _roles("community manager")
_HOLDERS = _roles(*CORRESPONDENTS, *SPONSORS, "innovation manager", "admin")

OPERATIONS: dict[str, Row] = {act.operation: Row(Kind.IDEA) for act in ACTS} | {
    "live": _PUBLIC,
    "ready": _PUBLIC,
    "sign_in": _PUBLIC,
    "refresh": _PUBLIC,
    "set_password": _PUBLIC,
    "show_unsubscription": _PUBLIC,
    "unsubscribe": _PUBLIC,
    "list_ideas": _SIGNED_IN,
    "list_similar": _SIGNED_IN,
    "submit_idea": _SIGNED_IN,
    "list_criteria": _SIGNED_IN,
    "list_entities": _SIGNED_IN,
    "list_functions": _SIGNED_IN,
    "list_themes": _SIGNED_IN,
    "list_campaigns": _SIGNED_IN,
    "read_voting": _SIGNED_IN,
    "set_voting": _MANAGERS,
    "list_decline_reasons": _SIGNED_IN,
    "list_employees": _SIGNED_IN,
    "read_employee": _SIGNED_IN,
    "read_points": _OWN,
    "list_point_rules": _SIGNED_IN,
    "set_point_rule": _roles("innovation manager"),
    "preview_point_rule": _roles("innovation manager"),
    "list_vote_flags": _roles("community manager"),
    "read_vote_flag": _roles("community manager"),
    "review_vote_flag": _roles("community manager"),
    "list_follows": _OWN,
    "read_feed": _OWN,
    "read_employee_follow": _SIGNED_IN,
    "follow_employee": _SIGNED_IN,
    "unfollow_employee": _SIGNED_IN,
    "read_function_follow": _SIGNED_IN,
    "follow_function": _SIGNED_IN,
    "unfollow_function": _SIGNED_IN,
    "read_campaign_follow": _SIGNED_IN,
    "follow_campaign": _SIGNED_IN,
    "unfollow_campaign": _SIGNED_IN,
    "list_news": _SIGNED_IN,
    "read_news": _SIGNED_IN,
    "write_news": _NEWS,
    "edit_news": _NEWS,
    "publish_news": _NEWS,
    "withdraw_news": _NEWS,
    "listen": _OWN,
    "show_me": _OWN,
    "change_password": _OWN,
    "list_notifications": _OWN,
    "read_notifications": _OWN,
    "read_notification": _OWN,
    "show_preferences": _OWN,
    "choose_preferences": _OWN,
    "show_message_settings": _OWN,
    "set_message_settings": _OWN,
    "list_push_subscriptions": _OWN,
    "subscribe_browser": _OWN,
    "unsubscribe_browser": _OWN,
    "list_chat_addresses": _OWN,
    "set_chat_address": _OWN,
    "forget_chat_address": _OWN,
    "list_sessions": _OWN,
    "revoke_session": _OWN,
    "sign_out": _OWN,
    "sign_out_everywhere": _OWN,
    "list_reviews": _HOLDERS,
    "ask_for_identity": _roles("community manager", "admin"),
    "list_identity_openings": _OWN,
    "read_identity_opening": _OWN,
    "approve_identity_opening": _OWN,
    "refuse_identity_opening": _OWN,
    "withdraw_identity_opening": _OWN,
    "list_register": _REGISTER,
    "verify_register": _REGISTER,
    "export_register": _REGISTER,
    "show_register": _REGISTER,
    "list_roles": _REGISTER,
    "grant_role": _ADMIN,
    "end_role": _ADMIN,
    "deactivate_employee": _ADMIN,
    "erase_employee": _ADMIN,
    "list_erasure_wishes": _ADMIN,
    "read_erasure_wish": _OWN,
    "wish_erasure": _OWN,
    "unwish_erasure": _OWN,
    "read_own_data": _OWN,
    "read_own_page": _OWN,
    "list_corrections": _OWN,
    "ask_correction": _OWN,
    "settle_correction": _OWN,
    "reactivate_employee": _ADMIN,
    "issue_link": _ADMIN,
    "import_directory": _ADMIN,
    "show_skills": _OWN,
    "set_skills": _OWN,
    "list_help_requests": _OWN,
    "read_help_request": _OWN,
    "answer_help_request": _OWN,
    "withdraw_help_request": _OWN,
    "list_help_messages": _OWN,
    "write_help_message": _OWN,
    "end_coaching": _OWN,
    "thank_helper": _OWN,
    "credit_comment": _OWN,
    "take_credit_back": _OWN,
    "show_absence": _OWN,
    "set_absence": _OWN,
    "delete_absence": _OWN,
    "list_clock_policies": _SIGNED_IN,
    "read_clock_policy": _SIGNED_IN,
    "set_clock_policy": _roles("innovation manager"),
    "set_capacity": _roles("innovation manager"),
    "list_queues": _roles("innovation manager"),
    "list_calendars": _SIGNED_IN,
    "add_calendar": _CALENDARS,
    "rename_calendar": _CALENDARS,
    "delete_calendar": _CALENDARS,
    "add_closure": _CALENDARS,
    "delete_closure": _CALENDARS,
    "set_entity_calendar": _CALENDARS,
    "read_campaign": _SIGNED_IN,
    "plan_campaign": _CAMPAIGNS,
    "edit_campaign": _CAMPAIGNS,
    "announce_campaign": _CAMPAIGNS,
    "set_correspondents": _CAMPAIGNS,
    "write_report": _roles("community manager", "innovation manager", "sponsor of the campaign"),
    "close_campaign": _CAMPAIGNS,
    "list_routing_rules": _RULES,
    "add_routing_rule": _roles("innovation manager"),
    "delete_routing_rule": _roles("innovation manager"),
    "list_badges": _SIGNED_IN,
    "show_badge_icon": _PUBLIC,
    "read_own_badges": _OWN,
    "choose_badge_display": _OWN,
    "show_badges": _SIGNED_IN,
    "read_own_segment": _OWN,
    "read_leaderboard": _SIGNED_IN,
    "show_leaderboard_choice": _OWN,
    "choose_leaderboard": _OWN,
    "choose_segment": _OWN,
    "count_segments": _roles("community manager", "innovation manager", "hr"),
    "list_segment_thresholds": _SIGNED_IN,
    "set_segment_threshold": _roles("community manager", "innovation manager"),
    "show_participation": _FIGURES,
    "show_pipeline": _FIGURES,
    "list_prizes": _SIGNED_IN,
    "read_prize": _SIGNED_IN,
    "add_prize": _PRIZES,
    "edit_prize": _PRIZES,
    "claim_prize": _SIGNED_IN,
    "propose_award": _PRIZES,
    "list_public_awards": _SIGNED_IN,
    "list_own_prizes": _OWN,
    "list_awards": _OWN,
    "read_award": _PRIZES,
    "approve_award": _PRIZES,
    "refuse_award": _PRIZES,
    "withdraw_award": _OWN,
    "choose_consent": _OWN,
    "confirm_receipt": _OWN,
    "list_webhooks": _WEBHOOKS,
    "add_webhook": _WEBHOOKS,
    "read_webhook": _OWN,
    "edit_webhook": _OWN,
    "delete_webhook": _OWN,
    "rotate_secret": _OWN,
    "test_webhook": _OWN,
    "list_deliveries": _OWN,
    "replay_delivery": _OWN,
    "list_gatherings": _SIGNED_IN,
    "announce_gathering": _GATHERINGS,
    "read_gathering": _SIGNED_IN,
    "change_gathering": _GATHERINGS,
    "cancel_gathering": _GATHERINGS,
    "sum_up_gathering": _HOSTED,
    "read_gathering_calendar": _SIGNED_IN,
    "sign_up": _SIGNED_IN,
    "leave_gathering": _SIGNED_IN,
    "list_sign_ups": _HOSTED,
    "show_room_code": _HOSTED,
    "attend_gathering": _SIGNED_IN,
    "list_attendances": _HOSTED,
    "note_attendance": _HOSTED,
    "erase_attendance": _HOSTED,
    "capture_idea": _HOSTED,
    "show_calendar_link": _OWN,
    "make_calendar_link": _OWN,
    "revoke_calendar_link": _OWN,
    "read_calendar_feed": _PUBLIC,
}

PERMISSIONS: dict[str, Row] = {
    "directory.import": _ADMIN,
    "directory.read": _ADMIN,
    "employees.deactivate": _ADMIN,
    "employees.invite": _ADMIN,
    "roles.grant": _ADMIN,
    "identities.ask": _roles("community manager", "admin"),
    "register.read": _REGISTER,
    "roles.read": _REGISTER,
    "routing-rules.read": _RULES,
    "routing-rules.write": _roles("innovation manager"),
    "calendars.write": _CALENDARS,
    "campaigns.write": _CAMPAIGNS,
    "clock.write": _roles("innovation manager"),
    "queues.read": _roles("innovation manager"),
    "reviews.read": _HOLDERS,
    "scorecards.fill": _roles(*CORRESPONDENTS, *SPONSORS, "innovation manager", "idea developer"),
    "point-rules.write": _roles("innovation manager"),
    "vote-flags.review": _roles("community manager"),
    "pipeline.decide": _roles(*SPONSORS, "innovation manager"),
    "prizes.give": _PRIZES,
    "prizes.write": _PRIZES,
    "statistics.read": _FIGURES,
    "exports.read": _roles("hr"),
    "segments.read": _roles("community manager", "innovation manager", "hr"),
    "segments.write": _roles("community manager", "innovation manager"),
    "votings.write": _MANAGERS,
    "webhooks.write": _WEBHOOKS,
    "gatherings.write": _GATHERINGS,
    "news.write": _NEWS,
}
"""What roles are asked for before the rules of each noun."""
