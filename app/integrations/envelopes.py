"""Envelopes: a letter as a mail message (RFC 5322) that programs and filters understand."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from app.integrations.letters.cleaning import clean_line
from app.integrations.posts import Outgoing, Refused

LONGEST_SUBJECT = 200
"""Characters; mail programs show some 70 of them."""

_WHOLE = frozenset({"list-unsubscribe", "message-id"})


class _Policy(EmailPolicy):
    """The library would write an address that is longer than a line as an encoded word, which nobody opens."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}\r\n" if name.lower() in _WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = _Policy(linesep="\r\n", cte_type="7bit", raise_on_defect=True)


def read_address(text: str, name: str = "") -> Address:
    """Read a mail address, `a@b.example`; a domain beyond ASCII is written as the network has it (IDNA).

    Raises: Refused, `mail.address`, for what no mail can be sent to.
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}"
        address = Address(clean_line(name), addr_spec=plain)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise Refused("mail.address", gone=True) from error
    if not address.username or not address.domain or not plain.isascii() or not plain.isprintable():
        raise Refused("mail.address", gone=True)
    return address


def read_sender(text: str) -> Address:
    """Read an address that may have a name with it, `Ideas <a@b.example>`.

    Raises: Refused, `mail.address`.
    """
    name, opened, rest = text.rpartition("<")
    return read_address(rest.strip().removesuffix(">") if opened else text, name.strip().strip('"'))


def write(message: Outgoing, *, sender: Address) -> EmailMessage:
    """Write the message with its text and its HTML.

    Its Message-ID is made of the delivery's id, so that a mail which is sent twice can be recognised. It says that a
    machine wrote it, so that nobody's absence answers (RFC 3834), and has the unsubscription by one
    click (RFC 8058). No header takes more than one line of what people wrote.

    Raises: Refused, `mail.address`.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["To"] = read_address(message.address, message.name)
    mail["Subject"] = clean_line(message.letter.subject, LONGEST_SUBJECT)
    mail["Date"] = format_datetime(message.now)
    mail["Message-ID"] = f"<{message.id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.letter.text, cte="quoted-printable")
    mail.add_alternative(message.letter.html, subtype="html", cte="quoted-printable")
    # Last, because the library moves such headers into the first part when a second one comes.
    mail["Content-Language"] = message.letter.locale
    return mail
