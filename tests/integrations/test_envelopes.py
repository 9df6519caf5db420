"""A mail has the headers that programs look for, and none that somebody else put in."""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations import envelopes
from app.integrations.posts import Refused
from tests.support.letters import make_item, make_outgoing, write_letter

SENDER = Address("Boîte à idées", addr_spec="ideas@lumen.example")
OUT = "https://ideas.example.com/api/v1/unsubscribe/" + "a" * 180


def receive(address: str = "anna@lumen.example", **values: Any) -> tuple[EmailMessage, bytes]:
    """Write a mail and read it as its receiver does."""
    sent = envelopes.write(make_outgoing(address, **values), sender=SENDER).as_bytes()
    return message_from_bytes(sent, policy=default), sent


def test_a_mail_has_its_headers_and_both_bodies() -> None:
    mail, sent = receive(name="Anna Blé", unsubscribe_url=OUT)
    letter = write_letter(make_item())
    assert mail["From"] == "Boîte à idées <ideas@lumen.example>"
    assert mail["To"] == "Anna Blé <anna@lumen.example>"
    assert mail["Subject"] == letter.subject
    assert mail["Message-ID"] == f"<{'d' * 24}@lumen.example>"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert cast("EmailMessage", plain).get_content().replace("\r\n", "\n").strip() == letter.text.strip()
    assert cast("EmailMessage", html).get_content().replace("\r\n", "\n").strip() == letter.html.strip()
    assert sent.isascii()
    assert max(len(line) for line in sent.split(b"\r\n")) < 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


def test_a_long_address_to_unsubscribe_stays_one_word() -> None:
    _, sent = receive(unsubscribe_url=OUT)
    assert f"List-Unsubscribe: <{OUT}>\r\n".encode() in sent


def test_without_a_way_to_unsubscribe_none_is_promised() -> None:
    mail, _ = receive()
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(mail.keys())


@given(title=st.text(min_size=1), name=st.text())
def test_nobody_adds_a_header(title: str, name: str) -> None:
    plain, _ = receive()
    mail, _ = receive(letter=write_letter(make_item(title=title), name=name), name=name)
    assert mail.keys() == plain.keys()
    assert [each.addr_spec for each in mail["To"].addresses] == ["anna@lumen.example"]


@pytest.mark.parametrize(
    "way", ["\r\nBcc: x@evil.example", "\nBcc: x@evil.example", "\r\n\r\n<p>", "\x0bBcc: x"]
)
def test_line_ends_in_names_and_titles_end_no_header(way: str) -> None:
    mail, _ = receive(letter=write_letter(make_item(title=f"A{way}")), name=f"Anna{way}")
    assert "Bcc" not in mail
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "@lumen.example",
        "anna@",
        "anna@lumen.example, eve@evil.example",
        "anna@lumen.example\r\nBcc: eve@evil.example",
        "anna@lumen.example>\r\nRCPT TO:<eve@evil.example",
        "Anna <anna@lumen.example>",
        "anna blanc@lumen.example",
        "änna@lumen.example",
        "anna@lumen..example",
        "anna@" + "x" * 70 + ".example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        envelopes.write(make_outgoing(address), sender=SENDER)
    assert (refused.value.reason, refused.value.gone) == ("mail.address", True)


def test_senders_are_read_with_their_names() -> None:
    assert envelopes.read_sender("ideas@lumen.example").addr_spec == "ideas@lumen.example"
    assert str(envelopes.read_sender("Idées <ideas@lumen.example>")) == "Idées <ideas@lumen.example>"
    assert str(envelopes.read_sender('"Blanc, Anna" <a@lumen.example>')) == '"Blanc, Anna" <a@lumen.example>'


def test_a_domain_is_written_as_the_network_has_it() -> None:
    assert envelopes.read_address("ideas@bücher.example").domain == "xn--bcher-kva.example"
