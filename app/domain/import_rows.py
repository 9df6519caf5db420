"""Rows of ideas and comments from elsewhere: each cell read by itself, before rows are compared."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain import names
from app.domain.import_columns import Header
from app.domain.import_records import BadRow, CommentRow, File, IdeaRow, Writer
from app.domain.pipeline import Stage

MIN_TITLE, MAX_TITLE = 3, 250
MAX_TEXT = 20_000
MAX_COMMENT = 5_000
"""Characters, as for whoever writes here."""

MAX_ID = 200
MAX_SIDE = 20
MAX_TAG = 60
MAX_TAGS = 17
"""Twenty, less those that section, theme and function may add."""


YES = frozenset({"1", "true", "yes", "oui", "vrai"})
NO = frozenset({"", "0", "false", "no", "non", "faux"})

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
# Control characters deceive a reader or can't be stored; the others are no text (RFC 9839, 2.2).
_UNREADABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]")
_UNSEEN = frozenset({"Cf", "Zs", "Cc"})
_NUMBER = re.compile(r"[0-9]{1,9}")
_LIST = re.compile(r"[;|,]")

Line = tuple[int, Mapping[str, str]]
"""The number of a row's first line, and its cells by the names in the header; any beyond it have none."""


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one file and keeps what is wrong with their cells.

    Times without an offset are of `zone` (IANA name); what has no time came about `now`.
    """

    header: Header
    zone: str
    now: datetime
    bad: list[BadRow] = field(default_factory=list)
    _line: int = 0
    _cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> File:
        """Which file is read."""
        return self.header.file

    def read_ideas(self, lines: Iterable[Line]) -> list[IdeaRow]:
        """Return every row of a file of ideas, a bad one with what could be read of it."""
        return [self._read_idea() for _ in self._walk(lines)]

    def read_comments(self, lines: Iterable[Line]) -> list[CommentRow]:
        """Return every row of a file of comments, a bad one with what could be read of it."""
        return [self._read_comment() for _ in self._walk(lines)]

    def _walk(self, lines: Iterable[Line]) -> Iterator[None]:
        for line, cells in lines:
            self._line, self._cells = line, cells
            if "" in cells:
                self._refuse("", "too-many-cells", "The row has more cells than the header has columns.")
            yield

    def _read_idea(self) -> IdeaRow:
        votes = {side: self._read_count(f"votes_{side}") for side in ("for", "against", "mixed")}
        return IdeaRow(
            line=self._line,
            source_id=self._read_id("id"),
            writer=self._read_writer(),
            title=self._read_text("title", MAX_TITLE, shortest=MIN_TITLE),
            problem=self._read_text("problem", MAX_TEXT, shortest=1),
            solution=self._read_text("solution", MAX_TEXT),
            benefit=self._read_text("benefit", MAX_TEXT),
            section=self._read_text("section", names.MAX_NAME),
            theme=self._read_text("theme", names.MAX_NAME),
            function=self._read_text("function", names.MAX_NAME),
            tags=self._read_tags(),
            created_at=self._read_moment(),
            votes={side: count for side, count in votes.items() if count is not None},
            withdrawn=self._read_withdrawn() or self._read_stage(),
        )

    def _read_comment(self) -> CommentRow:
        withdrawn = self._read_withdrawn()
        return CommentRow(
            line=self._line,
            source_id=self._read_id("id"),
            writer=self._read_writer(),
            idea=self._read_id("idea_id"),
            body=self._read_text("body", MAX_COMMENT, shortest=0 if withdrawn else 1),
            side=self._read_text("side", MAX_SIDE) or None,
            reply_to=self._read_id("reply_to", needed=False),
            created_at=self._read_moment(),
            withdrawn=withdrawn,
        )

    def _refuse(self, column: str, code: str, detail: str) -> None:
        name = self.header.names.get(column, column)
        self.bad.append(BadRow(self.file, self._line, name, f"imports.{code}", detail))

    def _get(self, column: str) -> str:
        return self._cells.get(self.header.names.get(column, column), "")

    def _read_text(self, column: str, longest: int, *, shortest: int = 0) -> str:
        text = self._get(column)
        if _UNREADABLE.search(text):
            self._refuse(column, "unreadable", "The text has control characters, or some that are no text.")
        elif shortest and all(unicodedata.category(character) in _UNSEEN for character in text):
            self._refuse(column, "empty", "There is nothing to read in this cell.")
        elif len(text) < shortest:
            self._refuse(column, "too-short", f"The text is shorter than {shortest} characters.")
        elif len(text) > longest:
            self._refuse(column, "too-long", f"The text has {len(text)} characters; {longest} are taken.")
        return text

    def _read_id(self, column: str, *, needed: bool = True) -> str:
        return self._read_text(column, MAX_ID, shortest=1 if needed else 0)

    def _read_writer(self) -> Writer:
        name = self._get("author")
        flaw = names.find_flaw(name)
        if flaw is not None:
            self._refuse("author", flaw, f"The author {names.FLAWS[flaw]}.")
        return Writer(names.tidy(name), names.fold_email(self._read_text("author_email", names.MAX_NAME)))

    def _read_tags(self) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(fold_tag(tag) for tag in _LIST.split(self._get("tags")) if tag.strip()))
        if _UNREADABLE.search("".join(found)):
            self._refuse("tags", "unreadable", "A tag has control characters, or some that are no text.")
        if any(len(tag) > MAX_TAG for tag in found):
            self._refuse("tags", "too-long", f"A tag has more than {MAX_TAG} characters.")
        if len(found) > MAX_TAGS:
            self._refuse("tags", "too-many-tags", f"There are {len(found)} tags; {MAX_TAGS} are taken.")
        return found

    def _read_moment(self) -> datetime:
        text = self._get("created_at")
        if not text:
            return self.now
        try:
            moment = datetime.fromisoformat(text)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))
            moment = aware.astimezone(UTC)
        except (ValueError, OverflowError):
            self._refuse("created_at", "bad-time", "The time is not one like `2015-09-26T02:27:57+02:00`.")
            return self.now
        if not _EARLIEST <= moment <= self.now:
            self._refuse("created_at", "bad-time", "The time is in the future, or before 1970.")
        return moment

    def _read_count(self, column: str) -> int | None:
        text = self._get(column)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self._refuse(column, "bad-number", "The number of votes is not a whole number.")
            return None
        return int(text)

    def _read_withdrawn(self) -> bool:
        word = names.fold(self._get("withdrawn"))
        if word not in YES | NO:
            self._refuse("withdrawn", "bad-withdrawn", "The cell says neither yes nor no.")
        return word in YES

    def _read_stage(self) -> bool:
        word = names.fold(self._get("stage"))
        if word not in {"", Stage.SUBMITTED, Stage.WITHDRAWN}:
            detail = "Ideas come in as submitted or withdrawn: a later stage is reached by deciding here."
            self._refuse("stage", "bad-stage", detail)
        return word == Stage.WITHDRAWN


def fold_tag(text: str) -> str:
    """Return a tag as it is stored: without case, single blanks."""
    return " ".join(text.casefold().split())
