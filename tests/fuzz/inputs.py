"""Tables of bad input: raw JSON by what a field should be, queries, identifiers, headers."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Bad = tuple[str, bytes]
"""A name and what is sent."""

_MARK = "\ue000"

NOWHERE_SOUND: tuple[Bad, ...] = (
    ("escaped NUL", rb'"a\u0000b"'),
    ("raw NUL", b'"a\x00b"'),
    ("lone high surrogate", rb'"\ud800"'),
    ("lone low surrogate", rb'"a\udfffb"'),
    ("surrogates in the wrong order", rb'"\ude00\ud83d"'),
    ("surrogate as UTF-8", b'"\xed\xa0\x80"'),
    ("U+FFFE", '"a\ufffe"'.encode()),
    ("escaped U+FFFF", rb'"\uffff"'),
    ("noncharacter of plane 16", '"\U0010ffff"'.encode()),
    ("overlong UTF-8", b'"\xc0\xaf"'),
    ("byte that is no UTF-8", b'"\xff"'),
    ("cut UTF-8", b'"\xf0\x9f\xa6"'),
    ("raw control character", b'"a\x1fb"'),
    ("unknown escape", rb'"\x41"'),
    ("NaN", b"NaN"),
    ("infinity", b"Infinity"),
    ("minus infinity", b"-Infinity"),
    ("1e999", b"1e999"),
    ("2^63", b"9223372036854775808"),
    ("-2^63-1", b"-9223372036854775809"),
    ("10^400", b"1" + b"0" * 400),
    ("5,000 digits", b"9" * 5_000),
    ("5,000 decimals", b"0." + b"9" * 5_000),
    ("leading zero", b"01"),
    ("underscore", b"1_0"),
    ("the same key twice", b'{"a":1,"a":2}'),
    ("the same key twice, escaped", rb'{"a":1,"\u0061":2}'),
    ("an unknown object", b'{"surprise":1}'),
    ("a list in a list", b"[[]]"),
)
"""JSON that no field of any operation takes."""

_BY_TYPE: dict[str, tuple[bytes, ...]] = {
    "string": (b"5", b"1.5", b"true", b"[]", b"{}", b'["a"]'),
    "date": (
        b'""', b'"0000-01-01"', b'"10000-01-01"', b'"-0001-01-01"', b'"+292277026596-12-04"',
        b'"2026-02-30"', b'"2026-13-01"', b'"2027-02-29"', b'"20260227"', b'"27/02/2026"', b'"inf"',
        b'"now"', b'"1700000000"', b"0", b"1700000000",
        b"1e18", '"\u0662\u0660\u0662\u0666-\u0660\u0662-\u0662\u0667"'.encode(),
    ),
    "integer": (b'"3"', b'"1_0"', b"1.5", b"true", b"0", b"-1", b"1000000000000000000", b"2147483648000",
    b"[]"), "money": (
        b'"1_000"', b'"NaN"', b'"inf"', b'"-Infinity"', b'"sNaN"', b'"1e400"', b'"1e-400"', b"-1",
        b"-0.01", b"true", b'""', b'" 5"', b'"0x10"', b'"1,5"', '"\u0663"'.encode(), b"0.001", b"1e300",
        b'"' + b"9" * 5_000 + b'"', b"[]",
    ),
    "boolean": (b'"true"', b'"yes"', b"1", b"0", b'""', b"[]", b"{}"),
    "array": (b"{}", b'"a"', b"5", b"true", b"[5]", b"[null]", b"[{}]"),
    "object": (b"[]", b'"a"', b"5", b"true", b"[[]]"),
}  # fmt: skip


def _kind(schema: Schema) -> str:
    if {part.get("type") for part in schema.get("anyOf", [])} == {"number", "string"}:
        return "money"
    return "date" if schema.get("format") == "date" else str(schema.get("type", "string"))


def list_bad_fields(schema: Schema, value: Any) -> Iterator[Bad]:
    """Give whole documents that are sound but for one field, for each field of a sample that fits a schema."""
    for place, part, nullable in _list_places(schema, ()):
        where = "/".join(str(step) for step in place)
        members = isinstance(part.get("additionalProperties"), dict)
        bad = [pair for pair in NOWHERE_SOUND if not (members and pair[0] == "an unknown object")]
        least = int(part.get("minimum", 1))
        bad += (
            (raw.decode(errors="replace")[:30], raw)
            for raw in _BY_TYPE[_kind(part)]
            if (raw != b"0" or least > 0)
            and (raw != b"[5]" or part.get("items", {}).get("type") != "integer")
        )
        bad += [(name, json.dumps(raw).encode()) for name, raw in _list_beyond_limits(part)]
        if not nullable:
            bad.append(("null", b"null"))
        for name, raw in bad:
            yield f"{where}: {name}", _replace(value, place, raw)


def _list_places(schema: Schema, place: tuple[str | int, ...]) -> Iterator[tuple[Any, Schema, bool]]:
    choices = [part for part in schema.get("anyOf", []) if part.get("type") != "null"]
    nullable = len(choices) < len(schema.get("anyOf", []))
    shape = choices[0] if len(choices) == 1 else schema
    if place:
        yield place, shape, nullable
    for name, part in shape.get("properties", {}).items():
        yield from _list_places(part, (*place, name))
    if isinstance(shape.get("items"), dict):
        yield from _list_places(shape["items"], (*place, 0))


def _list_beyond_limits(schema: Schema) -> Iterator[tuple[str, Any]]:
    if "maxLength" in schema:
        yield "one character too many", "a" * (schema["maxLength"] + 1)
        yield "one emoji too many", "\U0001f98a" * (schema["maxLength"] + 1)
    if schema.get("minLength", 0) > 0:
        yield "too short", "a" * (schema["minLength"] - 1)
    if "enum" in schema:
        yield "none of these", "nonesuch"
        yield "in capitals", str(schema["enum"][0]).upper()
    if "maxItems" in schema:
        yield "one item too many", [f"word {number}" for number in range(schema["maxItems"] + 1)]
    if "maxProperties" in schema:
        yield "too many members", {f"key {number}": 1 for number in range(schema["maxProperties"] + 1)}
    if schema.get("minProperties", 0) > 0:
        yield "no members", {}
    if "maximum" in schema:
        yield "above the most", int(schema["maximum"]) + 1


def _replace(value: Any, place: tuple[str | int, ...], raw: bytes) -> bytes:
    copied = json.loads(json.dumps(value))
    inside = copied
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = _MARK
    return json.dumps(copied, ensure_ascii=False).encode().replace(f'"{_MARK}"'.encode(), raw)


BAD_TYPES: tuple[bytes, ...] = (
    b"text/plain", b"text/html", b"application/xml", b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=a", b"application/octet-stream", b"application/jsonx", b"json", b"*/*",
    b"application/json-patch", b"a" * 5_000, b"\xc3\xa9/\xc3\xa9",
)  # fmt: skip
"""Content types that are not JSON."""

BAD_TEXT_IN_ADDRESS: tuple[bytes, ...] = (
    b"%00", b"a%00b", b"%ff", b"%c0%af", b"%ed%a0%80", b"%ed%bf%bf", b"%ef%bf%be", b"%f4%90%80%80",
    b"%f0%9f%a6", b"\xff",
)  # fmt: skip
"""Percent-encoded bytes that are no text, refused wherever they stand in an address."""

STRANGE_IDS: tuple[bytes, ...] = (
    b"00000000-0000-4000-8000-000000000000", b"0", b"-1", b"9223372036854775808", b"9" * 5_000, b"1e999",
    b"NaN", b"null", b"undefined", b"true", b"a" * 10_000, b"%F0%9F%A6%8A", b"%C3%A9" * 500, b"e%CC%81",
    b"%20", b"%2e", b"a%0d%0aSet-Cookie:b", b"%25", b"%2500", b"'%20or%201=1--",
    b"%27;drop%20table%20ideas;--", b"{idea_id}", b"$where", b"*", b"%", b"_",
    b"aaaaaaaaaaaaaaaaaaaaaaaa", b"AAAAAAAAAAAAAAAAAAAAAAAA", b"%E2%80%AE", b"%3Cscript%3E",
)  # fmt: skip
"""Identifiers of nothing; whoever asks for them gets 404."""

BAD_QUERY: dict[str, tuple[bytes, ...]] = {
    "integer": (
        b"", b"0", b"-1", b"101", b"1000000000", b"9223372036854775807", b"9223372036854775808", b"1_0",
        b"1e1", b"10.5", b"0x10", b"NaN", b"inf", b"true", b"null", b"ten", b"9" * 5_000, b"%D9%A3",
        b"%EF%BC%91", b"[]", b"1,2",
    ),
    "boolean": (b"", b"2", b"-1", b"maybe", b"null", b"[]", b"truetrue", b"9" * 100),
    "enum": (b"", b"nonesuch", b"NEW", b"new%20", b"new,top", b"null", b"0", b"a" * 10_000,
    b"%F0%9F%A6%8A", b"[]"), "date": (
        b"", b"0000-01-01", b"10000-01-01", b"-0001-01-01", b"%2B292277026596-12-04", b"2026-02-30",
        b"2026-13-01", b"2027-02-29", b"2026-01-01T25:00:00Z", b"2026-01-01T00:00:00%2B99:00", b"inf",
        b"NaN", b"now", b"null", b"%D9%A2%D9%A0%D9%A2%D9%A6-01-01", b"9" * 5_000,
    ),
    "text": (b"", b"a" * 20_001),
    "cursor": (
        b"", b"a", b"=", b"====", b"AAAA", b"AAAAAAAAAAAAAAAAW10", b"AAAAAAAAAAAAAAAAbnVsbA",
        b"%2B%2F%2B%2F", b"..", b"a" * 1_001, b"a" * 60_000, b"%F0%9F%A6%8A", b"null", b"-1",
        b"eyJhbGciOiJub25lIn0", b"%20",
    ),
}  # fmt: skip
"""Values of query parameters that are refused, by what the parameter should be."""

EXTREME_DAYS: tuple[bytes, ...] = (
    b"0001-01-01", b"9999-12-31", b"1900-02-28", b"2028-02-29", b"0001-01-01T00:00:00%2B14:00",
    b"0001-01-01T00:00:00%2B23:59", b"9999-12-31T23:59:59-23:59", b"9999-12-31T23:59:59.999999999Z",
    b"2026-03-29T02:30:00%2B01:00", b"1970-01-01t00:00:00z", b"2026-06-30T23:59:60Z",
)  # fmt: skip
"""Days and times at the borders: read or refused, but answered."""


_DIGITS = 20


def name_query_kind(name: str, schema: Schema) -> str:
    """Return which part of `BAD_QUERY` fits a parameter."""
    if name == "cursor":
        return "cursor"
    if any(part.get("format") == "date" for part in schema.get("anyOf", [])):
        return "date"
    if "enum" in schema or "const" in schema:
        return "enum"
    if any(part.get("type") == "integer" for part in schema.get("anyOf", [])):
        return "integer"
    return "text" if schema["type"] == "string" else str(schema["type"])


def list_bad_values(name: str, schema: Schema) -> Iterator[bytes]:
    """Give the values that a parameter refuses; what its own limits let pass is left out."""
    shape = next((part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"), schema)
    least, most = (
        shape.get("minimum", -1),
        shape.get("maximum", shape.get("exclusiveMaximum", 0) - 1),
    )
    for value in BAD_QUERY[name_query_kind(name, schema)]:
        numeric = shape.get("type") == "integer" and value.isdigit() and len(value) < _DIGITS
        if numeric and least <= int(value) <= most:
            continue
        if value == b"" and "default" in schema and schema["default"] == "":
            continue
        yield value


BAD_AUTHORIZATIONS: tuple[bytes, ...] = (
    b"", b"Bearer", b"Bearer ", b"bearer", b"Basic YWxhZGRpbjpvcGVu", b"Bearer null", b"Bearer undefined",
    b"Bearer a.b.c", b"Bearer ..", b"Bearer " + b"a" * 10_000, b"Bearer " + b"." * 10_000,
    "Bearer \u00e9\U0001f98a".encode(), b"Token a", b"Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
    b"Bearer eyJhbGciOiJub25lIn0.e30.", b"Bearer W10.W10.W10", b"Bearer bnVsbA.bnVsbA.AA",
    b"Bearer MQ.MQ.MQ", b"Bearer eyJhbGciOiJFUzI1NiJ9.e30.", b"Digest a=b", b"Bearer\ta.b.c",
    b"Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6eyJhIjoxfX0.e30.AA", b"Bearer " + b"WyJ" * 3_000 + b".e30.AA",
)  # fmt: skip
"""Authorization headers that sign nobody in."""

BAD_VERSIONS: tuple[bytes, ...] = (
    b"", b'""', b'"a"', b'W/"99"', b'"-1"', b'"1180591620717411303424"', b'"99999999999999999999999999"',
    b'"' + b"9" * 5_000 + b'"',
    '"\u00e9"'.encode(), '"\u0661"'.encode(), '"\u00b2"'.encode(), b'"1_0"', b'"1e1"', b'"NaN"', b"99, 98", b'"98.a","99.b"', b'"',
)  # fmt: skip
"""If-Match headers that fit no version."""

BAD_KEYS: tuple[bytes, ...] = (
    b"",
    b"a" * 256,
    b"a" * 10_000,
    "cl\u00e9".encode(),
    "\U0001f98a".encode(),
    b"a\tb",
)
"""Idempotency keys that are refused."""

NOT_TEXT: tuple[bytes, ...] = (b"a\x00b", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbf\xbe")
"""Header values that are refused whatever the header."""

STRANGE_HEADERS: tuple[tuple[tuple[bytes, bytes], ...], ...] = (
    (
        (b"accept", b"image/png"), (b"accept-language", b"-" * 10_000), (b"accept-encoding",
        b"gzip;q=nan, br;q=1e9"), (b"accept-charset", b"utf-7"), (b"range",
        b"bytes=0-9223372036854775808"), (b"if-none-match", b""), (b"if-range", b"a"),
        (b"if-modified-since", b"Thu, 99 Foo 99999 99:99:99 GMT"), (b"cookie", b";" * 10_000),
        (b"x-forwarded-for", b"a" * 10_000), (b"forwarded", b"for=_x"), (b"x-request-id", b"../../etc"),
        (b"host", b""), (b"origin", b"null"), (b"expect", b"100-continue"), (b"user-agent",
        "\U0001f98a".encode() * 1_000), (b"content-type", b";" * 10_000), (b"transfer-encoding", b"gzip"),
    ),
    (
        (b"accept", b""), (b"accept-language", "\u00e9".encode()), (b"range",
        b"bytes=" + b"0-1," * 3_000), (b"if-none-match", b"W/"), (b"cookie",
        b"ideabox_device=" + b"a" * 10_000), (b"x-forwarded-for", b"::1%eth0,999.1.1.1"),
        (b"x-request-id", b"a" * 10_000), (b"host", b"a:b:c"), (b"upgrade", b"h2c"), (b"content-encoding",
        b"gzip"), (b"te", b"trailers"), (b"traceparent", b"00-0-0-0"), (b"x-http-method-override",
        b"DELETE"), (b"content-language", b"\xc3\xa9"), (b"if-match", b"garbage"),
    ),
    (
        (b"accept", b"*/*;q=NaN"), (b"if-none-match", b"," * 10_000), (b"cookie", b"=;=;\xc3\xa9"),
        (b"host", b"[::"), (b"idempotency-key", b"a" * 10_000), (b"prefer", b"return=minimal" * 1_000),
        (b"accept-encoding", b"," * 10_000),
    ),
    (
        (b"accept", b"," * 10_000), (b"if-none-match", '"\u00e9"'.encode()), (b"host", "\u00e9".encode()),
        (b"range", b"lines=-1"),
    ),
)  # fmt: skip
"""Headers, to be sent together, that change nothing about a request that reads."""
