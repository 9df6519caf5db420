"""Where messages reach somebody, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.shapes import Answer, Readable, Request, Time

_Url = Annotated[Readable, Field(min_length=1, max_length=1000)]


class PushKeys(Request):
    """The keys of a browser's subscription, in base64url, as `PushSubscription.toJSON()` gives them."""

    p256dh: str = Field(pattern=r"^[A-Za-z0-9_-]{87}=?$")
    auth: str = Field(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")


class SubscribeBrowser(Request):
    """A browser that is to show messages."""

    endpoint: _Url
    keys: PushKeys


class PushSubscription(Answer):
    """A browser that shows messages; `host` is its push service."""

    id: str
    host: str
    created_at: Time


class PushSubscriptions(Answer):
    """The reader's browsers; `public_key` is what the next one subscribes with, null where there is no web push."""

    items: list[PushSubscription]
    public_key: str | None


class SetChatAddress(Request):
    """The address of an incoming webhook of Slack, or of a workflow of Teams."""

    url: _Url


class ChatAddress(Answer):
    """A chat that gets messages; whoever knows the whole address can write there, so only its host is shown."""

    channel: Literal["slack", "teams"]
    host: str


class ChatAddresses(Answer):
    """The reader's chats."""

    items: list[ChatAddress]
