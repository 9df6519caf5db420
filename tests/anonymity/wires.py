"""What is on the wire of a message to a person, opened as its reader opens it: mail, chat, push."""

import json
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Any

from app.domain.notifications import CATALOGUE
from app.domain.preferences import Channel, Timing
from app.integrations import chat, envelopes, vapid
from app.integrations.chat import ChatPost
from app.integrations.posts import Post
from app.integrations.push import PushPost
from tests.anonymity.stage import Said, Stage, Taken
from tests.anonymity.unpacking import lay_open_mail
from tests.chaos.push_service import Browser

_SENDER = Address("Ideabox", addr_spec="ideabox@company.example")
_PUSH = "https://push.example"


@dataclass
class Wires:
    """Keeps the browsers of people, which alone can open what they are pushed, and the last request that was made."""

    browsers: dict[str, Browser] = field(default_factory=dict)
    request: tuple[bytes, Any] = (b"", None)

    async def connect(self, stage: Stage, name: str) -> None:
        """Have somebody be told everything at once, by every channel."""
        browser = Browser(name.replace(" ", "-"))
        subscription = browser.subscribe(_PUSH)
        self.browsers[subscription["endpoint"]] = browser
        await stage.act(name, "POST", "/me/push-subscriptions", subscription)
        for channel in ("slack", "teams"):
            address = {"url": f"https://{channel}.example/{browser.person}"}
            await stage.act(name, "PUT", f"/me/chat-addresses/{channel}", address)
        choices = [
            {"kind": kind.value, "channel": channel.value, "timing": Timing.AT_ONCE.value}
            for kind in CATALOGUE
            for channel in Channel
        ]
        await stage.act(name, "PUT", "/me/preferences", {"choices": choices})
        habits = {"quiet_from": 0, "quiet_until": 0, "per_day": 100}
        await stage.act(name, "PUT", "/me/message-settings", habits)

    async def read(self, said: Said) -> bytes:
        """Return everything that another system or a person's reader has of a message."""
        if said.sent is None:
            return said.what.encode()
        if said.by == Channel.EMAIL:
            return lay_open_mail(envelopes.write(said.sent, sender=_SENDER).as_bytes())
        await self._posts[said.by].send(said.sent)
        body, headers = self.request
        if said.by == Channel.PUSH:
            opened = self.browsers[said.to].open(body)
            return json.dumps([headers, opened], ensure_ascii=False).encode()
        return repr(headers).encode() + b"\n" + body

    @property
    def _posts(self) -> dict[str, Post]:
        key = vapid.derive_key("a secret for tests that is long enough")
        return {
            Channel.SLACK: ChatPost("slack", chat.write_slack, call=self._take),
            Channel.TEAMS: ChatPost("teams", chat.write_teams, call=self._take),
            Channel.PUSH: PushPost(key, subject="mailto:it@company.example", call=self._take),
        }

    async def _take(self, url: str, *, body: bytes, headers: Any) -> Taken:
        self.request = (body, {"url": url, **headers})
        return Taken()
