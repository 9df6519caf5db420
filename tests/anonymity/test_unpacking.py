"""A marker is found in whatever form, in whatever it is packed: sheets, Parquet, archives, mails, chats, pushes."""

import gzip
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from pyarrow import parquet

from app.domain.preferences import Channel
from app.integrations.letters import Letter
from app.integrations.letters.shapes import Line
from app.integrations.posts import Outgoing, PushKeys
from tests.anonymity.searching import find, find_beside
from tests.anonymity.stage import Said
from tests.anonymity.unpacking import lay_open, lay_open_mail
from tests.anonymity.wires import Wires
from tests.chaos.push_service import Browser

MARK = "Quetzalfrau"
HALVES = ("Quetzal", "frau")


def has_mark(content: bytes) -> bool:
    return bool(find({"here": content}, [MARK]))


def save(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def mark_shared_text() -> bytes:
    """Two letters of a text in bold break it in two where it is kept."""
    book = openpyxl.Workbook()
    book.active["B2"] = CellRichText(HALVES[0], TextBlock(InlineFont(b=True), HALVES[1]))
    return save(book)


def mark_hidden_sheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Second")
    sheet.sheet_state = "hidden"
    sheet["A1"] = MARK
    return save(book)


def mark_properties() -> bytes:
    book = openpyxl.Workbook()
    book.properties.lastModifiedBy = MARK
    return save(book)


def write_parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd", write_statistics=False)
    return file.getvalue()


def mark_column() -> bytes:
    texts = [f"{number} {MARK if number == 500 else 'nobody'}" for number in range(1000)]
    return write_parquet(pa.table({"text": texts}))


def mark_metadata() -> bytes:
    return write_parquet(pa.table({"text": ["x"]}).replace_schema_metadata({"by": MARK}))


def mark_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.gz", gzip.compress(MARK.encode()))
    return file.getvalue()


def mark_page() -> bytes:
    return "<p>{}<b>{}</b></p>".format(*HALVES).encode()


PACKED: dict[str, Callable[[], bytes]] = {
    "a shared text in two runs": mark_shared_text,
    "a hidden sheet": mark_hidden_sheet,
    "the properties of a workbook": mark_properties,
    "a column of Parquet": mark_column,
    "the metadata of Parquet": mark_metadata,
    "an archive in an archive": mark_archive,
    "a page": mark_page,
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=list(PACKED))
def test_a_marker_is_found_in_what_is_packed(pack: Callable[[], bytes]) -> None:
    assert has_mark(lay_open(pack()))


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_a_marker_is_found_in_a_part_of_a_mail(encoding: str, subtype: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Bonjour"
    mail.set_content("nobody", cte=encoding)
    # So far to the right that the line is broken within it.
    mail.add_alternative("x" * 70 + MARK, subtype=subtype, cte=encoding)
    assert MARK.encode() not in mail.as_bytes()
    assert has_mark(lay_open_mail(mail.as_bytes()))


def test_a_marker_is_found_in_an_encoded_header() -> None:
    mail = EmailMessage()
    mail["Subject"] = f"Éteindre, selon {'é'.join(HALVES)}"
    mail.set_content("nobody")
    assert find({"here": lay_open_mail(mail.as_bytes())}, ["Quetzaléfrau"])


@pytest.mark.parametrize("channel", Channel)
async def test_a_marker_is_found_in_what_is_sent(channel: Channel) -> None:
    browser, wires = Browser("max"), Wires()
    subscription = browser.subscribe("https://push.example")
    wires.browsers[subscription["endpoint"]] = browser
    line = Line(MARK, "https://ideas.example/ideas/1", "Lire")
    letter = Letter("fr", MARK, MARK, f"<p>{MARK}</p>", (line,))
    address = subscription["endpoint"] if channel is Channel.PUSH else "max@company.example"
    keys = PushKeys(**subscription["keys"])
    now = datetime(2026, 1, 6, tzinfo=UTC)
    sent = Outgoing("a" * 24, address, letter, "ideas.late", f"/ideas/{MARK}", now, push_keys=keys)
    assert has_mark(await wires.read(Said(channel.value, address, "", sent)))


@pytest.mark.parametrize("form", [str, quote, escape, str.upper, lambda text: normalize("NFD", text)])
def test_a_marker_is_found_in_every_form(form: Any) -> None:
    got = {"here": f"Il y a {form('Zoraïde')} ici".encode(), "there": b"nobody"}
    assert find(got, ["Zoraïde"]) == {"here": ["Zoraïde"]}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_marker_is_found_in_what_was_encoded(before: str) -> None:
    code = b64encode(f"{before}{MARK}, oui".encode())
    assert find({"here": b"cursor=" + code}, [MARK]) == {"here": [MARK]}


@pytest.mark.parametrize(
    ("name", "what", "found"),
    [
        ("Max /ideas/unnamed", "by Quetzalfrau", True),
        ("max@company.example message 1 by email", "Quetzalfrau\n\nunnamed", True),
        ("Max /ideas", "200\n\n" + json.dumps({"items": [{"id": "unnamed", "by": {"name": MARK}}]}), True),
        ("Max /ideas", "200\n\n" + json.dumps({"items": [{"id": "unnamed"}, {"name": MARK}]}), False),
        ("Max /me/data.html", f"<tr><td>unnamed</td><td>{MARK}</td></tr>", True),
        ("Max /me/data.html", f"<tr><td>unnamed</td></tr><tr><td>{MARK}</td></tr>", False),
        ("Ian /exports/ideas.csv", f"unnamed,{MARK}\r\n", True),
        ("Ian /exports/ideas.csv", f"unnamed,\r\nother,{MARK}\r\n", False),
    ],
)
def test_a_marker_is_found_beside_an_idea(name: str, what: str, found: bool) -> None:
    assert bool(find_beside({name: what.encode()}, [MARK], ["unnamed"])) is found


def test_a_row_of_shared_texts_is_read_as_one() -> None:
    book = openpyxl.Workbook()
    for row in (("unnamed", MARK), ("other", "nobody")):
        book.active.append(row)
    got = {"Ian /exports/ideas.xlsx": lay_open(save(book))}
    assert find_beside(got, [MARK], ["unnamed"])
    assert not find_beside(got, [MARK], ["other"])
