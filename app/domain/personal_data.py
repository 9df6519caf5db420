"""Personal data: for every column that says who somebody is, what erasing does to it and what the person may read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a row when the person in one of its columns is erased."""

    DELETED = "deleted"
    PASSED_ON = "passed_on"
    """The row stays for the sake of a total, under the nameless account that takes the person's place."""
    EMPTIED = "emptied"
    """The row stays, and says nobody any more."""


class Section(StrEnum):
    """The chapters in which people read their own data."""

    ACCOUNT = "account"
    ACCESS = "access"
    IDEAS = "ideas"
    DISCUSSION = "discussion"
    VOTES = "votes"
    REWARDS = "rewards"
    HELP = "help"
    GATHERINGS = "gatherings"
    WORK = "work"
    MESSAGES = "messages"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done about a column: its fate, and where its rows are shown to the person.

    `shown` are the columns of the row that the person reads, empty where `unshown` says why there are none.
    """

    fate: Fate
    section: Section | None = None
    shown: tuple[str, ...] = ()
    unshown: str = ""


def _delete(section: Section, *shown: str) -> Treatment:
    return Treatment(Fate.DELETED, section, shown)


def _pass_on(section: Section, *shown: str) -> Treatment:
    return Treatment(Fate.PASSED_ON, section, shown)


def _excuse(fate: Fate, why: str) -> Treatment:
    return Treatment(fate, unshown=why)


_S = Section
_OTHERS = "It is about somebody else, who reads it as theirs."
_TECHNICAL = "Nothing but a mark for the machine, gone within the hour."

TREATMENTS: Mapping[str, Treatment] = {
    "absences.employee_id": _delete(_S.WORK, "first_day", "last_day"),
    "activity_changes.employee_id": _excuse(Fate.PASSED_ON, _TECHNICAL),
    "activity_days.employee_id": _pass_on(
        _S.RECORD, "day", "sign_ins", "ideas", "comments", "votes", "answers", "points"
    ),
    "attendances.employee_id": _pass_on(_S.GATHERINGS, "gathering_id", "at"),
    "attendances.noted_by_id": _excuse(Fate.PASSED_ON, _OTHERS),
    "authorships.employee_id": _pass_on(_S.IDEAS, "idea_id", "state", "invited_at", "answered_at"),
    "badge_awards.employee_id": _delete(_S.REWARDS, "badge", "tier", "awarded_on", "shown", "facts"),
    "badge_changes.employee_id": _excuse(Fate.PASSED_ON, _TECHNICAL),
    "badge_displays.employee_id": _delete(_S.REWARDS, "badges", "level", "since"),
    "broadcasts.actor_id": _excuse(
        Fate.EMPTIED, "What was told is the news or the campaign that they wrote."
    ),
    "calendar_feeds.employee_id": _delete(_S.GATHERINGS, "created_at"),
    "campaign_follows.follower_id": _delete(_S.MESSAGES, "campaign_id", "followed_at"),
    "campaign_reports.written_by": _pass_on(_S.WORK, "campaign_id", "learnt", "others", "written_at"),
    "campaigns.sponsor_id": _pass_on(_S.WORK, "id", "name"),
    "capacities.employee_id": _delete(_S.WORK, "reviews", "updated_at"),
    "captures.captured_by_id": _pass_on(_S.GATHERINGS, "gathering_id", "captured_at"),
    "chat_addresses.employee_id": _delete(_S.MESSAGES, "channel", "url", "created_at"),
    "comments.author_id": _pass_on(
        _S.DISCUSSION, "idea_id", "body", "created_at", "edited_at", "deleted_at", "credited_at"
    ),
    "conflict_declarations.employee_id": _delete(_S.WORK, "idea_id", "declared_at"),
    "corrections.employee_id": _delete(_S.ACCOUNT, "text", "asked_at", "settled_at", "answer"),
    "corrections.settled_by": _excuse(Fate.PASSED_ON, _OTHERS),
    "contenders.employee_id": _delete(_S.REWARDS, "since"),
    "content_reports.reporter_id": _pass_on(_S.DISCUSSION, "reason_code", "text", "at"),
    "deliveries.employee_id": _delete(_S.MESSAGES, "channel", "form", "state", "created_at", "sent_at"),
    "employee_follows.employee_id": _excuse(Fate.DELETED, _OTHERS),
    "employee_follows.follower_id": _delete(_S.MESSAGES, "employee_id", "followed_at"),
    "employments.employee_id": _pass_on(_S.ACCOUNT, "entity_id", "started_at", "ended_at"),
    "erasure_choices.employee_id": _delete(_S.IDEAS, "idea_id"),
    "erasure_wishes.employee_id": _delete(_S.ACCOUNT, "comments", "asked_at"),
    "export_records.employee_id": _pass_on(_S.WORK, "what", "format", "reason", "created_at"),
    "function_follows.follower_id": _delete(_S.MESSAGES, "function_id", "followed_at"),
    "gates.owner_id": _pass_on(_S.WORK, "idea_id", "stage", "at"),
    "gathering_hosts.employee_id": _pass_on(_S.GATHERINGS, "gathering_id"),
    "help_capacities.employee_id": _delete(_S.HELP, "helps", "updated_at"),
    "help_messages.author_id": _pass_on(_S.HELP, "request_id", "body", "created_at"),
    "help_requests.asker_id": _pass_on(
        _S.HELP, "idea_id", "wants", "text", "state", "created_at", "ended_at", "thanked_at"
    ),
    "help_requests.helper_id": _pass_on(_S.HELP, "idea_id", "state", "accepted_at", "ended_at", "thanked_at"),
    "help_turns.employee_id": _pass_on(_S.HELP, "request_id", "asked_at", "outcome", "answered_at"),
    "idea_follows.follower_id": _delete(_S.MESSAGES, "idea_id", "followed_at"),
    "ideas.holder_id": _pass_on(_S.WORK, "id", "title", "stage"),
    "identity_openings.asked_by_id": _pass_on(_S.WORK, "reason", "state", "asked_at", "ended_at"),
    "identity_openings.second_id": _pass_on(_S.WORK, "state", "asked_at", "ended_at"),
    "idempotency_keys.employee_id": _delete(_S.ACCESS, "at"),
    "inbox.employee_id": _delete(_S.MESSAGES, "kind", "idea_id", "created_at", "read_at"),
    "innovator_profiles.employee_id": _delete(_S.REWARDS, "about", "offers", "skills", "since"),
    "innovator_readers.employee_id": _delete(_S.REWARDS, "role"),
    "itinerary_actors.employee_id": _excuse(
        Fate.PASSED_ON, "The random name of a person on one idea; what they did there is shown as their acts."
    ),
    "managements.employee_id": _pass_on(_S.ACCOUNT, "manager_id", "started_at", "ended_at"),
    "managements.manager_id": _excuse(Fate.PASSED_ON, _OTHERS),
    "memberships.employee_id": _delete(_S.RECORD, "segment", "since", "facts"),
    "message_settings.employee_id": _delete(
        _S.MESSAGES, "digest", "hour", "weekday", "time_zone", "quiet_from", "quiet_until", "per_day"
    ),
    "moderation_cases.moderator_id": _pass_on(_S.WORK, "content", "idea_id", "state", "opened_at"),
    "moderation_decisions.moderator_id": _pass_on(_S.WORK, "action", "reason_code", "text", "at"),
    "news_posts.author_id": _pass_on(_S.WORK, "title", "body", "created_at", "published_at"),
    "nudge_recipients.employee_id": _delete(_S.MESSAGES, "nudge_id", "held_out"),
    "nudges.author_id": _pass_on(_S.WORK, "title", "body", "created_at", "sent_at"),
    "one_time_links.employee_id": _delete(_S.ACCESS, "purpose", "created_at", "used_at"),
    "participation_marks.employee_id": _excuse(Fate.PASSED_ON, _TECHNICAL),
    "person_standings.employee_id": _pass_on(_S.REWARDS, "scope", "points"),
    "point_entries.employee_id": _pass_on(_S.REWARDS, "rule", "subject", "points", "day", "at"),
    "point_rules.changed_by": _pass_on(_S.WORK, "rule", "points", "starts_on", "changed_at"),
    "preferences.employee_id": _delete(_S.MESSAGES, "kind", "channel", "timing"),
    "prize_awards.employee_id": _pass_on(
        _S.REWARDS, "prize_id", "points", "state", "created_at", "decided_at", "received_at"
    ),
    "prize_awards.first_id": _pass_on(_S.WORK, "prize_id", "state", "created_at"),
    "prize_awards.proposed_by_id": _pass_on(_S.WORK, "prize_id", "reason", "state", "created_at"),
    "prize_awards.refused_by_id": _pass_on(_S.WORK, "prize_id", "refusal", "decided_at"),
    "prize_awards.second_id": _pass_on(_S.WORK, "prize_id", "state", "created_at"),
    "prize_jurors.employee_id": _pass_on(_S.WORK, "prize_id"),
    "prize_recipients.employee_id": _pass_on(_S.REWARDS, "award_id", "shown", "chosen_at"),
    "prize_seats.employee_id": _delete(_S.WORK, "idea_id"),
    "push_subscriptions.employee_id": _delete(_S.MESSAGES, "endpoint", "created_at"),
    "register_names.employee_id": _excuse(
        Fate.EMPTIED, "The random name of a person in one entry; the entries themselves are shown."
    ),
    "restriction_lanes.escalation_id": Treatment(Fate.EMPTIED, _S.WORK, ("kind",)),
    "restriction_messages.author_id": _pass_on(_S.DISCUSSION, "body", "at"),
    "restriction_readers.employee_id": _delete(_S.WORK, "kind", "since"),
    "restrictions.actor_id": _pass_on(_S.WORK, "kind", "text", "opened_at"),
    "restrictions.answered_by_id": _pass_on(_S.WORK, "kind", "state", "answer", "answered_at"),
    "restrictions.reader_id": _pass_on(_S.WORK, "kind", "state", "opened_at", "due_at"),
    "reviews.reviewer_id": _pass_on(_S.WORK, "idea_id", "kind", "opened_at", "closed_at", "outcome"),
    "role_grants.employee_id": _delete(
        _S.ACCOUNT, "role", "function_id", "entity_id", "campaign_id", "granted_at", "ended_at"
    ),
    "scorecards.evaluator_id": _pass_on(_S.WORK, "idea_id", "scores", "text", "filled_at"),
    "season_points.employee_id": _pass_on(_S.REWARDS, "scope", "entity_id", "points"),
    "sessions.employee_id": _delete(_S.ACCESS, "client", "started_at", "last_used_at", "revoked_at"),
    "sign_ins.employee_id": _pass_on(_S.ACCESS, "at"),
    "sign_ups.employee_id": _delete(_S.GATHERINGS, "gathering_id", "state", "signed_up_at"),
    "skills.employee_id": _delete(_S.HELP, "skill"),
    "standing_changes.employee_id": _excuse(Fate.PASSED_ON, _TECHNICAL),
    "unaddressed.employee_id": _delete(_S.MESSAGES, "since"),
    "vote_flags.reviewed_by": _pass_on(_S.WORK, "kind", "state", "note", "reviewed_at"),
    "votes.voter_id": _pass_on(_S.VOTES, "idea_id", "cast_at", "withdrawn_at"),
    "webhooks.owner_id": _delete(_S.WORK, "url", "description", "kinds", "state", "created_at"),
}
"""THE table: every column that refers to a person, and what is done about it."""

IDENTITIES: Mapping[str, str] = {
    "broadcasts.reached": "a crowd is told in the order of identifiers, and this is how far it was told",
    "events.actor_id": "events outlive people, so they refer to them without a key",
    "events.subject": "the same, for what happened to a person",
    "participation_changes.employee_id": "a vote would look its voter up once more for a key; gone within a minute",
    "point_entries.subject": "the first sign-in is worth points, and its subject is the person",
}
"""Columns without a foreign key that hold the identifier of a person all the same, and why."""

DOCUMENTS: Mapping[str, bool] = {
    "badge_awards.facts": False,
    "broadcasts.facts": True,
    "campaign_fields.choices": False,
    "campaign_fields.labels": False,
    "events.payload": True,
    "export_records.filters": False,
    "help_requests.words": False,
    "holiday_years.days": False,
    "ideas.source_votes": False,
    "innovator_profiles.offers": False,
    "inbox.facts": True,
    "itinerary_entries.facts": False,
    "memberships.facts": False,
    "moderation_cases.original": False,
    "moderation_cases.words": False,
    "register_entries.facts": False,
    "releases.inhabited": False,
    "releases.parents": False,
    "reviews.route": True,
    "scorecards.scores": False,
    "webhook_deliveries.facts": False,
    "webhooks.kinds": False,
}
"""Columns of JSON, and whether identifiers of people can stand in them; those of the chains never hold any."""

OWN_COLUMNS = ("name", "email", "external_id", "kind", "locale", "active", "created_at", "deactivated_at")
"""What of their account people read."""


def split(name: str) -> tuple[str, str]:
    """Return table and column of a name that joins them with a dot."""
    table, _, column = name.partition(".")
    return table, column


def list_of(fate: Fate) -> Iterator[tuple[str, str]]:
    """Return table and column of what has a fate."""
    return (split(name) for name, treatment in TREATMENTS.items() if treatment.fate is fate)
