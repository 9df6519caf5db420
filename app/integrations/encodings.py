"""Text files of unknown make: which encoding they are in, and where they are damaged."""

import re

from app.domain.errors import FieldProblem, Invalid

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE_END = re.compile(r"\r\n|\n|\r")


class UnreadableFile(Invalid):
    """The file can't be read."""

    code = "files.unreadable"

    def __init__(self, detail: str | None = None, *, line: int = 1, column: int | str | None = None) -> None:
        super().__init__(detail)
        self.line = line
        self.column = column
        place = f"/lines/{line}" if column is None else f"/lines/{line}/{column}"
        self.errors = (FieldProblem(place, self.detail),)


class UndecodableText(UnreadableFile):
    """The file has bytes that are no text: save it again in UTF-8."""

    code = "files.undecodable"


class NulCharacter(UnreadableFile):
    """The file has a NUL character: save it again in UTF-8."""

    code = "files.nul"


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file, without its mark, and the name of its encoding.

    1. A mark in front says UTF-8 or UTF-16.
    2. Without one it is UTF-8 if it reads as that.
    3. Else it is what French and English office programs wrote before (Windows-1252, with Latin-1 inside
       it); but a file whose other letters are mostly good UTF-8 is damaged UTF-8 and is refused.

    Raises: UndecodableText, NulCharacter; both name the line and the character.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    body = content.removeprefix(mark)
    if not mark and not _is_utf8(body) and not _is_damaged_utf8(body):
        encoding = "cp1252"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refuse(UndecodableText, body[: error.start].decode(encoding), encoding) from error
    if "\0" in text:
        raise _refuse(NulCharacter, text[: text.index("\0")], encoding)
    return text, encoding


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good > bad


def _refuse(kind: type[UnreadableFile], before: str, encoding: str) -> UnreadableFile:
    lines = _LINE_END.split(before)
    line, column = len(lines), len(lines[-1]) + 1
    place = f"It is at line {line}, character {column}, read as {encoding}."
    return kind(f"{kind.__doc__} {place}", line=line, column=column)
