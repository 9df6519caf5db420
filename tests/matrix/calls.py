"""The requests of operations that are not about an idea, and what they answer to whom they are for."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.core import clock, ids
from app.domain.roles import Role
from app.models.badges import BadgeDisplay
from app.models.exports import ExportRecord
from app.services import departures
from tests.matrix import stage
from tests.matrix.house import House
from tests.matrix.requests import UNKNOWN
from tests.support import challenges, world

OK, MADE, EMPTY = 200, 201, 204
_CSV = b"external_id,email,name,entity,manager_external_id\nX1,x1@company.example,X One,Company/Sales,\n"


@dataclass(frozen=True)
class Call:
    """A request: its parts, and the statuses for those whose it is and for all others."""

    allowed: int = OK
    refused: int = 403
    places: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)


async def write(operation: str, house: House) -> Call:
    """Return the request of an operation, with somebody or something fresh where it can succeed once only."""
    if operation in _PLAIN:
        return _PLAIN[operation]
    call: Call = await _WRITERS[operation](house)
    return call


async def _hire(house: House, *, active: bool = True) -> dict[str, str]:
    async with house.database.writer() as session:
        person = await world.make_employee(session)
        if not active:
            await departures.leave(session, [person.id], actor_id=None, now=world.START)
        return {"employee_id": person.id}


async def _to_who_shows_badges(house: House) -> Call:
    places = await _hire(house)
    async with house.database.writer() as session:
        shown = {"badges": True, "level": True}
        session.add(BadgeDisplay(employee_id=places["employee_id"], since=world.START, **shown))
    return Call(places=places)


async def _to_person(house: House) -> Call:
    return Call(places=await _hire(house))


async def _order_export(house: House) -> Call:
    """Nobody has as many under way as they may have: those of earlier calls are over."""
    async with house.database.writer() as session:
        await session.execute(update(ExportRecord).values(state="failed"))
    return Call(MADE, sent={"json": {"what": "ideas", "format": "csv", "reason": "to look"}})


async def _submit(house: House) -> Call:
    theme = house.company.cast.themes["brand"]
    return Call(MADE, sent={"json": {"title": "An idea", "problem": "p", "solution": "s", "theme": theme}})


async def _subscribe(_house: House) -> Call:
    keys = {"p256dh": "B" * 87, "auth": "c" * 22}
    return Call(MADE, sent={"json": {"endpoint": f"https://push.example/{ids.new()}", "keys": keys}})


async def _deactivate(house: House) -> Call:
    return Call(MADE, places=await _hire(house))


async def _reactivate(house: House) -> Call:
    """Who left is known to admins only."""
    return Call(MADE, 404, places=await _hire(house, active=False))


async def _report_idea(house: House) -> Call:
    async with house.database.writer() as session:
        idea = await stage.put_elsewhere(session, house.company)
    return Call(MADE, places={"idea_id": idea.id}, sent=_REPORT_OF)


async def _report_comment(house: House) -> Call:
    async with house.database.writer() as session:
        idea = await stage.put_elsewhere(session, house.company)
        comment = await stage.say(session, idea, house.company.cast["Max"].id)
    return Call(MADE, places={"comment_id": comment.id}, sent=_REPORT_OF)


async def _erase(house: House) -> Call:
    """Who left is known to admins only."""
    reason = {"json": {"reason": "They asked for it in a letter."}}
    return Call(MADE, 404, places=await _hire(house, active=False), sent=reason)


async def _grant(house: House) -> Call:
    return Call(MADE, places=await _hire(house), sent={"json": {"role": "facilitator"}})


async def _link(house: House) -> Call:
    return Call(MADE, places=await _hire(house), sent={"json": {}})


async def _end_role(house: House) -> Call:
    async with house.database.writer() as session:
        person = await world.make_employee(session)
        granted = await world.grant(session, person, Role.FACILITATOR)
        return Call(EMPTY, places={"employee_id": person.id, "grant_id": granted.id})


def _rule(house: House) -> dict[str, Any]:
    return {"json": {"words": ["zinzolin"], "function": house.company.cast.functions["IT"]}}


async def _add_rule(house: House) -> Call:
    return Call(MADE, sent=_rule(house))


async def _delete_rule(house: House) -> Call:
    made = await house.call(house.company.cast["Ian"], "add_routing_rule", **_rule(house))
    return Call(EMPTY, places={"rule_id": made.json()["id"]})


async def _to_comment(house: House) -> Call:
    """Credit is given by the authors of an idea, and none of those who ask is one."""
    async with house.database.writer() as session:
        idea = await stage.put_elsewhere(session, house.company)
        comment = await stage.say(session, idea, house.company.cast["Pete"].id)
    return Call(403, places={"comment_id": comment.id})


async def _set_capacity(house: House) -> Call:
    return Call(places=await _hire(house), sent={"json": {"reviews": 3}})


async def _challenge(house: House) -> Call:
    campaign_id = await challenges.announce(house.database, house.company.cast, name=ids.new())
    return Call(places={"campaign_id": campaign_id}, sent={"json": {"tokens": 10, "hidden": True}})


_POLICY = {"json": {"days": 5}}
_REPORT_OF = {"json": {"reason_code": "spam"}}
_DECISION = {"action": "hide", "reason_code": "spam", "text": "This is nothing but spam."}
_APPEAL = {"text": "This is about the machine."}
_NEXT_YEAR = clock.next_day(clock.now().date().replace(month=12, day=31)).isoformat()
_ABSENCE = {"json": {"from": "2099-08-01", "until": "2099-08-31"}}
_CLOSURE = {"json": {"name": "Inventory", "first_day": "2026-12-24", "last_day": "2026-12-31"}}


def _calendar() -> dict[str, Any]:
    return {"json": {"name": ids.new(), "region": "FR-57", "time_zone": "Europe/Paris"}}


async def _make_calendar(house: House) -> dict[str, str]:
    made = await house.call(house.company.cast["Ian"], "add_calendar", **_calendar())
    return {"calendar_id": made.json()["id"]}


async def _add_calendar(house: House) -> Call:
    return Call(MADE, sent=_calendar())


async def _rename_calendar(house: House) -> Call:
    return Call(OK, places=await _make_calendar(house), sent={"json": {"name": ids.new()}})


async def _delete_calendar(house: House) -> Call:
    return Call(EMPTY, places=await _make_calendar(house))


async def _add_closure(house: House) -> Call:
    return Call(MADE, places=await _make_calendar(house), sent=_CLOSURE)


async def _delete_closure(house: House) -> Call:
    places = await _make_calendar(house)
    made = await house.call(house.company.cast["Ian"], "add_closure", places, **_CLOSURE)
    return Call(EMPTY, places=places | {"closure_id": made.json()["closures"][0]["id"]})


async def _set_entity_calendar(house: House) -> Call:
    entity = house.company.people["stranger"].entity_id
    return Call(EMPTY, places={"entity_id": entity or ""}, sent={"json": {"calendar": None}})


def _gathering(minutes: int = 5) -> dict[str, Any]:
    starts_at = clock.now() + timedelta(minutes=minutes)
    ends_at = starts_at + timedelta(hours=1)
    times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return {"json": {"kind": "workshop", "title": "Meeting", "place": "Lyon", "walk_ins": True, **times}}


async def _announce(_house: House) -> Call:
    return Call(MADE, sent=_gathering())


async def _meet(house: House) -> dict[str, str]:
    made = await house.call(house.company.cast["Mia"], "announce_gathering", **_gathering())
    return {"gathering_id": made.json()["id"]}


async def _to_gathering(house: House) -> Call:
    return Call(places=await _meet(house))


async def _leave(house: House) -> Call:
    return Call(EMPTY, places=await _meet(house))


async def _change_gathering(house: House) -> Call:
    return Call(
        places=await _meet(house), sent={"json": {"title": "Another title"}, "headers": {"If-Match": "*"}}
    )


async def _cancel_gathering(house: House) -> Call:
    return Call(MADE, places=await _meet(house), sent={"json": {"reason": "Snow."}})


async def _sum_up(house: House) -> Call:
    return Call(places=await _meet(house), sent={"json": {"text": "Well."}})


async def _attend(house: House) -> Call:
    """The code is asked for of somebody who may come, last of all."""
    return Call(422, places=await _meet(house), sent={"json": {"code": "AAAAAAAA"}})


async def _to_attendant(house: House) -> Call:
    return Call(places=await _meet(house) | await _hire(house))


async def _capture(house: House) -> Call:
    body = {
        "title": "An idea",
        "problem": "p",
        "solution": "s",
        "theme": house.company.cast.themes["brand"],
        "authors": [house.company.cast["Max"].id],
    }
    return Call(MADE, places=await _meet(house), sent={"json": body})


_BOOK = {"name": "A book", "way": "points", "cost": 10}
_TRIP = {"name": "A trip", "way": "jury"}
_TEXT = {"text": "There are none left."}


async def _make_prize(house: House, prize: dict[str, Any]) -> dict[str, str]:
    made = await house.call(house.company.cast["Mia"], "add_prize", json=prize)
    return {"prize_id": made.json()["id"]}


async def _add_prize(_house: House) -> Call:
    return Call(MADE, sent={"json": _BOOK})


async def _read_prize(house: House) -> Call:
    return Call(places=await _make_prize(house, _BOOK))


async def _edit_prize(house: House) -> Call:
    changed = {"json": {"name": "A thin book"}, "headers": {"If-Match": "*"}}
    return Call(places=await _make_prize(house, _BOOK), sent=changed)


async def _claim_prize(house: House) -> Call:
    """Nobody here has ten points."""
    return Call(409, places=await _make_prize(house, _BOOK))


async def _propose_award(house: House) -> Call:
    wish = {"employee": (await _hire(house))["employee_id"], "reason": "Helpful"}
    return Call(MADE, places=await _make_prize(house, _TRIP), sent={"json": wish})


async def _make_award(house: House) -> dict[str, str]:
    wish = await _propose_award(house)
    made = await house.call(house.company.cast["Mia"], "propose_award", wish.places, **wish.sent)
    return {"award_id": made.json()["id"]}


async def _read_award(house: House) -> Call:
    return Call(OK, 404, places=await _make_award(house))


async def _approve_award(house: House) -> Call:
    return Call(MADE, 404, places=await _make_award(house))


async def _refuse_award(house: House) -> Call:
    return Call(MADE, 404, places=await _make_award(house), sent={"json": _TEXT})


_NEWS = {"title": "The winners", "body": "They are many."}


async def _write_news(_house: House) -> Call:
    return Call(MADE, sent={"json": _NEWS})


async def _make_news(house: House, *, published: bool) -> dict[str, str]:
    made = await house.call(house.company.cast["Mia"], "write_news", json=_NEWS)
    places = {"news_id": made.json()["id"]}
    if published:
        await house.call(house.company.cast["Mia"], "publish_news", places)
    return places


async def _read_news(house: House) -> Call:
    return Call(places=await _make_news(house, published=True))


async def _edit_news(house: House) -> Call:
    changed = {"json": {"title": "Other winners"}, "headers": {"If-Match": "*"}}
    return Call(places=await _make_news(house, published=True), sent=changed)


async def _publish_news(house: House) -> Call:
    return Call(MADE, 404, places=await _make_news(house, published=False))


async def _withdraw_news(house: House) -> Call:
    return Call(MADE, places=await _make_news(house, published=True))


async def _set_innovator_profile(_house: House) -> Call:
    return Call(sent={"json": {"shown": True, "readers": ["sponsor"]}})


_NUDGE = {"title": "Say a word", "body": "It helps."}


async def _write_nudge(_house: House) -> Call:
    return Call(MADE, sent={"json": _NUDGE})


async def _make_nudge(house: House) -> dict[str, str]:
    made = await house.call(house.company.cast["Mia"], "write_nudge", json=_NUDGE)
    return {"nudge_id": made.json()["id"]}


async def _act_on_nudge(house: House) -> Call:
    return Call(MADE, places=await _make_nudge(house))


async def _read_nudge(house: House) -> Call:
    return Call(places=await _make_nudge(house))


async def _read_received_nudge(house: House) -> Call:
    # Nobody was told of it: it is a draft.
    return Call(404, places=await _make_nudge(house))


async def _edit_nudge(house: House) -> Call:
    changed = {"json": {"title": "Say two words"}, "headers": {"If-Match": "*"}}
    return Call(places=await _make_nudge(house), sent=changed)


async def _unfollow_person(house: House) -> Call:
    return Call(EMPTY, places=await _hire(house))


def _of_function(status: int) -> Any:
    async def call(house: House) -> Call:
        return Call(status, places={"function_id": house.company.cast.functions["IT"]})

    return call


_PHASE = {"phase": "collect", "starts": "2099-03-02T08:00", "ends": "2099-03-09T18:00"}
_REPORT = {
    "learnt": "Water is cheap and heat is not.",
    "ideas": [],
    "others": "They cost more than they bring.",
}


async def _plan_campaign(_house: House) -> Call:
    return Call(MADE, sent={"json": {"name": ids.new(), "question": "How?", "phases": [_PHASE]}})


def _of_campaign(status: int, **sent: Any) -> Any:
    async def call(house: House) -> Call:
        return Call(status, places=dict(house.company.scopes["campaign"]), sent=sent)

    return call


_PLAIN: dict[str, Call] = {
    "list_similar": Call(sent={"params": {"text": "zinzolin"}}),
    "change_password": Call(422, sent={"json": {"current": "wrong", "new": "a long enough new sentence"}}),
    "revoke_session": Call(404, places={"session_id": UNKNOWN}),
    "read_notifications": Call(EMPTY),
    "read_notification": Call(404, places={"notification_id": UNKNOWN}),
    "choose_preferences": Call(sent={"json": {"choices": []}}),
    "set_message_settings": Call(sent={"json": {}}),
    "unsubscribe_browser": Call(404, places={"subscription_id": UNKNOWN}),
    "set_chat_address": Call(places={"channel": "slack"}, sent={"json": {"url": "https://chat.example/x"}}),
    "forget_chat_address": Call(EMPTY, places={"channel": "slack"}),
    "revoke_calendar_link": Call(EMPTY),
    "listen": Call(sent={"params": {"seconds": 0}}),
    "add_webhook": Call(
        MADE, sent={"json": {"url": "https://hooks.example/x", "kinds": ["ideas.submitted"]}}
    ),
    "read_webhook": Call(404, places={"webhook_id": UNKNOWN}),
    "edit_webhook": Call(404, places={"webhook_id": UNKNOWN}, sent={"json": {"active": False}}),
    "delete_webhook": Call(404, places={"webhook_id": UNKNOWN}),
    "rotate_secret": Call(404, places={"webhook_id": UNKNOWN}),
    "test_webhook": Call(404, places={"webhook_id": UNKNOWN}),
    "list_deliveries": Call(404, places={"webhook_id": UNKNOWN}),
    "replay_delivery": Call(404, places={"webhook_id": UNKNOWN, "delivery_id": UNKNOWN}),
    "read_export": Call(404, places={"export_id": UNKNOWN}),
    "download_export": Call(404, places={"export_id": UNKNOWN}, sent={"params": {"ticket": "1.x"}}),
    "show_export_definitions": Call(places={"what": "ideas"}),
    "export_engagement": Call(places={"file_format": "csv"}),
    "export_ideas": Call(places={"file_format": "csv"}),
    "export_itineraries": Call(places={"file_format": "csv"}),
    "export_benefits": Call(places={"file_format": "csv"}),
    "withdraw_award": Call(404, places={"award_id": UNKNOWN}),
    "choose_consent": Call(404, places={"award_id": UNKNOWN}, sent={"json": {"shown": True}}),
    "confirm_receipt": Call(404, places={"award_id": UNKNOWN}),
    "ask_for_identity": Call(404, places={"idea_id": UNKNOWN}, sent={"json": {"reason": "r" * 50}}),
    "read_identity_opening": Call(404, places={"opening_id": UNKNOWN}),
    "approve_identity_opening": Call(404, places={"opening_id": UNKNOWN}),
    "refuse_identity_opening": Call(404, places={"opening_id": UNKNOWN}, sent={"json": {"text": "t" * 20}}),
    "withdraw_identity_opening": Call(404, places={"opening_id": UNKNOWN}),
    "sign_out": Call(EMPTY),
    "read_moderation_words": Call(places={"language": "fr"}),
    "set_moderation_words": Call(places={"language": "fr"}, sent={"json": {"words": []}}),
    "read_restriction_lane": Call(places={"lane": "invention"}),
    "set_restriction_lane": Call(places={"lane": "invention"}, sent={"json": {"readers": []}}),
    "read_restriction": Call(404, places={"idea_id": UNKNOWN}),
    "answer_restriction": Call(404, places={"idea_id": UNKNOWN}, sent={"json": {"action": "withdraw"}}),
    "list_restriction_messages": Call(404, places={"idea_id": UNKNOWN}),
    "write_restriction_message": Call(404, places={"idea_id": UNKNOWN}, sent={"json": {"body": "b"}}),
    "read_case": Call(404, places={"case_id": UNKNOWN}),
    "decide_case": Call(404, places={"case_id": UNKNOWN}, sent={"json": _DECISION}),
    "appeal_hiding": Call(404, places={"case_id": UNKNOWN}, sent={"json": _APPEAL}),
    "wish_erasure": Call(sent={"json": {}}),
    "unwish_erasure": Call(EMPTY),
    "ask_correction": Call(MADE, sent={"json": {"text": "My name has an accent."}}),
    "settle_correction": Call(404, places={"correction_id": UNKNOWN}, sent={"json": {"answer": "Done."}}),
    "set_skills": Call(sent={"json": {"skills": ["excel"]}}),
    "read_help_request": Call(404, places={"request_id": UNKNOWN}),
    "answer_help_request": Call(404, places={"request_id": UNKNOWN}, sent={"json": {"accept": True}}),
    "withdraw_help_request": Call(404, places={"request_id": UNKNOWN}),
    "list_help_messages": Call(404, places={"request_id": UNKNOWN}),
    "write_help_message": Call(404, places={"request_id": UNKNOWN}, sent={"json": {"body": "b"}}),
    "end_coaching": Call(404, places={"request_id": UNKNOWN}),
    "thank_helper": Call(404, places={"request_id": UNKNOWN}),
    "set_absence": Call(sent=_ABSENCE),
    "delete_absence": Call(EMPTY),
    "read_clock_policy": Call(places={"stage": "submitted"}),
    "set_point_rule": Call(places={"rule": "vote"}, sent={"json": {"points": 1, "from": _NEXT_YEAR}}),
    "preview_point_rule": Call(MADE, sent={"json": {"rule": "vote", "points": 2}}),
    "read_vote_flag": Call(404, places={"flag_id": UNKNOWN}),
    "review_vote_flag": Call(404, places={"flag_id": UNKNOWN}, sent={"json": {"state": "open"}}),
    "set_clock_policy": Call(places={"stage": "submitted"}, sent=_POLICY),
    "choose_leaderboard": Call(EMPTY, sent={"json": {"shown": True}}),
    "choose_badge_display": Call(EMPTY, sent={"json": {"badges": True, "level": True}}),
    "choose_segment": Call(EMPTY, sent={"json": {"addressed": True}}),
    "set_segment_threshold": Call(places={"name": "regular.active_days"}, sent={"json": {"at_least": 3}}),
    "sign_out_everywhere": Call(EMPTY),
    "import_directory": Call(
        MADE, sent={"params": {"dry_run": True}, "content": _CSV, "headers": {"Content-Type": "text/csv"}}
    ),
} | {
    name: Call()
    for name in (
        "list_register",
        "list_restrictions",
        "list_restriction_lanes",
        "list_identity_openings",
        "verify_register",
        "export_register",
        "show_register",
        "list_ideas",
        "list_criteria",
        "list_follows",
        "read_feed",
        "list_news",
        "list_nudges",
        "list_innovators",
        "read_innovator_profile",
        "suggest_nudges",
        "list_entities",
        "list_functions",
        "list_themes",
        "list_campaigns",
        "list_decline_reasons",
        "list_employees",
        "read_points",
        "list_point_rules",
        "list_vote_flags",
        "show_absence",
        "show_skills",
        "list_help_requests",
        "show_me",
        "read_erasure_wish",
        "list_moderation",
        "count_moderation",
        "list_own_moderation",
        "list_erasure_wishes",
        "read_own_data",
        "read_own_page",
        "list_corrections",
        "list_sessions",
        "list_notifications",
        "show_preferences",
        "show_message_settings",
        "list_push_subscriptions",
        "list_chat_addresses",
        "list_reviews",
        "list_routing_rules",
        "list_clock_policies",
        "list_queues",
        "list_prizes",
        "list_own_prizes",
        "list_awards",
        "list_webhooks",
        "list_gatherings",
        "show_calendar_link",
        "make_calendar_link",
        "list_calendars",
        "list_badges",
        "read_own_badges",
        "read_own_segment",
        "read_leaderboard",
        "show_leaderboard_choice",
        "count_segments",
        "list_segment_thresholds",
        "show_participation",
        "show_pipeline",
        "list_measures",
        "show_funnel",
        "show_times",
        "show_load",
        "show_travel",
        "show_benefits",
        "list_campaign_figures",
        "show_rates",
        "draw_funnel",
        "draw_months",
        "draw_entities",
        "list_exports",
        "list_export_log",
    )
}
_WRITERS: dict[str, Any] = {
    "order_export": _order_export,
    "submit_idea": _submit,
    "read_voting": _challenge,
    "set_voting": _challenge,
    "subscribe_browser": _subscribe,
    "read_employee": _to_person,
    "show_badges": _to_who_shows_badges,
    "list_roles": _to_person,
    "deactivate_employee": _deactivate,
    "reactivate_employee": _reactivate,
    "erase_employee": _erase,
    "report_idea": _report_idea,
    "report_comment": _report_comment,
    "grant_role": _grant,
    "end_role": _end_role,
    "issue_link": _link,
    "set_capacity": _set_capacity,
    "credit_comment": _to_comment,
    "take_credit_back": _to_comment,
    "add_calendar": _add_calendar,
    "rename_calendar": _rename_calendar,
    "delete_calendar": _delete_calendar,
    "add_closure": _add_closure,
    "delete_closure": _delete_closure,
    "set_entity_calendar": _set_entity_calendar,
    "plan_campaign": _plan_campaign,
    "read_campaign": _of_campaign(200),
    "edit_campaign": _of_campaign(200, json={"context": "Drought"}, headers={"If-Match": "*"}),
    "announce_campaign": _of_campaign(409),
    "set_correspondents": _of_campaign(200, json={"employees": []}),
    "write_report": _of_campaign(200, json=_REPORT),
    "close_campaign": _of_campaign(409),
    "add_routing_rule": _add_rule,
    "delete_routing_rule": _delete_rule,
    "announce_gathering": _announce,
    "read_gathering": _to_gathering,
    "change_gathering": _change_gathering,
    "cancel_gathering": _cancel_gathering,
    "sum_up_gathering": _sum_up,
    "read_gathering_calendar": _to_gathering,
    "sign_up": _to_gathering,
    "leave_gathering": _leave,
    "list_sign_ups": _to_gathering,
    "show_room_code": _to_gathering,
    "attend_gathering": _attend,
    "list_attendances": _to_gathering,
    "note_attendance": _to_attendant,
    "erase_attendance": _to_attendant,
    "capture_idea": _capture,
    "set_innovator_profile": _set_innovator_profile,
    "write_nudge": _write_nudge,
    "read_nudge": _read_nudge,
    "read_received_nudge": _read_received_nudge,
    "edit_nudge": _edit_nudge,
    "send_nudge": _act_on_nudge,
    "cancel_nudge": _act_on_nudge,
    "write_news": _write_news,
    "read_news": _read_news,
    "edit_news": _edit_news,
    "publish_news": _publish_news,
    "withdraw_news": _withdraw_news,
    "read_employee_follow": _to_person,
    "follow_employee": _to_person,
    "unfollow_employee": _unfollow_person,
    "read_function_follow": _of_function(OK),
    "follow_function": _of_function(OK),
    "unfollow_function": _of_function(EMPTY),
    "read_campaign_follow": _of_campaign(OK),
    "follow_campaign": _of_campaign(OK),
    "unfollow_campaign": _of_campaign(EMPTY),
    "add_prize": _add_prize,
    "read_prize": _read_prize,
    "list_public_awards": _read_prize,
    "edit_prize": _edit_prize,
    "claim_prize": _claim_prize,
    "propose_award": _propose_award,
    "read_award": _read_award,
    "approve_award": _approve_award,
    "refuse_award": _refuse_award,
}
WRITTEN = set(_PLAIN) | set(_WRITERS)
"""The operations that have a request here."""
