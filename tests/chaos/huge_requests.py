"""Requests that are far too large, or no requests: each is to be refused, at once and with a problem document."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.chaos.gauges import MIB
from tests.chaos.sockets import head, post, post_chunked

IDEAS, IMPORTS, SIGN_IN = "/api/v1/ideas", "/api/v1/directory/imports", "/api/v1/auth/token"
FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "b0undary"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
_PIECE = b"a" * 65_536
_HUNDRED = 100 * MIB // len(_PIECE)


@dataclass(frozen=True)
class HugeRequest:
    """A request by name; `build` gets a token and gives it in pieces, `may` are the statuses it may have."""

    name: str
    build: Callable[[str], Iterable[bytes]]
    may: tuple[int, ...]
    as_admin: bool = False
    seconds: float = 1.0


def _declared(
    target: str, size: int, media_type: str = "application/json"
) -> Callable[[str], Iterator[bytes]]:
    def build(token: str) -> Iterator[bytes]:
        yield head("POST", target, token, Content_Type=media_type, Content_Length=size)
        for _ in range(size // len(_PIECE)):
            yield _PIECE

    return build


def _chunked(target: str, media_type: str = "application/json") -> Callable[[str], Iterable[bytes]]:
    return lambda token: post_chunked(target, token, (_PIECE for _ in range(_HUNDRED)), media_type)


def _json(body: bytes | Callable[[], bytes], **headers: str) -> Callable[[str], list[bytes]]:
    """Send a body; one that takes long to make is made when it is sent."""
    return lambda token: post(IDEAS, token, body if isinstance(body, bytes) else body(), **headers)


def _write_keys(number: int) -> bytes:
    return json.dumps(dict.fromkeys(map(str, range(number)))).encode()


def _idea(text: str) -> bytes:
    return b'{"title":%s,"problem":"p","solution":"s","theme":"t"}' % text.encode()


def _get(target: str, **headers: str) -> Callable[[str], list[bytes]]:
    return lambda token: [head("GET", target, token, **headers)]


def _headers(number: int, size: int) -> Callable[[str], Iterator[bytes]]:
    def build(token: str) -> Iterator[bytes]:
        yield head("GET", IDEAS, token)[:-2]
        for place in range(number):
            yield b"X-%d: " % place
            yield from (_PIECE[: min(size - at, len(_PIECE))] for at in range(0, size, len(_PIECE)))
            yield b"\r\n"
        yield b"\r\n"

    return build


def _parts(number: int, part_head: bytes, size: int, *, end: bool = True) -> Callable[[str], list[bytes]]:
    part = b"--%s\r\n%s\r\n\r\n%s\r\n" % (_BOUNDARY.encode(), part_head, b"a" * size)
    body = part * number + (b"--%s--\r\n" % _BOUNDARY.encode() if end else b"")
    return lambda token: post(IMPORTS, token, body, _MULTIPART)


def _raw(*pieces: bytes, times: int = 1) -> Callable[[str], Iterator[bytes]]:
    return lambda _token: (piece for place, piece in enumerate(pieces) for _ in range(times if place else 1))


_CHUNKED_HEAD = head("POST", SIGN_IN, Content_Type=FORM, Transfer_Encoding="chunked")
_THREE = head("POST", IDEAS, Content_Length=3)
_FILE = b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv'
_FIELD = b'Content-Disposition: form-data; name="x"'
_DEEP = 100_000
_DIGITS = "9" * 5_000
_BAD = (400, 415, 422)
_TOO_LARGE = (413,)
_HEAD = (400, 414, 431)

HUGE: tuple[HugeRequest, ...] = (
    HugeRequest("100 MB, declared", _declared(IDEAS, 100 * MIB), _TOO_LARGE),
    HugeRequest("100 MB, chunked", _chunked(IDEAS), _TOO_LARGE),
    HugeRequest("100 MB before sign-in, declared", _declared(SIGN_IN, 100 * MIB, FORM), _TOO_LARGE),
    HugeRequest("100 MB before sign-in, chunked", _chunked(SIGN_IN, FORM), _TOO_LARGE),
    HugeRequest("100 MB directory, declared", _declared(IMPORTS, 100 * MIB, "text/csv"), _TOO_LARGE, as_admin=True),
    HugeRequest("100 MB directory, chunked", _chunked(IMPORTS, "text/csv"), _TOO_LARGE, as_admin=True),
    HugeRequest("declared length of 400 digits", _raw(head("POST", IDEAS, Content_Length="9" * 400)), (400, 413)),
    HugeRequest("gzip bomb", _json(lambda: gzip.compress(bytes(100 * MIB), 1), Content_Encoding="gzip"), (*_BAD, 413)),
    HugeRequest("deflate bomb", _json(lambda: zlib.compress(bytes(100 * MIB), 1), Content_Encoding="deflate"), _BAD),
    HugeRequest("arrays 100,000 deep", _json(b"[" * _DEEP + b"]" * _DEEP), _BAD),
    HugeRequest("objects 100,000 deep", _json(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP), _BAD),
    HugeRequest("arrays 500,000 deep, open", _json(b"[" * 500_000), _BAD),
    HugeRequest("1,000,000 keys", _json(lambda: _write_keys(1_000_000)), _TOO_LARGE),
    HugeRequest("60,000 keys", _json(lambda: _write_keys(60_000)), _BAD),
    HugeRequest("60,000 times the same key", _json(b"{" + b'"title":1,' * 59_999 + b'"title":1}'), _BAD),
    HugeRequest("duplicate keys", _json(b'{"title":"aaa","title":"bbb"}'), _BAD),
    HugeRequest("integer of 5,000 digits", _json(_idea(_DIGITS)), _BAD),
    HugeRequest("integer of 1,000,000 digits", _json(b"9" * 1_000_000), _BAD),
    HugeRequest("1e400", _json(_idea("1e400")), _BAD),
    HugeRequest("limit of 5,000 digits", _get(f"{IDEAS}?limit={_DIGITS}"), _BAD),
    HugeRequest("If-Match of 5,000 digits", lambda token: [
        head("PATCH", f"{IDEAS}/x", token, If_Match=f'"{_DIGITS}"', Content_Length=2), b"{}"], (404, 412, 422)),
    HugeRequest("10,000 parameters", _get(f"{IDEAS}?{'&'.join(f'a{n}=' for n in range(10_000))}"), (*_BAD, *_HEAD)),
    HugeRequest("5,000 parameters", _get(f"{IDEAS}?{'&'.join(['a='] * 5_000)}"), _BAD),
    HugeRequest("address of 200 kB", _get("/" + "a" * 200_000), _HEAD),
    HugeRequest("address of 30 kB", _get("/api/v1/" + "a" * 30_000), (404,)),
    HugeRequest("address of 10 MB", _raw(b"GET /", _PIECE, times=160), _HEAD),
    HugeRequest("header of 1 MB", _headers(1, MIB), _HEAD),
    HugeRequest("header of 100 MB", _headers(1, 100 * MIB), _HEAD),
    HugeRequest("20,000 headers", _headers(20_000, 10), _HEAD),
    HugeRequest("token of 250 kB", lambda _token: [head("GET", IDEAS, "a" * 250_000)], _HEAD),
    HugeRequest("token of 20 kB", lambda _token: [head("GET", IDEAS, "eyJhbGciOiJkaXIifQ.." * 1_000)], (401,)),
    HugeRequest("20,000 parts", _parts(20_000, _FIELD, 1), _BAD, as_admin=True),
    HugeRequest("part of 30 MB that is no field", _parts(1, _FIELD, 30 * MIB), (*_BAD, 413), as_admin=True),
    HugeRequest("part with a header of 5 MB", _parts(1, b"X: " + b"a" * 5 * MIB, 1), _BAD, as_admin=True),
    HugeRequest("20,000 files", _parts(20_000, _FILE, 1), _BAD, as_admin=True),
    HugeRequest("parts without an end", _parts(5, _FIELD, 100, end=False), _BAD, as_admin=True),
    HugeRequest("no boundary", lambda token: post(IMPORTS, token, b"a" * 1_000, "multipart/form-data"), _BAD,
                as_admin=True),
    HugeRequest("multipart before sign-in", lambda _token: post(SIGN_IN, "", b"--a\r\n" * 100_000, _MULTIPART), _BAD),
    HugeRequest("form of 100,000 fields", lambda _token: post(SIGN_IN, "", b"a=b&" * 100_000, FORM), _BAD),
    HugeRequest("trailers without an end", _raw(_CHUNKED_HEAD + b"0\r\n", b"x: y\r\n" * 10_000, times=500), _HEAD),
    HugeRequest("chunk extension without an end", _raw(_CHUNKED_HEAD + b"1;", _PIECE, times=500), (*_HEAD, 413)),
    HugeRequest("no HTTP", _raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), (400,)),
    HugeRequest("HTTP/2", _raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), (400,)),
    HugeRequest("line without an end", _raw(b"GET /\x00 HTTP/1.1\r\n\r\n"), (400,)),
    HugeRequest("chunk of no length", _raw(_CHUNKED_HEAD, b"zz\r\n"), (400,)),
    HugeRequest("two lengths", _raw(_THREE[:-2] + b"Content-Length: 4\r\n\r\n"), (400,)),
    HugeRequest("length and chunks", _raw(head("POST", IDEAS, Content_Length=3, Transfer_Encoding="chunked")), (400,)),
    HugeRequest("negative length", _raw(head("POST", IDEAS, Content_Length=-1)), (400,)),
    HugeRequest("web socket", _get(IDEAS[:-1], Connection="upgrade", Upgrade="websocket",
                Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==", Sec_WebSocket_Version="13"), (400, 404, 426)),
)  # fmt: skip
