"""JSON from strangers: one reading only, bounded in depth, size and numbers, storable on every database."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final, Never

from app.core.characters import UNSTORABLE, is_storable

MAX_DEPTH = 64
MAX_MEMBERS = 10_000
"""Commas and opening brackets of a document: never fewer than the values that it holds."""

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_INT_DIGITS = len(str(_INT_MIN))
_FLOAT_CHARACTERS = 1000
_SHOWN = 60

# One match leads over strings and all else to the next structural character or to the end: possessive
# throughout, unterminated strings included, so that time is linear whatever the bytes.
_STRUCTURE = re.compile(
    rb'(?:[^"{}\[\],]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"?)*+([{}\[\],]|\Z)',
    re.DOTALL,
)
_SUSPECT_ESCAPE = re.compile(r"\\u(?:0000|[dD][89abAB-Fc-f]|[fF][dDfF])")
# Escapes one after the other, as a reader takes them: sound pairs are passed over, other codes given back.
_ESCAPES = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD](?![fF]{2}[eEfF])[c-fC-F]..|(u....)|.)")


class InvalidJson(Exception):
    """The body can't be taken; `pointer` (RFC 6901) leads to the fault, "" is the whole document."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        self.detail = detail
        self.pointer = pointer
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class _Fault(Exception):
    detail: str


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, duplicates and order kept."""


def loads(body: bytes, *, max_depth: int = MAX_DEPTH, max_members: int = MAX_MEMBERS) -> Any:
    """Read a JSON document (RFC 8259), strictly.

    Refused beside wrong syntax: other encodings than UTF-8, a byte order mark, NaN and infinities, numbers
    that overflow a double, integers beyond 64 bits with sign, the same key twice in an object, more than
    `max_depth` nested containers, more than `max_members` values, and, in keys and strings, what not every
    database stores or what is no text: NUL, lone surrogates and noncharacters (RFC 9839, 2.2). Takes time and
    memory in proportion to the body.

    Raises: InvalidJson.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise InvalidJson(f"The body is not UTF-8: byte {error.start + 1} is wrong.") from error
    _check_shape(body, max_depth, max_members)
    try:
        value = _FAST.decode(text)
    except (ValueError, _Fault) as error:
        raise _explained(text) from error
    if _is_suspect(body, text) and (fault := _find_fault(text)):
        raise fault
    return value


def _check_shape(body: bytes, max_depth: int, max_members: int) -> None:
    # Counted over the strings' content too at first: a document of ordinary size passes by this alone.
    opened = body.count(b"{") + body.count(b"[")
    if opened <= max_depth and opened + body.count(b",") <= max_members:
        return
    depth = members = 0
    for found in _STRUCTURE.finditer(body):
        match found[1]:
            case b"{" | b"[":
                depth += 1
                members += 1
            case b"}" | b"]":
                depth -= 1
            case b",":
                members += 1
        if depth > max_depth:
            raise InvalidJson(f"The document is nested more than {max_depth} levels deep.")
        if members > max_members:
            raise InvalidJson(f"The document holds more than {max_members:,} values.")


def _is_suspect(body: bytes, text: str) -> bool:
    if "\\u" in text and _SUSPECT_ESCAPE.search(text):
        codes = _ESCAPES.findall(text)
        if any(_SUSPECT_ESCAPE.match("\\" + code) for code in codes if code):
            return True
    # In UTF-8 a noncharacter ends with BF BE or BF BF, or begins with EF B7. One byte alone is found fastest.
    if b"\xbf" not in body and b"\xef" not in body:
        return False
    return b"\xbf\xbe" in body or b"\xbf\xbf" in body or b"\xef\xb7" in body


def _explained(text: str) -> InvalidJson:
    try:
        fault = _find_fault(text)
    except json.JSONDecodeError as error:
        if not text.strip():
            return InvalidJson("The body is empty; a JSON document was expected.")
        if text.startswith("\ufeff"):
            return InvalidJson("The body begins with a byte order mark.")
        return InvalidJson(f"The body is not JSON: line {error.lineno}, column {error.colno}.")
    return fault or InvalidJson("The body is not JSON.")


def _find_fault(text: str) -> InvalidJson | None:
    """Read the document again, keeping what the fast reader drops, and return its first fault."""
    pending: list[tuple[str, Any]] = [("", _FAITHFUL.decode(text))]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, _Fault):
            return InvalidJson(value.detail, pointer)
        if isinstance(value, str) and not is_storable(value):
            return InvalidJson("The text holds NUL, a lone surrogate or a noncharacter.", pointer)
        if isinstance(value, _Pairs):
            seen: set[str] = set()
            for key, _ in value:
                if not is_storable(key):
                    return InvalidJson("A key holds NUL, a lone surrogate or a noncharacter.", pointer)
                if key in seen:
                    return InvalidJson("The key stands twice in its object.", _below(pointer, key))
                seen.add(key)
            pending.extend((_below(pointer, key), member) for key, member in reversed(value))
        elif isinstance(value, list):
            pending.extend((f"{pointer}/{index}", value[index]) for index in reversed(range(len(value))))
    return None


def _below(pointer: str, key: str) -> str:
    shown = UNSTORABLE.sub("\ufffd", key[:_SHOWN]).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{shown}"


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DUPLICATE
    return members


def _integer(digits: str) -> int:
    # Length first: Python refuses to convert some thousand digits, and takes quadratic time below that.
    if len(digits) <= _INT_DIGITS and _INT_MIN <= (number := int(digits)) <= _INT_MAX:
        return number
    raise _BIG_INTEGER


def _real(digits: str) -> float:
    if len(digits) <= _FLOAT_CHARACTERS and math.isfinite(number := float(digits)):
        return number
    raise _BIG_REAL


def _constant(_name: str) -> Never:
    raise _NOT_A_NUMBER


def _kept(pairs: list[tuple[str, Any]]) -> _Pairs:
    return _Pairs(pairs)


def _integer_or_fault(digits: str) -> int | _Fault:
    try:
        return _integer(digits)
    except _Fault as fault:
        return fault


def _real_or_fault(digits: str) -> float | _Fault:
    try:
        return _real(digits)
    except _Fault as fault:
        return fault


def _constant_or_fault(_name: str) -> _Fault:
    return _NOT_A_NUMBER


_DUPLICATE: Final = _Fault("A key stands twice in one object.")
_BIG_INTEGER: Final = _Fault("The integer does not fit into 64 bits.")
_BIG_REAL: Final = _Fault("The number is beyond what a double holds.")
_NOT_A_NUMBER: Final = _Fault("NaN and infinities are not JSON.")
_FAST: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_real, parse_constant=_constant
)
_FAITHFUL: Final = json.JSONDecoder(
    object_pairs_hook=_kept,
    parse_int=_integer_or_fault,
    parse_float=_real_or_fault,
    parse_constant=_constant_or_fault,
)
