"""Channels: the ways to people that an installation has, as its settings say."""

from app.core.config import Settings
from app.integrations import chat, envelopes, mail, vapid
from app.integrations.calls import Call
from app.integrations.posts import Post, Refused
from app.integrations.push import PushPost

DEVELOPER = "Ideabox <ideabox@localhost>"
"""Sender of what goes to the console."""


class UnusableChannel(Exception):
    """A setting of a channel can't be used; the text says which and why."""


def open_posts(settings: Settings, *, call: Call) -> dict[str, Post]:
    """Return the posts by channel: `email`, `push`, `slack`, `teams`; what is not set up is not there.

    `call` reaches the outside through the guard. Nothing is connected before the first message.

    Raises: UnusableChannel.
    """
    posts: dict[str, Post] = {
        "slack": chat.ChatPost("slack", chat.write_slack, call=call),
        "teams": chat.ChatPost("teams", chat.write_teams, call=call),
    }
    try:
        if by_mail := _open_mail(settings):
            posts["email"] = by_mail
        if subject := vapid.find_subject(settings):
            posts["push"] = PushPost(vapid.get_key(settings), subject=subject, call=call)
    except ValueError as error:
        raise UnusableChannel(str(error)) from error
    except Refused as error:
        raise UnusableChannel("IDEABOX_MAIL_FROM is no mail address") from error
    return posts


def _open_mail(settings: Settings) -> Post | None:
    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    sender = envelopes.read_sender(settings.mail_from or DEVELOPER)
    if url.startswith("console:") or (not url and settings.environment == "development"):
        return mail.ConsolePost(sender=sender)
    return mail.MailPost(mail.read_server(url), sender=sender) if url else None
