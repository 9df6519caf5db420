"""The import of ideas from elsewhere: how rows are read, what they are matched with, and that it is once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import imports
from app.domain.import_columns import COLUMNS, list_names, read_header
from app.domain.import_records import (
    MAX_EXTERNAL_ID,
    Author,
    Counts,
    File,
    ImportPlan,
    ImportSnapshot,
    KnownComment,
    KnownIdea,
    Rows,
    name_placeholder,
)
from app.domain.import_rows import RowReader

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NOTHING = ImportSnapshot(default_theme="quality")
SOURCE = "agora"
GUIDE = Path(__file__).parents[2] / "docs" / "import.md"

Cells = Mapping[str, str]


def idea(source_id: str = "1", **cells: str) -> Cells:
    return {
        "id": source_id,
        "author": "Ana",
        "title": "Un titre",
        "body": "Un texte",
        "created_at": "2025-01-01",
    } | cells


def comment(source_id: str = "1", idea_id: str = "1", **cells: str) -> Cells:
    return {"id": source_id, "idea_id": idea_id, "author": "Ben", "body": "Oui"} | cells


def read(*ideas: Cells, comments: tuple[Cells, ...] = ()) -> Rows:
    readers = []
    for file, rows in ((File.IDEAS, ideas), (File.COMMENTS, comments)):
        header = read_header(file, {name: None for row in rows for name in row if name})
        readers.append(RowReader(header, "Europe/Paris", NOW))
    found = readers[0].read_ideas(enumerate(ideas, 2)), readers[1].read_comments(enumerate(comments, 2))
    return Rows(tuple(found[0]), tuple(found[1]), (*readers[0].bad, *readers[1].bad))


def plan(*ideas: Cells, comments: tuple[Cells, ...] = (), current: ImportSnapshot = NOTHING) -> ImportPlan:
    planned = imports.plan_import(read(*ideas, comments=comments), current, source=SOURCE)
    told = [bad.detail for bad in planned.bad] + [note.detail for note in planned.notes]
    assert all(detail.endswith(".") for detail in told), "whoever reads it gets a sentence"
    return planned


def codes(planned: ImportPlan) -> list[tuple[str, int, str, str]]:
    return [(bad.file.value, bad.line, bad.column, bad.code) for bad in planned.bad]


def settle(planned: ImportPlan) -> ImportSnapshot:
    """Return what there is after a plan was carried out, and nothing else."""
    return replace(
        NOTHING,
        placeholders={author.external_id: author.external_id for author in planned.placeholders},
        ideas={
            new.row.source_id: KnownIdea(
                f"i{new.row.source_id}", "withdrawn" if new.row.withdrawn else "submitted", new.row.texts
            )
            for new in planned.ideas
        },
        comments={
            new.row.source_id: KnownComment(
                f"c{new.row.source_id}",
                f"i{new.row.idea}",
                f"c{new.parent}" if new.parent else None,
                "" if new.row.withdrawn else new.row.body,
                new.row.withdrawn,
            )
            for new in planned.comments
        },
    )


@pytest.mark.parametrize("file", list(File))
def test_the_guide_names_every_column_and_no_name_means_two(file: File) -> None:
    found = list_names(file)
    assert len(found) == len(set(found))
    assert all(name == name.casefold() for name in found)
    chapter = GUIDE.read_text().split("\n### ")[1 if file is File.IDEAS else 2]
    for column, aliases in COLUMNS[file].items():
        row = next(line for line in chapter.splitlines() if line.startswith(f"| `{column}` |"))
        assert all(f"`{alias}`" in row for alias in aliases), row


def test_columns_have_other_names_too_but_each_once() -> None:
    header = read_header(File.IDEAS, ["identifiant", "auteur", "titre", "texte", "likes"])
    assert header.names == {"id": "identifiant", "author": "auteur", "title": "titre", "problem": "texte"}
    assert [(note.column, note.code) for note in header.notes] == [("likes", "imports.column-ignored")]
    header = read_header(File.IDEAS, ["id", "author", "body", "problem"])
    assert [(bad.column, bad.code) for bad in header.bad] == [
        ("problem", "imports.column-twice"),
        ("title", "imports.column-missing"),
    ]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("id", "", "empty"),
        ("id", "x" * 201, "too-long"),
        ("author", "", "empty"),
        ("author", "A\u202ena", "hidden-characters"),
        ("title", "Un", "too-short"),
        ("title", "x" * 251, "too-long"),
        ("title", "Un\x07 titre", "unreadable"),
        ("body", " \u200b\n", "empty"),
        ("body", "x" * 20_001, "too-long"),
        ("body", "a\0b", "unreadable"),
        ("body", "a\uffff", "unreadable"),
        ("solution", "x" * 20_001, "too-long"),
        ("section", "a\x1b", "unreadable"),
        ("tags", "x" * 61, "too-long"),
        ("tags", "roses;a\x07b", "unreadable"),
        ("tags", ";".join(map(str, range(18))), "too-many-tags"),
        ("created_at", "26/09/2015", "bad-time"),
        ("created_at", "2015-02-30", "bad-time"),
        ("created_at", "0001-01-01T00:00:00+14:00", "bad-time"),
        ("created_at", "1969-12-31", "bad-time"),
        ("created_at", "2026-01-05T10:00:01+01:00", "bad-time"),
        ("votes_for", "-1", "bad-number"),
        ("votes_for", "1.5", "bad-number"),
        ("votes_for", "9" * 5000, "bad-number"),
        ("votes_against", "²", "bad-number"),
        ("withdrawn", "perhaps", "bad-withdrawn"),
        ("stage", "deployed", "bad-stage"),
        ("", "one cell more", "too-many-cells"),
    ],
)
def test_a_bad_cell_is_named_and_the_same_row_without_it_is_taken(column: str, text: str, code: str) -> None:
    refused = plan(idea(), idea("2", **{column: text}))
    assert codes(refused) == [("ideas", 3, column, f"imports.{code}")]
    assert len(refused.ideas) == 1
    assert plan(idea(), idea("2")).bad == ()


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("idea_id", "", "empty"),
        ("body", "", "empty"),
        ("body", "x" * 5001, "too-long"),
        ("side", "x" * 21, "too-long"),
    ],
)
def test_a_bad_cell_of_a_comment_is_named(column: str, text: str, code: str) -> None:
    refused = plan(idea(), comments=(comment(**{column: text}),))
    assert codes(refused) == [("comments", 2, column, f"imports.{code}")]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2015-09-26T02:27:57+0200", datetime(2015, 9, 26, 0, 27, 57, tzinfo=UTC)),
        ("2015-09-26T02:27:57-09:30", datetime(2015, 9, 26, 11, 57, 57, tzinfo=UTC)),
        ("2015-09-26T02:27:57Z", datetime(2015, 9, 26, 2, 27, 57, tzinfo=UTC)),
        ("2015-09-26 02:27", datetime(2015, 9, 26, 0, 27, tzinfo=UTC)),
        ("2015-12-26", datetime(2015, 12, 25, 23, 0, tzinfo=UTC)),
        ("2026-01-05T10:00:00", NOW),
        ("", NOW),
    ],
)
def test_times_have_any_offset_and_else_the_zone_of_the_company(text: str, moment: datetime) -> None:
    found = read(idea(created_at=text)).ideas[0].created_at
    assert (found, found.utcoffset()) == (moment, timedelta(0))


readable = st.text(
    st.sampled_from(" \t\r\n\u00a0é€=")
    | st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=["L", "N", "P"]),
    max_size=20,
)


@given(readable, readable, readable, readable)
def test_texts_stay_as_they_are(title: str, problem: str, solution: str, body: str) -> None:
    rows = plan(
        idea(title=f"{title}abc", body=f"{problem}a", solution=solution), comments=(comment(body=f"b{body}"),)
    )
    assert rows.ideas[0].row.texts == (f"{title}abc", f"{problem}a", solution, "")
    assert rows.comments[0].row.body == f"b{body}"


def test_a_comment_keeps_its_side_its_time_and_what_it_answers() -> None:
    (said,) = read(
        comments=(comment("b", "7", side="pour", reply_to="a", created_at="2025-02-01T10:00:00+01:00"),)
    ).comments
    assert (said.source_id, said.idea, said.side, said.reply_to) == ("b", "7", "pour", "a")
    assert said.created_at == datetime(2025, 2, 1, 9, 0, tzinfo=UTC)
    (bare,) = read(comments=(comment(),)).comments
    assert (bare.side, bare.reply_to, bare.created_at, bare.withdrawn) == (None, "", NOW, False)


@pytest.mark.parametrize("word", ["1", "true", "YES", "oui", "vrai"])
def test_what_was_withdrawn_elsewhere_comes_in_withdrawn(word: str) -> None:
    assert read(idea(withdrawn=word)).ideas[0].withdrawn
    assert read(idea(stage="withdrawn")).ideas[0].withdrawn
    assert not read(idea(withdrawn="non", stage="submitted")).ideas[0].withdrawn
    (said,) = read(comments=(comment(withdrawn=word, body=""),)).comments
    assert (said.withdrawn, said.body) == (True, "")


def test_every_cell_of_an_idea_finds_its_place() -> None:
    (row,) = read(
        idea(
            "7",
            author_email="ANA@company.fr",
            solution="Oui",
            benefit="Du temps",
            section="Jardin",
            theme="Coûts",
            function="Achats",
            tags="a;b",
        )
    ).ideas
    assert (row.line, row.source_id, row.writer.name, row.writer.email) == (2, "7", "Ana", "ana@company.fr")
    assert row.texts == ("Un titre", "Un texte", "Oui", "Du temps")
    assert (row.section, row.theme, row.function, row.tags) == ("Jardin", "Coûts", "Achats", ("a", "b"))


@pytest.mark.parametrize(
    "cells",
    [
        {"id": "x" * 200},
        {"title": "x" * 250},
        {"title": "Oui"},
        {"body": "x"},
        {"body": "x" * 20_000},
        {"solution": "x" * 20_000},
        {"benefit": "x" * 20_000},
        {"section": "x" * 200, "theme": "x" * 200, "function": "x" * 200},
        {"author_email": "x" * 200},
        {"tags": "x" * 60},
        {"tags": ";".join(map(str, range(17)))},
        {"tags": "; ,"},
        {"votes_for": "999999999"},
        {"created_at": "1970-01-01T00:00:00Z"},
        {"withdrawn": "", "stage": ""},
    ],
)
def test_what_just_fits_is_taken(cells: dict[str, str]) -> None:
    assert plan(idea(**cells)).bad == ()
    assert plan(idea(), comments=(comment(body="x" * 5000, side="x" * 20),)).bad == ()


@pytest.mark.parametrize("column", ["section", "theme", "function", "author_email", "benefit"])
def test_what_is_longer_is_not(column: str) -> None:
    longest = 20_000 if column == "benefit" else 200
    assert codes(plan(idea(**{column: "x" * (longest + 1)}))) == [("ideas", 2, column, "imports.too-long")]


def test_votes_of_elsewhere_are_those_that_the_file_has() -> None:
    assert read(idea(votes_for="4055", votes_mixed="0", votes_against="")).ideas[0].votes == {
        "for": 4055,
        "mixed": 0,
    }
    assert read(idea()).ideas[0].votes == {}


def test_sections_find_functions_and_themes_and_are_kept_as_tags() -> None:
    current = replace(NOTHING, functions={"finance": "F"}, themes={"brand": "B", "marque": "B"})
    planned = plan(
        idea("1", section="  FINANCE "),
        idea("2", section="Marque"),
        idea("3", section="Jardin", tags="Roses; FLEURS,roses"),
        idea("4", section="Jardin", theme="brand", function="Finance"),
        idea("5", theme="Marque blanche", function="Marque"),
        idea("6", section="Une section " + "très " * 20),
        current=current,
    )
    assert [(new.theme_id, new.function_id, new.tags) for new in planned.ideas[:5]] == [
        ("quality", "F", ("finance",)),
        ("B", None, ("marque",)),
        ("quality", None, ("jardin", "roses", "fleurs")),
        ("B", "F", ("jardin",)),
        ("quality", None, ("marque blanche", "marque")),
    ]
    assert len(planned.ideas[5].tags[0]) <= 60
    assert [(note.line, note.column) for note in planned.notes] == [
        (4, "section"),
        (6, "theme"),
        (6, "function"),
        (7, "section"),
    ]
    assert {(note.file, note.code) for note in planned.notes} == {(File.IDEAS, "imports.unknown-name")}


def test_authors_are_employees_or_placeholders_of_their_name() -> None:
    ana, ben, cid = (Author(letter) for letter in "ABC")
    current = replace(
        NOTHING,
        employees={"E1": ana, "E3": cid},
        addresses={"ben@company.fr": ben},
        placeholders={f"import:{SOURCE}:Dora": "D"},
    )
    planned = plan(
        idea("1", author="E1"),
        idea("2", author="Ben@Company.fr "),
        idea("3", author="E3", author_email="BEN@company.fr"),
        idea("4", author="Dora"),
        idea("5", author="Eve", author_email="eve@elsewhere.fr"),
        idea("6", author="Eve"),
        comments=(comment("1", author="eve"), comment("2", author="Eve")),
        current=current,
    )
    assert [new.author.id for new in planned.ideas] == ["A", "B", "B", "D", None, None]
    assert [author.name for author in planned.placeholders] == ["Eve", "eve"]
    assert [author.external_id for author in planned.placeholders] == ["import:agora:Eve", "import:agora:eve"]
    assert planned.matched == 2


def test_long_names_have_placeholders_of_their_own_too() -> None:
    ids = {name_placeholder("s", "x" * length) for length in range(180, 201)}
    assert len(ids) == 21
    assert all(len(external_id) <= MAX_EXTERNAL_ID for external_id in ids)


@pytest.mark.parametrize(
    ("source", "good"), [("République 2015", True), ("", False), ("a:b", False), ("x" * 61, False)]
)
def test_a_source_has_a_name_that_mixes_with_no_other(source: str, good: bool) -> None:
    bad = imports.find_bad_source(source)
    assert (bad is None) is good
    if bad is not None:
        assert (bad.file, bad.line, bad.column, bad.code) == (File.IDEAS, 0, "source", "imports.bad-source")
        assert bad.detail.endswith(".")


def test_a_bad_row_stands_in_no_others_way() -> None:
    planned = plan(
        idea("1", title=""),
        idea("2"),
        comments=(comment("a", "2"), comment("b", "2"), comment("c", "2", withdrawn="1", body="")),
    )
    assert [(new.row.source_id, new.comments) for new in planned.ideas] == [("2", 2)]


def test_an_id_stands_once_in_a_file() -> None:
    refused = plan(idea(), idea(), comments=(comment(), comment()))
    assert codes(refused) == [
        ("comments", 3, "id", "imports.id-twice"),
        ("ideas", 3, "id", "imports.id-twice"),
    ]


def test_comments_belong_to_an_idea_that_takes_them() -> None:
    texts = ("Un titre", "Un texte", "", "")
    current = replace(
        NOTHING, ideas={"8": KnownIdea("i8", "merged", texts), "9": KnownIdea("i9", "withdrawn", texts)}
    )
    planned = plan(
        idea("1"),
        idea("2", title=""),
        comments=(
            comment("a", "1"),
            comment("b", "2"),
            comment("c", "3"),
            comment("d", "8"),
            comment("e", "9"),
            comment("f", "1", withdrawn="oui", body=""),
        ),
        current=current,
    )
    assert codes(planned) == [
        ("comments", 4, "idea_id", "imports.unknown-idea"),
        ("comments", 5, "idea_id", "comments.closed"),
        ("ideas", 3, "title", "imports.empty"),
    ]
    assert {new.row.source_id: new.idea_id for new in planned.comments} == {
        "a": None,
        "b": None,
        "e": "i9",
        "f": None,
    }
    assert planned.ideas[0].comments == 1
    assert planned.comment_counts == Counts(created=4, withdrawn=1)


def test_replies_to_replies_join_the_thread() -> None:
    known = {
        "k": KnownComment("ck", "i9", None, "Oui", False),
        "l": KnownComment("cl", "i9", "ck", "Oui", True),
    }
    current = replace(NOTHING, ideas={"9": KnownIdea("i9", "submitted", ("", "", "", ""))}, comments=known)
    planned = plan(
        idea("1"),
        comments=(
            comment("d", reply_to="c"),
            comment("c", reply_to="b"),
            comment("b", reply_to="a"),
            comment("a"),
            comment("e", reply_to="b"),
            comment("m", "9", reply_to="l"),
            comment("n", "9", reply_to="m"),
        ),
        current=current,
    )
    assert planned.bad == ()
    assert {new.row.source_id: new.parent or new.parent_id for new in planned.comments} == {
        "a": None,
        "b": "a",
        "c": "a",
        "d": "a",
        "e": "a",
        "m": "ck",
        "n": "ck",
    }
    order = [new.row.source_id for new in planned.comments]
    assert order.index("a") < min(order.index(reply) for reply in "bcde")


@pytest.mark.parametrize(
    "comments",
    [
        (comment("a", reply_to="z"),),
        (comment("a", reply_to="a"),),
        (comment("a", reply_to="b"), comment("b", reply_to="a")),
        (comment("a", reply_to="b"), comment("b", "2")),
    ],
)
def test_a_reply_without_a_place_is_refused(comments: tuple[Any, ...]) -> None:
    refused = {(column, code) for _, _, column, code in codes(plan(idea("1"), idea("2"), comments=comments))}
    assert refused == {("reply_to", "imports.bad-reply")}


def test_deep_threads_take_no_longer_than_flat_ones() -> None:
    deep = tuple(comment(str(n), reply_to=str(n + 1)) for n in range(20_000))
    planned = plan(idea(), comments=(*deep, comment("20000")))
    assert {new.parent for new in planned.comments} == {None, "20000"}
    circle = tuple(comment(str(n), reply_to=str((n + 1) % 20_000)) for n in range(20_000))
    assert len(plan(idea(), comments=circle).bad) == 20_000


def test_what_came_in_before_is_never_made_again() -> None:
    files = (
        idea("1", section="Jardin"),
        idea("2", withdrawn="1"),
    )
    comments = (comment("a"), comment("b", reply_to="a"), comment("c", withdrawn="1"))
    first = plan(*files, comments=comments)
    again = plan(*files, comments=comments, current=settle(first))
    assert (first.idea_counts, first.comment_counts) == (Counts(2, 1), Counts(3, 1))
    assert again == ImportPlan(idea_counts=Counts(unchanged=2), comment_counts=Counts(unchanged=3))


def test_what_differs_is_noted_and_stays() -> None:
    current = settle(plan(idea("1"), idea("2"), comments=(comment("a"), comment("b"))))
    again = plan(
        idea("1", body="Un autre texte"),
        idea("2", withdrawn="1"),
        comments=(comment("a", body="Non"), comment("b")),
        current=current,
    )
    assert (again.ideas, again.comments, again.bad) == ((), (), ())
    assert again.idea_counts == Counts(changed=2)
    assert again.comment_counts == Counts(unchanged=1, changed=1)
    assert [(note.file.value, note.line, note.column, note.code) for note in again.notes] == [
        ("ideas", 2, "id", "imports.changed"),
        ("ideas", 3, "id", "imports.changed"),
        ("comments", 2, "id", "imports.changed"),
    ]
