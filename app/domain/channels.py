"""Channels: the addresses that people may give for their messages."""

from urllib.parse import urlsplit

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.preferences import Channel

MOST_BROWSERS = 10
"""Browsers of one person; the one that was added first gives way."""


class UnusableAddress(Invalid):
    """Give an https address, without a name or password in it."""

    code = "channels.unusable-address"


class NoSuchSubscription(NotFound):
    """You have no such subscription."""

    code = "channels.no-such-subscription"


class NoSuchChat(NotFound):
    """Messages go to the chats `slack` and `teams`."""

    code = "channels.no-such-chat"


class SomebodyElses(Conflict):
    """This browser is somebody else's: subscribe it anew."""

    code = "channels.somebody-elses"


def check_chat(channel: str) -> None:
    """Let pass a channel that is a chat.

    Raises: NoSuchChat.
    """
    if channel not in (Channel.SLACK, Channel.TEAMS):
        raise NoSuchChat


def check_address(url: str, pointer: str) -> str:
    """Return the host of an address that messages can be sent to.

    Raises: UnusableAddress.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UnusableAddress.at(pointer) from error
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme != "https" or not host or "@" in parts.netloc or not plain:
        raise UnusableAddress.at(pointer)
    return host
