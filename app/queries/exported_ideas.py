"""Ideas as they are exported: what every reader of the feed sees of them, and nothing that only some may."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.cells import Column
from app.core.sheets import Kind
from app.domain.pipeline import OPEN_STAGES, Act, Stage
from app.domain.votings import Counting
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea, IdeaTag, Tally
from app.models.itinerary import ItineraryEntry
from app.models.reviews import Review
from app.models.themes import Theme
from app.queries.exported_tables import ExportedTable, Narrowing, count_stages, is_one_of, narrow
from app.queries.ideas import CANONICAL

BETWEEN = "; "
"""What stands between the names or tags in one cell."""

_first, _author, _holder = aliased(Authorship), aliased(Employee), aliased(Employee)
_open_now = is_one_of(col(Idea.stage), (stage.value for stage in OPEN_STAGES))
_declined = col(Idea.stage) == Stage.DECLINED.value
_named = col(Idea.anonymous).is_(False)


def _gather(value: Any, rows: Any, engine: str) -> Any:
    listed = rows.with_only_columns(value.label("value")).subquery()
    gather = func.string_agg if engine == "postgresql" else func.group_concat
    return select(gather(listed.c.value, literal(BETWEEN))).select_from(listed).scalar_subquery()


def _list_authors(engine: str) -> Any:
    rows = (
        select(col(Employee.name))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .where(col(Authorship.idea_id) == col(Idea.id), col(Authorship.state) == "accepted", _named)
        .order_by(col(Authorship.position))
        .correlate(Idea)
    )
    return _gather(col(Employee.name), rows, engine)


def _list_tags(engine: str) -> Any:
    rows = (
        select(col(IdeaTag.tag))
        .where(col(IdeaTag.idea_id) == col(Idea.id))
        .order_by(col(IdeaTag.position))
        .correlate(Idea)
    )
    return _gather(col(IdeaTag.tag), rows, engine)


def _find_decline(column: Any) -> Any:
    found = (
        select(column)
        .where(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.act) == Act.DECLINE.value)
        .order_by(col(ItineraryEntry.position).desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
    return case((_declined, found), else_=null())


_T, _N, _F, _M = Kind.TEXT, Kind.NUMBER, Kind.FLAG, Kind.TIME


def _list_columns(engine: str) -> tuple[Column, ...]:
    return (
        Column("id", _T, col(Idea.id), "The idea's identifier."),
        Column("title", _T, col(Idea.title), "Its title."),
        Column("stage", _T, col(Idea.stage), "Where it stands in the pipeline."),
        Column("clarification", _F, col(Idea.clarification), "Whether its author was asked something."),
        Column("on_hold", _F, col(Idea.on_hold), "Whether it is on hold."),
        Column("wake_on", Kind.DAY, col(Idea.wake_on), "The day on which a hold ends."),
        Column("votes", _N, col(Tally.votes), "Its votes; 0 while a campaign hides them."),
        Column(
            "votes_hidden",
            _F,
            col(Tally.counting) == Counting.SEALED.value,
            "Whether a campaign hides its votes until its end.",
        ),
        Column("comments", _N, col(Tally.comments), "Its comments."),
        Column("anonymous", _F, col(Idea.anonymous), "Whether it shows no author."),
        Column("author_id", _T, col(_author.id), "The first author; nobody where it is anonymous."),
        Column("author", _T, col(_author.name), "The first author's name; nobody's where it is anonymous."),
        Column("authors", _T, _list_authors(engine), "The names of all authors, the first one first."),
        Column("theme", _T, col(Theme.name), "What it improves."),
        Column("function", _T, col(Function.name), "The function that answers."),
        Column("campaign", _T, col(Campaign.name), "The campaign it was submitted to."),
        Column(
            "holder",
            _T,
            case((_open_now, col(_holder.name)), else_=null()),
            "Whose turn it is, while it is open.",
        ),
        Column("waiting_since", _M, col(Review.opened_at), "Since when the holder has it."),
        Column("due_at", _M, col(Review.due_at), "Until when an answer is due."),
        Column("created_at", _M, col(Idea.submitted_at), "When it was submitted."),
        Column("updated_at", _M, col(Idea.updated_at), "When its content was last changed."),
        Column("version", _N, col(Idea.version), "The version of its content."),
        Column("canonical", _T, CANONICAL, "The idea that it was merged into."),
        Column("decline_reason", _T, _find_decline(col(ItineraryEntry.reason_code)), "Why it was declined."),
        Column("decline_text", _T, _find_decline(col(ItineraryEntry.text)), "The words of the decline."),
        Column("tags", _T, _list_tags(engine), "Its tags."),
        Column("source", _T, col(Idea.source), "Where it was imported from."),
        Column("problem", _T, col(Idea.problem), "The problem, as it was typed (Markdown)."),
        Column("solution", _T, col(Idea.solution), "The solution, as it was typed (Markdown)."),
        Column("benefit", _T, col(Idea.benefit), "The expected benefit, as it was typed (Markdown)."),
    )


COLUMNS = _list_columns("postgresql")


def describe_ideas(narrowing: Narrowing, *, zone: str) -> ExportedTable:
    """Return the table of ideas: a row each, in the order of their submission."""
    meant = narrow(narrowing, zone=zone)
    return ExportedTable(COLUMNS, lambda engine: _select(meant, engine), count_stages(meant))


def _select(meant: ColumnElement[bool], engine: str) -> Select[Any]:
    return (
        select(*(column.value.label(column.name) for column in _list_columns(engine)))
        .select_from(Idea)
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .join(Theme, col(Theme.id) == col(Idea.theme_id))
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .outerjoin(Function, col(Function.id) == col(Idea.function_id))
        .outerjoin(_holder, col(_holder.id) == col(Idea.holder_id))
        .outerjoin(
            _first,
            and_(
                col(_first.idea_id) == col(Idea.id),
                col(_first.position) == 0,
                col(_first.state) == "accepted",
                _named,
            ),
        )
        .outerjoin(_author, col(_author.id) == col(_first.employee_id))
        .outerjoin(Review, and_(col(Review.idea_id) == col(Idea.id), col(Review.closed_at).is_(None)))
        .where(meant)
        .order_by(col(Idea.submitted_at), col(Idea.id))
    )
