"""The header of a file from elsewhere: columns under all their names, each once, and the needed ones there."""

import pytest

from app.domain import import_columns
from app.domain.import_columns import COLUMNS, REQUIRED
from app.domain.import_records import File, Note

NEEDED = {
    File.IDEAS: ("id", "author", "title", "problem"),
    File.COMMENTS: ("id", "idea_id", "author", "body"),
}


@pytest.mark.parametrize("file", list(File))
def test_every_name_of_a_column_is_understood(file: File) -> None:
    for column, aliases in COLUMNS[file].items():
        others = [name for name in REQUIRED[file] if name != column]
        for alias in aliases:
            header = import_columns.read_header(file, [*others, alias])
            assert header.names[column] == alias
            assert (header.file, header.bad, header.notes) == (file, (), ())
            assert alias in import_columns.list_names(file)


@pytest.mark.parametrize("file", list(File))
def test_each_needed_column_that_is_missing_is_named(file: File) -> None:
    assert [bad.column for bad in import_columns.read_header(file, []).bad] == list(NEEDED[file])
    for missing in NEEDED[file]:
        header = import_columns.read_header(file, [name for name in NEEDED[file] if name != missing])
        assert [(bad.file, bad.line, bad.column, bad.code) for bad in header.bad] == [
            (file, 1, missing, "imports.column-missing")
        ]
        assert all(alias in header.bad[0].detail for alias in COLUMNS[file][missing])


def test_a_missing_column_is_told_of_under_each_of_its_names_apart() -> None:
    (bad,) = import_columns.read_header(File.IDEAS, ["id", "author", "problem"]).bad
    assert "title or titre" in bad.detail


def test_two_columns_that_mean_the_same_are_one_too_many() -> None:
    header = import_columns.read_header(File.IDEAS, [*NEEDED[File.IDEAS], "titre"])
    assert [(bad.file, bad.line, bad.column, bad.code) for bad in header.bad] == [
        (File.IDEAS, 1, "titre", "imports.column-twice")
    ]
    assert "title" in header.bad[0].detail
    assert header.names["title"] == "title"


def test_a_column_that_means_nothing_here_is_noted() -> None:
    header = import_columns.read_header(File.COMMENTS, ["weather", *NEEDED[File.COMMENTS]])
    assert header.bad == ()
    (note,) = header.notes
    assert (note.file, note.line, note.column, note.code) == (
        File.COMMENTS,
        1,
        "weather",
        "imports.column-ignored",
    )
    assert isinstance(note, Note)
    assert "weather" in note.detail
    assert set(header.names.values()) == set(NEEDED[File.COMMENTS])


@pytest.mark.parametrize(
    ("file", "verbatim", "other"),
    [
        (File.IDEAS, {"title", "titre", "body", "solution", "bénéfice"}, "tags"),
        (File.COMMENTS, {"body", "texte"}, "side"),
    ],
)
def test_texts_are_kept_with_every_character(file: File, verbatim: set[str], other: str) -> None:
    assert verbatim <= import_columns.list_verbatim(file)
    assert other not in import_columns.list_verbatim(file)
