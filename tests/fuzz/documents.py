"""Whole bodies that are no JSON document that any operation takes."""

import json
from collections.abc import Iterator
from typing import Any

from tests.fuzz.inputs import Bad


def list_bad_documents(value: Any) -> Iterator[Bad]:
    """Give bodies that are no JSON document that any operation takes; `value` is one that fits."""
    good = json.dumps(value).encode()
    yield "empty", b""
    yield "white space", b" \n "
    yield "cut", good[:-1]
    yield "cut to one byte", b"{"
    yield "something behind it", good + b"x"
    yield "two documents", good + good
    yield "byte order mark", b"\xef\xbb\xbf" + good
    yield "UTF-16", good.decode().encode("utf-16")
    yield "UTF-32", good.decode().encode("utf-32-le")
    yield "gzip", b"\x1f\x8b\x08\x00" + good
    yield "in a list", b"[" + good + b"]"
    for scalar in (b"null", b"true", b"5", b'"a"', b"[]", b"[1,2]", b"NaN", b"undefined", b"'a'"):
        yield scalar.decode(), scalar
    yield "an unknown field", good[:-1] + (b"," if value else b"") + b'"surprise":1}'
    yield "an unknown field with NUL", good[:-1] + (b"," if value else b"") + rb'"a\u0000":1}'
    yield "__proto__", good[:-1] + (b"," if value else b"") + b'"__proto__":{"admin":true}}'
    yield "a comment", good[:-1] + b"/* */}"
    if value:
        name = json.dumps(next(iter(value))).encode()
        yield (
            "a field twice",
            good[:-1] + b"," + name + b":" + json.dumps(value[next(iter(value))]).encode() + b"}",
        )
        yield "trailing comma", good[:-1] + b",}"
        yield "single quotes", good.replace(b'"', b"'")
    yield from _list_bombs(good, bool(value))


def _list_bombs(good: bytes, members: bool) -> Iterator[Bad]:
    yield "depth of 100,000 lists", b"[" * 100_000 + b"]" * 100_000
    yield "depth of 100,000 objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield (
        "depth inside a field",
        good[:-1] + (b"," if members else b"") + b'"a":' + b"[" * 65 + b"]" * 65 + b"}",
    )
    yield "unclosed", b"[" * 1_000_000
    yield "unclosed text", b'"' + b"\\" * 1_000_001
    yield "a text of a megabyte", b'"' + b"a" * 1_000_000 + b'"'
    yield "as many values as fit", b"[" + b"0," * 500_000 + b"0]"
    yield "as many keys as fit", b"{" + b",".join(b'"%x":0' % number for number in range(90_000)) + b"}"
    yield "as many equal keys as fit", b"{" + b'"":0,' * 200_000 + b'"":0}'
