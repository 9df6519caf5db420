"""Mails reach a real server, in clear or encrypted, and each way of failing is told apart."""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core import clock
from app.integrations import mail
from app.integrations.mail import MailPost, read_server
from app.integrations.posts import Refused, Unreachable
from tests.support.letters import make_outgoing

SENDER = Address("Ideabox", addr_spec="ideas@lumen.example")
ANNA = "anna@lumen.example"


class Sink:
    """A mail server that keeps what it gets, and answers as planned."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[Envelope] = []
        self.connections = 0
        self.signed_in: list[tuple[bytes, bytes, bool]] = []
        # The server calls its hooks by these names.
        vars(self).update(handle_EHLO=self.take_ehlo, handle_MAIL=self.take_mail)
        vars(self).update(handle_RCPT=self.take_rcpt, handle_DATA=self.take_data)

    async def take_ehlo(
        self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return lines

    async def take_rcpt(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("recipient", "250 OK")

    async def take_mail(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.answers.get("sender", "250 OK")

    async def take_data(self, server: Any, session: Any, envelope: Envelope) -> str:
        answer = self.answers.get("data", "250 OK")
        if answer.startswith("250"):
            self.mails.append(envelope)
        return answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.signed_in.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=data.password == b"s3cret:/@", handled=False)


class Protocol(SMTP):
    """Remembers what it talked through: in clear first, then encrypted."""

    def __init__(self, sink: Sink, **options: Any) -> None:
        self.transports: list[Any] = []
        self.writers: list[Any] = []
        super().__init__(sink, hostname="sink.example", **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transports.append(transport)
        self.writers.append(self._writer)

    def end(self) -> None:
        """Cut the connection; writers ask their transport whether it is closed, which an encrypted one forgets."""
        self.transports[0].abort()
        for writer in self.writers:
            vars(writer)["_transport"] = SimpleNamespace(is_closing=lambda: True)


@asynccontextmanager
async def serving(sink: Sink, *, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """Serve a sink on a port of this machine."""
    loop = asyncio.get_running_loop()
    protocols: list[Protocol] = []

    def make() -> Protocol:
        protocols.append(Protocol(sink, loop=loop, **options))
        return protocols[-1]

    server = await loop.create_server(make, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for protocol in protocols:
            if protocol.transports:
                protocol.end()
        await server.wait_closed()
        # Both sides of a connection are here, and hear of its end one after the other.
        for _ in range(10):
            await asyncio.sleep(0)


@asynccontextmanager
async def posting(url: str) -> AsyncIterator[MailPost]:
    """Open a post, and close it."""
    post = MailPost(read_server(url), sender=SENDER)
    yield post
    await post.close()


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, which this process trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "server.pem"
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


async def test_a_mail_arrives_as_it_was_written() -> None:
    sink = Sink()
    async with serving(sink) as port, posting(f"smtp://127.0.0.1:{port}") as post:
        message = make_outgoing(ANNA, name="Anna Blé")
        await post.send(message)
    [got] = sink.mails
    assert (got.mail_from, got.rcpt_tos) == ("ideas@lumen.example", [ANNA])
    assert isinstance(got.content, bytes)
    mail_got = message_from_bytes(got.content, policy=default)
    assert mail_got["Subject"] == message.letter.subject
    assert mail_got["To"] == f"Anna Blé <{ANNA}>"


async def test_many_mails_share_a_few_connections() -> None:
    sink = Sink()
    messages = [make_outgoing(f"p{number}@lumen.example", id=f"{number:024}") for number in range(40)]
    async with (
        serving(sink) as port,
        posting(f"smtp://127.0.0.1:{port}") as post,
        asyncio.TaskGroup() as tasks,
    ):
        for message in messages:
            tasks.create_task(post.send(message))
    assert len({mail.rcpt_tos[0] for mail in sink.mails}) == len(sink.mails) == 40
    assert sink.connections <= mail.CONNECTIONS


async def test_a_connection_that_the_server_ended_is_not_used_again() -> None:
    sink = Sink()
    async with serving(sink) as port, posting(f"smtp://127.0.0.1:{port}") as post:
        await post.send(make_outgoing(ANNA))
        post._idle[0][0].close()  # noqa: SLF001  as when the server went away meanwhile
        await post.send(make_outgoing(ANNA))
    assert (len(sink.mails), sink.connections) == (2, 2)


async def test_a_connection_that_was_silent_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "IDLE_SECONDS", 0)
    sink = Sink()
    async with serving(sink) as port, posting(f"smtp://127.0.0.1:{port}") as post:
        for _ in range(3):
            await post.send(make_outgoing(ANNA))
    assert (len(sink.mails), sink.connections) == (3, 3)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"recipient": "550 5.1.1 Nobody of this name"}, ("refused", "mail.recipient", True)),
        ({"recipient": "552 5.2.2 Mailbox full"}, ("refused", "mail.recipient", False)),
        ({"recipient": "450 4.2.1 Come again"}, ("unreachable", "mail.recipient", None)),
        ({"data": "554 5.7.1 Looks like spam"}, ("refused", "mail.content", False)),
        ({"data": "451 4.3.0 Come again"}, ("unreachable", "mail.content", None)),
        ({"sender": "550 5.7.1 Not from you"}, ("unreachable", "mail.server", None)),
        ({"sender": "421 4.3.2 Closing"}, ("unreachable", "mail.server", None)),
    ],
)
async def test_what_the_server_says_is_understood(
    answers: dict[str, str], expected: tuple[str, str, bool | None]
) -> None:
    sink = Sink(**answers)
    async with serving(sink) as port, posting(f"smtp://127.0.0.1:{port}") as post:
        for _ in range(2):
            with pytest.raises((Refused, Unreachable)) as failed:
                await post.send(make_outgoing(ANNA))
            error: Any = failed.value
            told = (type(error).__name__.lower(), error.reason, getattr(error, "gone", None))
            assert told == expected
        sink.answers = {}
        await post.send(make_outgoing(ANNA))
    assert len(sink.mails) == 1


async def test_a_server_that_is_away_is_tried_later() -> None:
    async with serving(Sink()) as port:
        pass
    async with posting(f"smtp://127.0.0.1:{port}") as post:
        with pytest.raises(Unreachable, match=r"mail\.server"):
            await post.send(make_outgoing(ANNA))


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "WHOLE_SECONDS", 0.05)

    ended = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        ended.set()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server, posting(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}") as post:
        with pytest.raises(Unreachable, match=r"mail\.server"):
            await post.send(make_outgoing(ANNA))
        await ended.wait()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_password_travels_encrypted(scheme: str, certified: ssl.SSLContext) -> None:
    sink = Sink()
    ways: dict[str, dict[str, Any]] = {
        "smtp": {"tls_context": certified, "auth_required": True},
        "smtps": {"tls": certified, "auth_require_tls": False},
    }
    async with (
        serving(sink, authenticator=sink.authenticate, **ways[scheme]) as port,
        posting(f"{scheme}://box:s3cret%3A%2F%40@localhost:{port}") as post,
    ):
        await post.send(make_outgoing(ANNA))
    assert sink.signed_in[0][:2] == (b"box", b"s3cret:/@")
    assert len(sink.mails) == 1


async def test_a_wrong_password_is_our_trouble_not_the_mails(certified: ssl.SSLContext) -> None:
    sink = Sink()
    async with (
        serving(sink, authenticator=sink.authenticate, auth_required=True, tls_context=certified) as port,
        posting(f"smtp://box:wrong@localhost:{port}") as post,
    ):
        with pytest.raises(Unreachable, match=r"mail\.credentials"):
            await post.send(make_outgoing(ANNA))


async def test_a_password_never_goes_to_a_server_without_encryption() -> None:
    sink = Sink()
    options: dict[str, Any] = {"authenticator": sink.authenticate, "auth_require_tls": False}
    async with serving(sink, **options) as port, posting(f"smtp://box:s3cret@localhost:{port}") as post:
        with pytest.raises(Unreachable, match=r"mail\.server"):
            await post.send(make_outgoing(ANNA))
    assert not sink.signed_in


async def test_a_certificate_of_nobody_is_not_trusted(
    certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    sink = Sink()
    async with serving(sink, tls=certified) as port, posting(f"smtps://localhost:{port}") as post:
        with pytest.raises(Unreachable, match=r"mail\.server"):
            await post.send(make_outgoing(ANNA))


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "starttls"),
    [
        ("smtp://mail.example", "mail.example", 587, False, None),
        ("smtp://mail.example:25?tls=off", "mail.example", 25, False, False),
        ("smtp://a:b@mail.example", "mail.example", 587, False, True),
        ("smtps://a:b@mail.example", "mail.example", 465, True, False),
    ],
)
def test_servers_are_read(url: str, host: str, port: int, tls: bool, starttls: bool | None) -> None:
    server = read_server(url)
    assert (server.host, server.port, server.tls, server.starttls) == (host, port, tls, starttls)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://a:b@mail.example?tls=off",
        "smtp://m?tls=maybe",
        "smtp://m:x",
    ],
)
def test_servers_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server|[Pp]ort"):
        read_server(url)


async def test_a_developer_reads_mails_on_the_console() -> None:
    stream = io.StringIO()
    message = make_outgoing(ANNA)
    await mail.ConsolePost(sender=SENDER, stream=stream).send(message)
    assert f"To: {ANNA}\nSubject: {message.letter.subject}\n\n{message.letter.text}" in stream.getvalue()
