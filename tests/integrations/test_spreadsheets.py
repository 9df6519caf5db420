"""CSV of any make is read alike, damage is named where it is, and no written cell is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations import spreadsheets
from app.integrations.encodings import NulCharacter, UndecodableText, UnreadableFile

REQUIRED = ("id", "name")
OPTIONAL = ("functions", "text")

Rows = list[tuple[int, dict[str, str]]]


def read(content: bytes, **options: object) -> Rows:
    table = spreadsheets.read_csv(content, required=REQUIRED, optional=OPTIONAL, **options)  # type: ignore[arg-type]
    return list(table.rows)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_every_make_reads_alike(encoding: str, delimiter: str, newline: str) -> None:
    lines = [
        ["id", "name", "functions"],
        ["e1", "Zoé Lefèvre", '"Achats;Qualité, sécurité"'],
        ["e2", '"Noël ""Nono"" Ôgé"', ""],
    ]
    content = "".join(delimiter.join(line) + newline for line in lines).encode(encoding)
    table = spreadsheets.read_csv(content, required=REQUIRED, optional=OPTIONAL)
    assert table.delimiter == delimiter
    assert table.columns == ("id", "name", "functions")
    assert list(table.rows) == [
        (2, {"id": "e1", "name": "Zoé Lefèvre", "functions": "Achats;Qualité, sécurité"}),
        (3, {"id": "e2", "name": 'Noël "Nono" Ôgé', "functions": ""}),
    ]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_both_orders(mark: bytes) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert read(mark + "id\tname\ne1\tŁukasz 🙂".encode(order)) == [(2, {"id": "e1", "name": "Łukasz 🙂"})]


def test_the_euro_sign_of_windows() -> None:
    assert read("id;name\n1;10 € à l’œil".encode("cp1252")) == [(2, {"id": "1", "name": "10 € à l’œil"})]


def test_line_numbers_count_the_lines_of_the_file() -> None:
    content = b'id,name,text\n1,a,"two\nlines"\n\n,,\n2,b,\r\n3,c,"x\r\ny\r\nz"\n4,d,'
    assert [line for line, _ in read(content)] == [2, 6, 7, 10]


def test_a_first_line_may_name_the_separator() -> None:
    assert read(b"sep=;\r\nid;name\r\n1;a,b\r\n") == [(3, {"id": "1", "name": "a,b"})]


def test_a_header_of_one_column_more_than_the_rows_need() -> None:
    assert read(b" ID ,\tName\xc2\xa0,,\n1,a,,\n2,b\n") == [
        (2, {"id": "1", "name": "a"}),
        (3, {"id": "2", "name": "b"}),
    ]


def test_cells_are_trimmed_unless_they_are_verbatim() -> None:
    content = 'id,name,text\r\n 1 ,"\u00a0a ","  kept\r\n\tas it is "\r\n'.encode()
    expected = {"id": "1", "name": "a", "text": "  kept\r\n\tas it is "}
    assert read(content, verbatim={"text"}) == [(2, expected)]


def test_line_separators_that_only_python_knows_split_nothing() -> None:
    name = "a\u2028b\x85c\x0bd\x1ce"
    assert read(f"id,name\n1,{name}\n".encode()) == [(2, {"id": "1", "name": name})]


def test_what_stands_beyond_the_header_is_kept_apart() -> None:
    assert read(b"id,name\n1,a,b, ,c\n") == [(2, {"id": "1", "name": "a", spreadsheets.EXTRA: "b, c"})]


def test_unknown_columns_may_be_kept() -> None:
    assert read(b"Votes,id,name\n7,1,a\n", keep_unknown=True) == [(2, {"votes": "7", "id": "1", "name": "a"})]


@pytest.mark.parametrize("content", [b"id,name", b"id,name\n", b"id,name\r\n,\r\n\r\n"])
def test_a_header_alone_has_no_rows(content: bytes) -> None:
    assert read(content) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["missing", "id", "name"]),
        (b"id\n1\n", ["missing", "name"]),
        (b"id,name,colour,ID\n", ["not known", "colour", "functions"]),
        (b"id,name,ID\n", ["more than once", "id"]),
        (b"id,,name\n", ["no name", "2"]),
        (b"id name\n", ["not known", "id name"]),
    ],
)
def test_wrong_columns_are_named(content: bytes, words: list[str]) -> None:
    with pytest.raises(spreadsheets.WrongColumns) as refused:
        read(content)
    assert all(word in refused.value.detail for word in words)


@pytest.mark.parametrize(
    ("content", "kind", "line", "column"),
    [
        (b"id,name\n1,a\0b\n", NulCharacter, 2, 4),
        ("id,name\n1,a".encode("utf-16-le"), NulCharacter, 1, 2),
        (b"id,name\nZo\xc3\xa9,\xff\n2,Aim\xc3\xa9\n", UndecodableText, 2, 5),
        (b"\xef\xbb\xbfid,name\n1,\xe9\n", UndecodableText, 2, 3),
        (b"id,name\r\n1,a\r\n2,\x81\xe9\n", UndecodableText, 3, 3),
        (b"\xff\xfe" + "id,name\n1,".encode("utf-16-le") + b"\x00\xd8a\0", UndecodableText, 2, 3),
        (b"\xff\xfei\0d", UndecodableText, 1, 2),
        (b'id,name\n1,a\n2,"b\n3,c\n', spreadsheets.BrokenQuotes, 3, None),
        (b'id,name\n1,"a"b\n', spreadsheets.BrokenQuotes, 2, None),
        (b"id,name\n1," + b"x" * 11 + b"\n", spreadsheets.CellTooLong, 2, 2),
        (b'id,name\n1,a\n2,"' + b"x\n" * 90_000, spreadsheets.CellTooLong, 3, None),
        (b"id,name\n" + b"1,a\n" * 4, spreadsheets.TooManyRows, 5, None),
        (b"id,name,text\n1,a,b\n2,b", spreadsheets.CutFile, 3, None),
    ],
)
def test_damage_is_named_where_it_is(
    content: bytes, kind: type[UnreadableFile], line: int, column: int | None
) -> None:
    with pytest.raises(kind) as refused:
        read(content, max_cell=10, max_rows=3)
    assert type(refused.value) is kind
    assert (refused.value.line, refused.value.column) == (line, column)
    assert refused.value.errors[0].pointer.startswith(f"/lines/{line}")


def test_a_text_of_twenty_thousand_characters_is_taken() -> None:
    text = "é\n" * 10_000
    assert read(f'id,name,text\n1,a,"{text}"\n'.encode(), verbatim={"text"})[0][1]["text"] == text


awkward = st.sampled_from(" ,;\t\"'\r\n=+-@\uff1d|aé€")
any_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
cells = st.text(awkward | any_characters, max_size=12)


@given(
    st.lists(st.tuples(cells, cells), max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[tuple[str, str]], encoding: str, delimiter: str, newline: str
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "name"), *rows])
    content = file.getvalue().encode(encoding)
    read_back = [(row["id"], row["name"]) for _, row in read(content, verbatim=REQUIRED)]
    assert read_back == [row for row in rows if any(cell.strip() for cell in row)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        rows = read(b"id,name\n" + content)
    except UnreadableFile:
        return
    assert all("id" in row and "\0" not in "".join(row.values()) for _, row in rows)


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\tx",
    "\rx",
    "\nx",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "  =1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    '"=1',
    ";=1",
    ',"=1',
    "'=1",
    "''-1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_written_cell_is_a_formula(text: str) -> None:
    assert spreadsheets.write_cell(text) == "'" + text
    assert spreadsheets.read_cell("'" + text) == text


@pytest.mark.parametrize("text", ["", "a=b", "l'idée - simple", "'quoted'", "10 %", "«=»", "🙂=1"])
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert spreadsheets.write_cell(text) == text
    assert spreadsheets.read_cell(text) == text


@given(cells)
def test_every_written_text_can_be_had_back(text: str) -> None:
    written = spreadsheets.write_cell(text)
    assert spreadsheets.read_cell(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
