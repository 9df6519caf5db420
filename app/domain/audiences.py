"""Audiences: who is told what of an event; nobody hears of their own act, nothing names an anonymous author."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain import help_audiences, identity_audiences, restriction_audiences
from app.domain.authorships import AuthorshipState
from app.domain.grounds import Ground, Subject, Told, Turn, find_former, find_idea
from app.domain.notifications import FOR_AUTHORS, Kind, Notice
from app.domain.pipeline import Act
from app.domain.subjects import SubjectKind, Topic


def list_notices(event: Told, ground: Ground) -> list[Notice]:
    """Return what people are told of an event, each person once of each kind."""
    idea_id, tell = find_idea(event, ground), _TELLING.get(event.kind)
    if idea_id is None or tell is None:
        return []
    found: dict[tuple[str, Kind], Notice] = {}
    topic = Topic(SubjectKind.IDEA, idea_id)
    for people, kind, facts in tell(event, ground.ideas[idea_id], ground):
        for person in people:
            if person != event.actor_id:
                notice = Notice(person, kind, topic, event.sequence or 0, _compact(facts))
                found.setdefault((person, kind), notice)
    return list(found.values())


Telling = Iterator[tuple[Iterable[str], Kind, dict[str, Any]]]
"""To whom, what, with which facts."""


def _tell_of_assignment(event: Told, idea: Subject, ground: Ground) -> Telling:
    turn = ground.find_turn(event.subject)
    if turn is None:
        return
    if turn.reviewer_id is not None and turn.closed_at is None:
        yield [turn.reviewer_id], Kind.REVIEW_ASSIGNED, _describe_turn(turn, event, ground)
    former = find_former(turn, ground)
    if former is None or former.reviewer_id == turn.reviewer_id:
        return
    if former.reviewer_id is not None:
        yield [former.reviewer_id], Kind.REVIEW_TAKEN, {"review": former.id}
    if turn.reviewer_id is not None:
        facts = {"holder": turn.reviewer_id, "due_on": _day(_find_due(turn), ground)}
        yield ground.list_authors(idea.id), Kind.REASSIGNED, facts


def _tell_of_reassignment(event: Told, idea: Subject, ground: Ground) -> Telling:
    """Tell of a review that went on in other hands; one that was opened anew has told of itself."""
    turn = ground.find_turn(event.subject)
    if turn is None or find_former(turn, ground) is not None:
        return
    facts = _describe_turn(turn, event, ground)
    yield _list_people(event.payload.get("to")), Kind.REVIEW_ASSIGNED, facts
    yield _list_people(event.payload.get("from")), Kind.REVIEW_TAKEN, {"review": turn.id}
    yield (
        ground.list_authors(idea.id),
        Kind.REASSIGNED,
        {"holder": turn.reviewer_id, "due_on": facts["due_on"]},
    )


def _tell_of_reminder(event: Told, _idea: Subject, ground: Ground) -> Telling:
    kind = Kind.REVIEW_ESCALATED if event.kind == "reviews.escalated" else Kind.REVIEW_REMINDED
    turn = ground.find_turn(event.subject)
    if turn is None or turn.closed_at is not None:
        return
    facts = _describe_turn(turn, event, ground) | {"days": (event.at - turn.opened_at).days}
    yield _list_people(event.payload.get("to")), kind, facts | {"holder": turn.reviewer_id}


def _tell_of_waking(event: Told, _idea: Subject, ground: Ground) -> Telling:
    """Tell who holds the idea by now that its time runs again; somebody who was given it since knows."""
    turn = ground.find_turn(event.subject)
    if turn is None or turn.closed_at is not None or turn.reviewer_id is None:
        return
    if turn.reviewer_id in _list_people(event.payload.get("to")):
        yield [turn.reviewer_id], Kind.REVIEW_WOKEN, _describe_turn(turn, event, ground)


def _tell_of_lateness(event: Told, idea: Subject, ground: Ground) -> Telling:
    turn = ground.find_turn(event.subject)
    if turn is not None and turn.closed_at is None:
        facts = {"holder": turn.reviewer_id, "due_on": _day(_find_due(turn), ground)}
        yield ground.list_authors(idea.id), Kind.LATE, facts


def _tell_of_move(event: Told, idea: Subject, ground: Ground) -> Telling:
    act = event.payload.get("act", "")
    facts: dict[str, Any] = {"entry": ground.entries.get((idea.id, act, event.at))}
    turn = ground.find_open_turn(idea.id)
    if act == Act.ANSWER:
        if turn is not None and turn.reviewer_id is not None:
            yield [turn.reviewer_id], Kind.CLARIFICATION_ANSWERED, facts | _describe_turn(turn, event, ground)
    elif act in FOR_AUTHORS:
        due = _day(_find_due(turn), ground) if turn else None
        if act == Act.HOLD:
            due = idea.wake_on.isoformat() if idea.wake_on else None
        facts |= {"holder": idea.holder_id, "due_on": due}
        if act == Act.FORWARD and turn is not None:
            facts["function"] = turn.function_id
        yield ground.list_authors(idea.id), FOR_AUTHORS[Act(act)], facts


def _tell_of_comment(event: Told, idea: Subject, ground: Ground) -> Telling:
    remark = ground.remarks[event.subject]
    if remark.deleted_at is not None:
        return
    facts = {"comment": remark.id}
    parent = ground.remarks.get(remark.parent_id or "")
    replied = {parent.author_id} - {remark.author_id} if parent and parent.deleted_at is None else set()
    yield replied, Kind.COMMENT_REPLIED, facts
    authors = [person for person in ground.list_authors(idea.id) if person != remark.author_id]
    yield [person for person in authors if person not in replied], Kind.COMMENT_WRITTEN, facts


def _tell_of_credit(event: Told, _idea: Subject, ground: Ground) -> Telling:
    """Tell who wrote a comment that changed the idea, unless it was taken back meanwhile."""
    remark = ground.remarks[event.subject]
    if remark.deleted_at is None and remark.credited_at is not None:
        yield [remark.author_id], Kind.COMMENT_CREDITED, {"comment": remark.id}


def _tell_of_invitation(event: Told, idea: Subject, ground: Ground) -> Telling:
    invited = [
        each.employee_id
        for each in ground.writers.get(idea.id, ())
        if each.state == AuthorshipState.INVITED and each.invited_at == event.at
    ]
    yield invited, Kind.INVITED, {"person": None if idea.anonymous else event.actor_id}


def _tell_of_answer(event: Told, idea: Subject, ground: Ground) -> Telling:
    state = event.payload.get("state")
    if state not in (AuthorshipState.ACCEPTED, AuthorshipState.REFUSED):
        return
    writers = ground.writers.get(idea.id, ())
    answered = {each.employee_id for each in writers if each.answered_at == event.at and each.position}
    first = [each.employee_id for each in writers if not each.position]
    facts = {"person": None if idea.anonymous else event.actor_id, "state": state}
    yield [person for person in first if person not in answered], Kind.INVITATION_ANSWERED, facts


def _tell_of_hiding(event: Told, idea: Subject, ground: Ground) -> Telling:
    """Tell who wrote it; a comment that they took back concerns nobody any more."""
    kind = Kind.HIDING_UPHELD if event.payload.get("upheld") else Kind.CONTENT_HIDDEN
    yield _list_writers(event, idea, ground), kind, {"case": event.payload.get("case")}


def _tell_of_restoring(event: Told, idea: Subject, ground: Ground) -> Telling:
    yield _list_writers(event, idea, ground), Kind.CONTENT_RESTORED, {"case": event.payload.get("case")}


def _list_writers(event: Told, idea: Subject, ground: Ground) -> list[str]:
    remark = ground.remarks.get(event.subject)
    if remark is None:
        return ground.list_authors(idea.id)
    return [remark.author_id] if remark.deleted_at is None else []


_TELLING = {
    "reviews.assigned": _tell_of_assignment,
    "reviews.reassigned": _tell_of_reassignment,
    "reviews.reminded": _tell_of_reminder,
    "reviews.escalated": _tell_of_reminder,
    "reviews.woken": _tell_of_waking,
    "reviews.late": _tell_of_lateness,
    "pipeline.moved": _tell_of_move,
    "comments.written": _tell_of_comment,
    "comments.credited": _tell_of_credit,
    "comments.hidden": _tell_of_hiding,
    "comments.restored": _tell_of_restoring,
    "ideas.hidden": _tell_of_hiding,
    "ideas.restored": _tell_of_restoring,
    "authorships.invited": _tell_of_invitation,
    "authorships.answered": _tell_of_answer,
    **help_audiences.TELLING,
    **identity_audiences.TELLING,
    **restriction_audiences.TELLING,
}


KINDS = frozenset(_TELLING)
"""The events that people are told of."""


def _describe_turn(turn: Turn, event: Told, ground: Ground) -> dict[str, Any]:
    return {
        "review": turn.id,
        "function": turn.function_id,
        "due_on": _day(_find_due(turn), ground),
        # By a former holder: an answer that came since is what was asked.
        "acknowledged": turn.acknowledged_at is not None and turn.acknowledged_at <= event.at,
    }


def _find_due(turn: Turn) -> datetime | None:
    return turn.due_at


def _day(moment: datetime | None, ground: Ground) -> str | None:
    return moment.astimezone(ZoneInfo(ground.zone)).date().isoformat() if moment else None


def _list_people(named: Any) -> list[str]:
    return [named] if isinstance(named, str) else list(named or ())


def _compact(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None and value is not False}
