"""What an import of ideas starts from, what its files ask for, and the plan that comes of both."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MAX_EXTERNAL_ID = 200
"""Characters of a person's external id, as the column has it."""


class File(StrEnum):
    """Which of the two files a line is in."""

    IDEAS = "ideas"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True, order=True)
class BadRow:
    """Why a row is not taken. Line 0 is the whole import; columns are named as in the file where it goes."""

    file: File
    line: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """What somebody should know, though nothing stands against the import."""

    file: File
    line: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Whoever wrote something, as a file names them; the e-mail is folded and may be empty."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """One row of the file of ideas; texts are exactly those of the file."""

    line: int
    source_id: str
    writer: Writer
    title: str
    problem: str
    solution: str
    benefit: str
    section: str
    theme: str
    function: str
    tags: tuple[str, ...]
    created_at: datetime
    votes: Mapping[str, int]
    withdrawn: bool

    @property
    def file(self) -> File:
        """Which file it is in."""
        return File.IDEAS

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Title, problem, solution and benefit."""
        return self.title, self.problem, self.solution, self.benefit


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One row of the file of comments; `idea` and `reply_to` are ids of elsewhere."""

    line: int
    source_id: str
    writer: Writer
    idea: str
    body: str
    side: str | None
    reply_to: str
    created_at: datetime
    withdrawn: bool

    @property
    def file(self) -> File:
        """Which file it is in."""
        return File.COMMENTS


@dataclass(frozen=True, slots=True)
class Rows:
    """Two files, read row by row; what could be read of a bad row is among the rows too."""

    ideas: tuple[IdeaRow, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    bad: tuple[BadRow, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def writers(self) -> list[Writer]:
        """Everybody whom the files name as author, in the order of the files."""
        return list(dict.fromkeys([row.writer for row in self.ideas] + [row.writer for row in self.comments]))


@dataclass(frozen=True, slots=True)
class KnownIdea:
    """An idea that came in before from the same source."""

    id: str
    stage: str
    texts: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class KnownComment:
    """A comment that came in before from the same source."""

    id: str
    idea_id: str
    parent_id: str | None
    body: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Author:
    """An author: an employee, or a placeholder with an `external_id` and a name, but no `id` until made."""

    id: str | None
    external_id: str = ""
    name: str = ""
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class ImportSnapshot:
    """Everything there is that an import compares with.

    `functions` and `themes` are ids by folded names (themes by their keys too); `employees` the active
    ones by external id, `addresses` the same by folded e-mail; `placeholders` ids by external id; `ideas`
    and `comments` what came from this source before, by the ids of elsewhere.
    """

    default_theme: str
    functions: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    employees: Mapping[str, Author] = field(default_factory=dict)
    addresses: Mapping[str, Author] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    ideas: Mapping[str, KnownIdea] = field(default_factory=dict)
    comments: Mapping[str, KnownComment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewIdea:
    """An idea to be made; without a function the routing finds one. `comments` counts those that stand."""

    row: IdeaRow
    author: Author
    theme_id: str
    function_id: str | None
    tags: tuple[str, ...]
    comments: int = 0


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment to be made.

    `idea_id` is empty under a new idea. A reply stands under a comment that is there (`parent_id`) or one
    that comes in with it (`parent`, its id of elsewhere).
    """

    row: CommentRow
    author: Author
    idea_id: str | None
    parent: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one file: made (of which withdrawn), here already, here with other content and left alone."""

    created: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import would do, and what stands against it; a reply comes after what it replies to."""

    placeholders: tuple[Author, ...] = ()
    matched: int = 0
    ideas: tuple[NewIdea, ...] = ()
    comments: tuple[NewComment, ...] = ()
    idea_counts: Counts = Counts()
    comment_counts: Counts = Counts()
    bad: tuple[BadRow, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do: nothing is `written` on a dry run or with a bad row.

    `matched` counts the employees who are authors of something new, `placeholders` the people made up.
    """

    source: str
    dry_run: bool
    written: bool
    ideas: Counts
    comments: Counts
    matched: int
    placeholders: int
    bad: tuple[BadRow, ...]
    notes: tuple[Note, ...]


def name_placeholder(source: str, name: str) -> str:
    """Return the external id of whoever has this name at a source: always the same placeholder."""
    readable = f"import:{source}:{name}"
    if len(readable) <= MAX_EXTERNAL_ID:
        return readable
    return f"import:{source}:{hashlib.sha256(name.encode()).hexdigest()}"
