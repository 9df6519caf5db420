"""The import of ideas and comments from elsewhere: everything that it would do, before anything is done."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from app.domain import names
from app.domain.comments import CLOSED, DiscussionClosed
from app.domain.errors import Conflict
from app.domain.import_records import (
    Author,
    BadRow,
    CommentRow,
    Counts,
    File,
    IdeaRow,
    ImportPlan,
    ImportSnapshot,
    NewComment,
    NewIdea,
    Note,
    Rows,
    Writer,
    name_placeholder,
)
from app.domain.import_rows import MAX_TAG, fold_tag
from app.domain.import_threads import Threads
from app.domain.pipeline import Stage

DEFAULT_SOURCE = "import"
"""The name of the place that files come from, when nobody says another."""

DEFAULT_THEME = "quality_of_service"
"""The key of the theme of an idea whose row names none that exists."""

_SOURCE = re.compile(r"\w[\w. -]{0,59}")


Row = TypeVar("Row", IdeaRow, CommentRow)


class ImportedMeanwhile(Conflict):
    """Another import of the same source ran at the same moment: nothing was written, repeat yours."""

    code = "imports.meanwhile"


def find_bad_source(source: str) -> BadRow | None:
    """Return what is wrong with the name of a source; None if nothing is."""
    if _SOURCE.fullmatch(source):
        return None
    detail = "The name of a source has 1 to 60 letters, digits, blanks, dots, dashes."
    return BadRow(File.IDEAS, 0, "source", "imports.bad-source", detail)


def plan_import(rows: Rows, current: ImportSnapshot, *, source: str) -> ImportPlan:
    """Plan an import.

    1. An id of elsewhere that came in before from this source is never made again: its row is unchanged, or
       changed if its content differs, which is noted and left as it is here.
    2. A section, theme or function is looked up by its name; a name that is unknown, and every section, is
       kept as a tag.
    3. Authors are active employees, by e-mail or external id, else placeholders, one for each name.
    4. A comment needs an idea of the same source, in the file or here, that takes comments.

    Guarantees: the same files again plan nothing. The counts are those of the rows that could be taken; with
    a bad row nothing of it may be written.
    """
    draft = _Draft(source, current, {row.source_id for row in rows.ideas}, list(rows.bad))
    for idea in draft.take_once(File.IDEAS, rows.ideas):
        draft.add_idea(idea)
    ideas = {source_id: idea.id for source_id, idea in current.ideas.items()}
    threads = Threads({row.source_id: row for row in rows.comments}, current.comments, ideas)
    for comment in draft.take_once(File.COMMENTS, rows.comments):
        draft.add_comment(comment, threads)
    return draft.finish(rows.notes)


@dataclass(slots=True)
class _Draft:
    """A plan that grows row by row; `idea_ids` are all that the file names, those of bad rows too."""

    source: str
    snapshot: ImportSnapshot
    idea_ids: set[str]
    bad: list[BadRow]
    authors: dict[Writer, Author] = field(default_factory=dict)
    ideas: list[NewIdea] = field(default_factory=list)
    comments: list[NewComment] = field(default_factory=list)
    standing: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[File] = field(default_factory=Counter)
    changed: list[Note] = field(default_factory=list)
    unknown: dict[str, Note] = field(default_factory=dict)

    def take_once(self, file: File, rows: Iterable[Row]) -> Iterator[Row]:
        """Give the rows of which every cell could be read and whose id is in the file once."""
        unreadable = {bad.line for bad in self.bad if bad.file is file}
        first: dict[str, int] = {}
        for row in rows:
            line = first.setdefault(row.source_id, row.line)
            if row.line in unreadable:
                continue
            if line == row.line:
                yield row
            else:
                self._refuse(row, "id", "imports.id-twice", f"This id stands in line {line} already.")

    def add_idea(self, row: IdeaRow) -> None:
        """Take in one idea."""
        known = self.snapshot.ideas.get(row.source_id)
        if known is not None:
            gone = row.withdrawn and known.stage != Stage.WITHDRAWN
            self._compare(row, same=known.texts == row.texts and not gone)
            return
        self.ideas.append(
            NewIdea(
                row,
                self._find_author(row.writer),
                self._find(self.snapshot.themes, row.theme, row.section) or self.snapshot.default_theme,
                self._find(self.snapshot.functions, row.function, row.section),
                self._list_tags(row),
            )
        )

    def add_comment(self, row: CommentRow, threads: Threads) -> None:
        """Take in one comment; one under an idea that can't be taken is not refused for that."""
        known = self.snapshot.comments.get(row.source_id)
        if known is not None:
            same = known.deleted or (not row.withdrawn and known.body == row.body)
            self._compare(row, same=same)
            return
        idea = self.snapshot.ideas.get(row.idea)
        if idea is None and row.idea not in self.idea_ids:
            detail = "There is no idea of this id, neither in the file nor from this source."
            self._refuse(row, "idea_id", "imports.unknown-idea", detail)
        elif idea is not None and idea.stage in CLOSED:
            self._refuse(row, "idea_id", DiscussionClosed.code, "The idea takes no comments where it stands.")
        elif (place := threads.find_place(row)).problem:
            self._refuse(row, "reply_to", "imports.bad-reply", place.problem)
        else:
            author = self._find_author(row.writer)
            idea_id = idea.id if idea else None
            self.comments.append(NewComment(row, author, idea_id, place.parent, place.parent_id))
            self.standing[row.idea] += not row.withdrawn

    def finish(self, notes: Iterable[Note]) -> ImportPlan:
        """Return the plan."""
        writers = [new.author for new in self.ideas] + [new.author for new in self.comments]
        authors = list(dict.fromkeys(writers))
        return ImportPlan(
            placeholders=tuple(author for author in authors if author.id is None),
            matched=sum(not author.external_id for author in authors),
            ideas=tuple(replace(new, comments=self.standing[new.row.source_id]) for new in self.ideas),
            comments=tuple(sorted(self.comments, key=lambda new: new.parent is not None)),
            idea_counts=self._count(File.IDEAS, [new.row for new in self.ideas]),
            comment_counts=self._count(File.COMMENTS, [new.row for new in self.comments]),
            bad=tuple(sorted(self.bad)),
            notes=(*notes, *self.unknown.values(), *self.changed),
        )

    def _refuse(self, row: Row, column: str, code: str, detail: str) -> None:
        self.bad.append(BadRow(row.file, row.line, column, code, detail))

    def _count(self, file: File, new: Sequence[IdeaRow | CommentRow]) -> Counts:
        return Counts(
            created=len(new),
            withdrawn=sum(row.withdrawn for row in new),
            unchanged=self.unchanged[file],
            changed=sum(note.file is file for note in self.changed),
        )

    def _compare(self, row: Row, *, same: bool) -> None:
        if same:
            self.unchanged[row.file] += 1
            return
        detail = "It came in before with another content, or was changed here: it stays as it is."
        self.changed.append(Note(row.file, row.line, "id", "imports.changed", detail))

    def _find_author(self, writer: Writer) -> Author:
        if writer not in self.authors:
            self.authors[writer] = self._match(writer)
        return self.authors[writer]

    def _match(self, writer: Writer) -> Author:
        addresses, employees = self.snapshot.addresses, self.snapshot.employees
        found = (
            addresses.get(writer.email)
            or employees.get(writer.name)
            or addresses.get(names.fold_email(writer.name))
        )
        if found is not None:
            return found
        external_id = name_placeholder(self.source, writer.name)
        return Author(self.snapshot.placeholders.get(external_id), external_id, writer.name)

    def _find(self, known: Mapping[str, str], *called: str) -> str | None:
        return next((known[name] for name in map(names.fold, called) if name in known), None)

    def _list_tags(self, row: IdeaRow) -> tuple[str, ...]:
        themes, functions = self.snapshot.themes, self.snapshot.functions
        tags = [row.section]
        for column, text, known in (
            ("section", row.section, themes.keys() | functions.keys()),
            ("theme", row.theme, themes.keys()),
            ("function", row.function, functions.keys()),
        ):
            name = names.fold(text)
            if name and name not in known:
                detail = f"There is no {column} called {text!r} here: it is kept as a tag."
                note = Note(File.IDEAS, row.line, column, "imports.unknown-name", detail)
                self.unknown.setdefault(f"{column}:{name}", note)
                tags.append(text)
        folded = [fold_tag(tag)[:MAX_TAG].strip() for tag in (*tags, *row.tags)]
        return tuple(tag for tag in dict.fromkeys(folded) if tag)
