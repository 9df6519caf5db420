"""Chat: letters as messages in Slack and Teams, by the address of a webhook."""

import json
from collections.abc import Callable
from typing import Any

from app.integrations import calls
from app.integrations.calls import Call
from app.integrations.letters import Letter
from app.integrations.posts import Outgoing

MAX_LINES = 20
"""Items of a digest that are shown; Slack takes 50 blocks, Teams 28 kB."""

MAX_TEXT = 1000
"""Characters of one item."""

_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class ChatPost:
    """Sends to a webhook that a person gave."""

    def __init__(self, name: str, write: Callable[[Letter], dict[str, Any]], *, call: Call) -> None:
        """`name` is that of the channel, `write` makes the body of a letter."""
        self._name = name
        self._write = write
        self._call = call

    async def send(self, message: Outgoing) -> None:
        """Send the lines of a letter.

        Raises: Refused, `gone` where the webhook is no more; Unreachable.
        """
        body = json.dumps(self._write(message.letter), ensure_ascii=False).encode()
        headers = {"content-type": "application/json; charset=utf-8"}
        reply = await self._call(message.address, body=body, headers=headers)
        calls.check_taken(reply, self._name, now=message.now)

    async def close(self) -> None:
        """There is nothing to let go of."""


def write_slack(letter: Letter) -> dict[str, Any]:
    """Return a letter as blocks of plain text, in which Slack sees neither markup nor mentions."""
    blocks: list[dict[str, Any]] = []
    if len(letter.lines) > 1:
        blocks.append({"type": "header", "text": _plain(letter.subject)})
    for line in letter.lines[:MAX_LINES]:
        blocks.append({"type": "section", "text": _plain(line.text[:MAX_TEXT])})
        link = f"<{line.url}|{line.action.translate(_MARKS)}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    return {"text": letter.subject.translate(_MARKS), "blocks": blocks}


def write_teams(letter: Letter) -> dict[str, Any]:
    """Return a letter as an Adaptive Card for a Teams workflow; runs of text know no markup there."""
    body: list[dict[str, Any]] = []
    if len(letter.lines) > 1:
        body.append(_rich({"text": letter.subject, "weight": "Bolder", "size": "Medium"}))
    for line in letter.lines[:MAX_LINES]:
        way = {"type": "Action.OpenUrl", "url": line.url}
        body.append(_rich({"text": f"{line.text[:MAX_TEXT]} "}, {"text": line.action, "selectAction": way}))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": letter.locale,
        "fallbackText": letter.subject,
        "body": body,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _rich(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
