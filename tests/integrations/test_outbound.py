"""What the door to the outside lets through, and how long it waits."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from httpcore2 import AnyIOBackend, AsyncNetworkStream

from app.integrations import outbound
from app.integrations.outbound import Guard, OutboundFailed, OutboundRefused
from app.integrations.posts import Refused, Unreachable
from app.integrations.transports import Overrun
from tests.conftest import make_settings

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

INTERNAL = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/", "http://0.0.0.0/",
    "http://127.0.0.1./", "http://127.0.0.1:8080/", "http://127.255.255.254/", "http://[::]/", "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/",
    "http://[::ffff:169.254.169.254]/", "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/",
    "http://10.0.0.1/", "http://10.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
    "http://100.64.0.1/", "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[fe80::1]/",
    "http://[ff02::1]/", "http://[fc00::1]/", "http://[2001:db8::1]/", "http://localhost/", "http://LOCALHOST/",
    "http://localhost./", "http://127。0。0。1/", "http://127\uff0e0\uff0e0\uff0e1/", "http://①②⑦.⓪.⓪.①/", "http://ⓛocalhost/",
    "http://user@127.0.0.1/", "http://example.com@127.0.0.1/", "http://127.0.0.1#@example.com/",
    "http://127.0.0.1%23@example.com/", "http://8.8.8.8:22/", "http://8.8.8.8:25/", "http://8.8.8.8:0/",
    "http://8.8.8.8:65536/", "https://user:password@8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd",
    "gopher://127.0.0.1:70/", "data:text/plain,a", "javascript:alert(1)", "//127.0.0.1/", "http:///", "http://", "",
    "http://[::1", "http://exa mple.com/", "http://\u0000/", "http://" + "a" * 300 + ".example/",
]  # fmt: skip
"""Addresses that are not called, however they are written."""


@asynccontextmanager
async def serving(serve: Serve, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Have a server on the loopback, with whatever manners."""
    ends: list[asyncio.StreamWriter] = []

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends.append(writer)
        await serve(reader, writer)

    server = await asyncio.start_server(attend, "127.0.0.1", 0, ssl=context)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=b"
    finally:
        server.close()
        for end in ends:
            end.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0.01)  # what was aborted is closed in the next turns of the loop


@asynccontextmanager
async def guarding(directory: Path, *allowed: str, environment: str = "test") -> AsyncIterator[Guard]:
    """Have a guard that allows some addresses besides those of the internet."""
    settings = make_settings(f"sqlite:///{directory}/none.db", directory)
    guard = Guard(settings.model_copy(update={"outbound_allow": [*allowed], "environment": environment}))
    try:
        yield guard
    finally:
        await guard.close()


async def call(guard: Guard, url: str) -> outbound.Answer:
    return await guard.post(url, body=b"{}", headers={"Content-Type": "application/json"})


def answering(*parts: bytes) -> tuple[Serve, list[bytes]]:
    """A server that answers with these bytes, and the heads of the requests it got."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        for part in parts:
            writer.write(part)
        writer.close()

    return serve, heads


def make_certificate(directory: Path, host: str) -> Path:
    """Write a key and a certificate for a name, signed by itself, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = directory / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been connected to; nothing is, so that a hole is seen and does no harm."""
    seen: list[str] = []

    async def visit(_: Any, request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(204, stream=httpx2.ByteStream(b""))

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", visit)
    return seen


def name(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have every name mean these addresses; returns the names that are looked up."""
    looks: list[str] = []

    def look(host: str, port: int, **_: Any) -> list[Any]:
        looks.append(host)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return looks


@pytest.mark.parametrize("url", INTERNAL)
async def test_no_spelling_of_an_internal_address_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visits: list[str], url: str
) -> None:
    """Not even tried: that nobody listens there would be luck."""
    async with guarding(tmp_path) as guard:
        with pytest.raises((Refused, Unreachable)) as refused:
            await call(guard, url)
    assert str(refused.value) in {"outbound.refused", "outbound.unreachable"}
    assert visits == []


async def test_what_is_public_is_called(tmp_path: Path, visits: list[str]) -> None:
    async with guarding(tmp_path) as guard:
        await call(guard, "https://8.8.8.8/hook")
    assert visits == ["https://8.8.8.8/hook"]


async def test_a_header_is_sent_once_whatever_its_case(tmp_path: Path) -> None:
    serve, heads = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
    given = {"user-agent": "Other", "host": "elsewhere.example", "accept-encoding": "gzip"}
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        await guard.post(url, body=b"", headers=given)
    (head,) = heads
    lines = head.lower().split(b"\r\n")
    assert [line for line in lines if line.startswith(b"user-agent:")] == [b"user-agent: other"]
    assert [line for line in lines if line.startswith(b"accept-encoding:")] == [b"accept-encoding: identity"]
    assert len([line for line in lines if line.startswith(b"host:")]) == 1
    assert b"elsewhere" not in head


@pytest.mark.parametrize("number", [100, 101, 10_000])
async def test_headers_are_few(tmp_path: Path, number: int) -> None:
    serve, _ = answering(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n" * (number - 1), b"Content-Length: 0\r\n\r\n")
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        if number <= outbound.MOST_HEADERS:
            assert (await call(guard, url)).status == 200
        else:
            with pytest.raises(OutboundFailed):
                await call(guard, url)


@pytest.mark.parametrize(("host", "trusted"), [("hooks.example", True), ("other.example", False)])
async def test_the_certificate_is_that_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool
) -> None:
    """Though the connection goes to an address: the right name passes, any other one does not."""
    certificate = make_certificate(tmp_path, "hooks.example")
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(certificate)
    there = ssl.create_default_context(cafile=str(certificate))
    named: list[str | None] = []
    here.sni_callback = lambda _socket, asked, _context: named.append(asked)
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda **_: there)
    serve, heads = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with serving(serve, here) as url, guarding(tmp_path, "127.0.0.1") as guard:
        name(monkeypatch, "127.0.0.1")
        place = url.replace("http:", "https:").replace("127.0.0.1", host)
        if trusted:
            assert (await call(guard, place)).status == 204
        else:
            with pytest.raises(OutboundFailed):
                await call(guard, place)
    assert (named, len(heads)) == ([host], int(trusted))


async def test_nothing_connects_to_what_is_refused(tmp_path: Path) -> None:
    serve, heads = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with serving(serve) as url, guarding(tmp_path) as guard:
        with pytest.raises(Refused, match=r"outbound\.refused"):
            await call(guard, url)
    assert heads == []


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "localhost", "LOCALHOST."])
async def test_what_is_allowed_is_called(tmp_path: Path, allowed: str) -> None:
    serve, heads = answering(b"HTTP/1.1 201 Created\r\nX-Kind: A\r\nContent-Length: 2\r\n\r\nok")
    async with serving(serve) as url, guarding(tmp_path, allowed) as guard:
        named = url.replace("127.0.0.1", "localhost") if "ocal" in allowed.lower() else url
        answer = await call(guard, named)
    assert (answer.status, answer.headers["x-kind"], answer.body) == (201, "A", b"ok")
    (head,) = heads
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert f"\r\nHost: {named.split('/')[2]}\r\n".lower().encode() in head.lower()


async def test_a_name_with_one_internal_address_is_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(monkeypatch, "93.184.216.34", "10.0.0.7")
    async with guarding(tmp_path) as guard:
        with pytest.raises(Refused):
            await call(guard, "https://rebound.example/")


async def test_the_connection_goes_to_the_address_that_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once: what it means a moment later plays no part."""
    serve, heads = answering(b"HTTP/1.1 204 No Content\r\n\r\n")
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        looks = name(monkeypatch, "127.0.0.1")
        named = url.replace("127.0.0.1", "hooks.example")
        assert (await call(guard, named)).status == 204
    assert looks == ["hooks.example"]
    assert b"hooks.example:" in heads[0]


async def test_a_redirect_is_an_answer(tmp_path: Path) -> None:
    inside, visits = answering(b"HTTP/1.1 200 OK\r\n\r\n")
    async with serving(inside) as secret:
        serve, _ = answering(
            f"HTTP/1.1 307 Elsewhere\r\nLocation: {secret}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
            assert (await call(guard, url)).status == 307
    assert visits == []


async def test_only_what_is_encrypted_leaves_in_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visits: list[str]
) -> None:
    name(monkeypatch, "93.184.216.34")
    async with guarding(tmp_path, environment="production") as guard:
        with pytest.raises(OutboundRefused):
            await call(guard, "http://hooks.example/")
        await call(guard, "https://hooks.example/")
    assert visits == ["https://93.184.216.34/"]


async def test_who_never_answers_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    gate = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.close()

    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        with pytest.raises(Unreachable):
            await call(guard, url)
        gate.set()


async def test_who_drips_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    over = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"a" * 1000:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)
            if over.is_set():
                break
        writer.close()

    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        with pytest.raises(Unreachable):
            await call(guard, url)
        over.set()


@pytest.mark.parametrize(
    "body", [b"a" * 1_000_000, gzip.compress(b"\0" * 10_000_000)], ids=["endless", "bomb"]
)
async def test_of_a_long_answer_the_beginning_is_read(tmp_path: Path, body: bytes) -> None:
    serve, _ = answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", body)
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        answer = await call(guard, url)
    assert answer.body == body[: outbound.MOST_BYTES]


async def test_an_endless_body_is_left_after_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.25)
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * outbound.MOST_BYTES)
        # The body is not over: whoever wants its end waits until the time is up.
        await over.wait()
        writer.close()

    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        answer = await call(guard, url)
        over.set()
    assert len(answer.body) == outbound.MOST_BYTES


async def test_an_endless_head_is_no_answer(tmp_path: Path) -> None:
    serve, _ = answering(
        b"HTTP/1.1 200 OK\r\n", *(b"X-%d: aaaaaaaaaaaaaaa\r\n" % one for one in range(10_000))
    )
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        with pytest.raises(Unreachable):
            await call(guard, url)


@pytest.mark.parametrize(
    ("beginning", "again", "status"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000, None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"a" * 4000 + b"\r\nx\r\n", 200),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000, 200),
    ],
    ids=["preliminary", "extensions", "body"],
)
async def test_no_more_is_taken_from_the_network_whatever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: bytes, again: bytes, status: int | None
) -> None:
    """The reading is counted where the bytes come in; the server sends for as long as somebody listens."""
    read = 0
    plainly = AnyIOBackend.connect_tcp

    async def connect(network: AnyIOBackend, *place: Any, **more: Any) -> AsyncNetworkStream:
        stream = await plainly(network, *place, **more)
        plain = stream.read

        async def count(most: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  the library's
            nonlocal read
            part = await plain(most, timeout)
            read += len(part)
            return part

        monkeypatch.setattr(stream, "read", count)
        return stream

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(beginning)
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(again)
                await writer.drain()

    monkeypatch.setattr(outbound, "SECONDS", 5.0)
    monkeypatch.setattr(AnyIOBackend, "connect_tcp", connect)
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        if status is None:
            with pytest.raises(OutboundFailed) as failed:
                await call(guard, url)
            assert isinstance(failed.value.__cause__, Overrun)
        else:
            assert (await call(guard, url)).status == status
    assert 0 < read <= outbound.MOST_READ


async def test_what_comes_encrypted_is_counted_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 5.0)
    certificate = make_certificate(tmp_path, "hooks.example")
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(certificate)
    there = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda **_: there)
    serve, heads = answering(b"HTTP/1.1 103 Early Hints\r\n\r\n" * (outbound.MOST_READ // 20))
    async with serving(serve, here) as url, guarding(tmp_path, "127.0.0.1") as guard:
        name(monkeypatch, "127.0.0.1")
        with pytest.raises(OutboundFailed) as failed:
            await call(guard, url.replace("http://127.0.0.1", "https://hooks.example"))
    assert isinstance(failed.value.__cause__, Overrun)
    assert len(heads) == 1


async def test_no_receiver_can_agree_upon_keys_over_and_over(tmp_path: Path) -> None:
    context = httpx2.create_ssl_context(trust_env=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2, "create_ssl_context", lambda **_: context)
        async with guarding(tmp_path):
            assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_cookies_of_one_answer_go_with_no_other_call(tmp_path: Path) -> None:
    serve, heads = answering(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n")
    async with serving(serve) as url, guarding(tmp_path, "127.0.0.1") as guard:
        for _ in range(2):
            await call(guard, url)
    assert not any(b"cookie" in head.lower() for head in heads)
