"""What stands packed, laid open: workbooks, Parquet, archives, mails and pages; a row of a table is a line."""

import gzip
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import openpyxl
from pyarrow import parquet

_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(?:p|tr|li|div|h\d|td|row|si)>", re.IGNORECASE)


def lay_open(content: bytes) -> bytes:
    """Return something as it is, and whatever is in it, as deep as it goes."""
    return b"\n".join(_unpack(content))


def lay_open_mail(content: bytes) -> bytes:
    """Return a mail as it is on its way, and its headers and parts as they are read."""
    mail = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    parts = [content]
    for part in mail.walk():
        parts += [f"{name}: {value}".encode() for name, value in part.items()]
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            parts.append(lay_open(payload))
    return b"\n".join(parts)


def read_text(markup: str) -> str:
    """Return the text of a page or a part of a document, which tags may stand in the middle of."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", markup)))


def _unpack(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"PK"):
        yield from _unpack_archive(content)
    elif content.startswith(b"PAR1"):
        yield from _unpack_parquet(content)
    elif content.startswith(b"\x1f\x8b"):
        yield lay_open(gzip.decompress(content))
    elif content.lstrip()[:1] == b"<":
        yield read_text(content.decode(errors="ignore")).encode()


def _unpack_archive(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield archive.comment
        for member in archive.infolist():
            yield member.filename.encode() + b"\n" + member.comment
            yield lay_open(archive.read(member))
        books = "xl/workbook.xml" in archive.namelist()
    if books:
        yield from _unpack_book(content)


def _unpack_book(content: bytes) -> Iterator[bytes]:
    """The rows of all sheets, hidden ones too: a text that many cells share stands in each."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        yield from (_write_row(row) for row in sheet.iter_rows(values_only=True))


def _unpack_parquet(content: bytes) -> Iterator[bytes]:
    file = parquet.ParquetFile(io.BytesIO(content))
    for about in (file.schema_arrow.metadata, file.metadata.metadata):
        yield from (name + b": " + text for name, text in (about or {}).items())
    yield from (_write_row(row) for row in file.read().to_pylist())


def _write_row(row: Any) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=str).encode()
