"""Moderation on the wire: reports without reporters, cases, decisions, appeals, public counts."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.moderation import MIN_TEXT
from app.schemas.shapes import Answer, Filled, Named, Readable, Request, Time

ContentName = Literal["idea", "comment"]
ReportReason = Literal[
    "insult",
    "harassment",
    "discrimination",
    "personal_data",
    "confidential",
    "illegal",
    "spam",
    "other",
]
CaseState = Literal["open", "kept", "hidden", "appealed", "restored"]
LanguageName = Literal["fr", "en"]
Explained = Annotated[Filled, Field(min_length=MIN_TEXT, max_length=2000)]
Word = Annotated[Filled, Field(max_length=40)]


class ReportContent(Request):
    """What is wrong with something; its author does not learn who says so."""

    reason_code: ReportReason
    text: Annotated[Readable, Field(max_length=2000)] = ""


class Reported(Answer):
    """That a report was taken."""

    content: ContentName
    reason_code: ReportReason


class DecideCase(Request):
    """A moderator's decision; the author reads code and text."""

    action: Literal["hide", "keep", "restore"]
    reason_code: ReportReason
    text: Explained


class AppealHiding(Request):
    """Why it should be shown again, for another moderator."""

    text: Explained


class CaseReport(Answer):
    """A report, without who made it."""

    reason_code: ReportReason
    text: str
    at: Time


class CaseDecision(Answer):
    """What was decided; `moderator` is for moderators only."""

    action: Literal["hide", "keep", "restore"]
    on_appeal: bool
    reason_code: ReportReason
    text: str
    at: Time
    moderator: Named | None


class ModerationCase(Answer):
    """An idea or comment and what moderators have to do with it.

    `texts` are the words themselves, also while they are hidden from all others; `words` those of the list of words
    that were found. `reports` and `words` are for moderators and empty for the author.
    """

    id: str
    content: ContentName
    idea: str
    comment: str | None
    state: CaseState
    texts: list[str]
    words: list[str]
    reports: list[CaseReport]
    decisions: list[CaseDecision]
    opened_at: Time
    appealed_at: Time | None
    appeal: str | None
    can: list[str]


class SetWords(Request):
    """The words of a language that bring what has them to a moderator."""

    words: Annotated[list[Word], Field(max_length=500)]


class ModerationWords(Answer):
    """The words of a language, folded."""

    language: LanguageName
    words: list[str]


class ModerationMonth(Answer):
    """Numbers of a month, `2027-01`; those below the floor of five are null, 0 like any other."""

    month: str
    reports: int | None
    hidden: int | None
    restored: int | None
    appeals: int | None


class ModerationCounts(Answer):
    """How much is moderated, for everybody to see: the last twelve months, the latest first."""

    months: list[ModerationMonth]
