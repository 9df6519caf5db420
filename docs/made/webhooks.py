"""The page of the webhooks: for those who write a receiver."""

import json
from typing import Any

from pydantic import BaseModel

from app.domain.permissions import ROLE_PERMISSIONS, Permission
from app.domain.retention import KEEPING, DataClass
from app.domain.webhooks import (
    BOTH_SIGN,
    CATALOGUE,
    CLAIM,
    FAILING,
    FORGIVEN,
    GATHERED,
    MOST,
    PAUSES,
    TEST,
    TESTED,
    About,
)
from app.integrations.outbound import MOST_BYTES
from app.integrations.webhooks import AGENT
from app.schemas import payloads
from app.services.outlets import EACH
from app.services.webhook_attempts import PATIENCE
from docs.made.markdown import write_page, write_table
from docs.made.messages import measure

SHAPES: dict[About, type[BaseModel]] = {
    About.IDEA: payloads.AboutIdea,
    About.MOVE: payloads.AboutMove,
    About.COMMENT: payloads.AboutComment,
    About.REVIEW: payloads.AboutReview,
    About.CAMPAIGN: payloads.AboutCampaign,
    About.WEBHOOK: payloads.AboutWebhook,
}
"""The shape of the data, by what they are about."""

_WIDTH = 100
_TEXT = """
Other systems can be told what happens here, signed as [Standard Webhooks](https://www.standardwebhooks.com) has
it: its libraries verify each request as it is. {roles} may have webhooks, {most} at most, each their own: `POST
/api/v1/webhooks` with an address and the kinds to listen to. The answer has the secret (`whsec_…`), which is
never shown again; it is kept encrypted under the secret of the installation.
"""
_HOW = """
## A request

`POST` with `content-type: application/json`, `user-agent: {agent}` and three headers: `webhook-id`, the same
for each attempt at one delivery; `webhook-timestamp`, that of the attempt; `webhook-signature`. Verify the
signature, drop what has an identifier that you have taken already, and answer with a status of success soon, in
{patience} seconds at most; do the work afterwards. Of the answer the status counts, and {kilobytes} kB are read
at most.

Requests come in no order: go by `timestamp`, and take the data for the state of things when it was sent, not
when the event happened. They tell what everybody in the company may read of what the event is about: nothing of
drafts, never who wrote an anonymous idea, of votes the number only, gathered for {gathered}. Ask the API for
the texts of an idea.

## The secret

`POST /api/v1/webhooks/{{id}}/secret` makes a new one. For {both_sign} the former one signs too:
`webhook-signature` has two signatures then, and a receiver that knows either takes the request.

## When a request is not taken

| answer | means |
| --- | --- |
| 200–299 | taken |
| 410 | the receiver is gone: the webhook is told nothing more |
| 429, 503 | later; `Retry-After` is kept to, up to a day |
| anything else, redirects too, or no answer | failed |

What failed is sent again after {pauses}, a fifth more or less, then given up: {attempts} attempts in all. A
process that dies while it sends leaves a claim for {claim}; then the delivery is sent again, perhaps for the
second time, with the same `webhook-id`. At most {each} requests of one process are on their way to one webhook
at a time; a slow one delays no other.

`GET /api/v1/webhooks/{{id}}/deliveries` is the log of {kept}; `POST …/deliveries/{{id}}/replays` sends one once
more, with the same identifier and with what may be read now; `POST /api/v1/webhooks/{{id}}/tests` sends a test.
A webhook whose owner leaves or loses the role is suspended at once; what it missed is not told later.

A webhook that took nothing for {failing}, while something was tried at least every {forgiven}, is switched off: its
`state` is `failed`, `failing_since` and `failure` say since when and why. `PATCH` with `{{"active": true}}` switches it
on again; what it missed is not told later.

Only addresses of the public internet are called, on port 80, 443 or above 1023, with encryption in production;
the setting `IDEABOX_OUTBOUND_ALLOW` allows others, without encryption too. Where an address leads is looked at when it
is saved and with each attempt. A name that has no address now is refused with `webhooks.unknown-name`, any other that
is never called with `webhooks.unusable-url`, as are names that only the inside of a company can have, whether they are
there or not. The log does not tell a forbidden address from one that does not answer.

## What is told
"""
_BODY = """
## The body

`type` is the kind, `timestamp` when it happened (RFC 3339, UTC), `data` has one of the shapes below. Fields may
be added.
"""


def write() -> str:
    """Return how webhooks are received, the catalogue, and the JSON Schema of each kind of data."""
    rows = [
        (f"`{kind}`", entry.says, f"[{entry.about}](#about-{entry.about}s)")
        for kind, entry in _list_entries()
    ]
    return write_page(
        "Webhooks",
        _TEXT.format(roles=_list_roles(), most=MOST),
        _HOW.format(
            agent=AGENT,
            patience=int(PATIENCE),
            kilobytes=MOST_BYTES // 1024,
            gathered=measure(GATHERED),
            both_sign=measure(BOTH_SIGN),
            pauses=", ".join(map(measure, PAUSES)),
            attempts=len(PAUSES) + 1,
            claim=measure(CLAIM),
            failing=measure(FAILING),
            forgiven=measure(FORGIVEN),
            each=EACH,
            kept=f"{KEEPING[DataClass.WEBHOOK_DELIVERIES].days} days",
        ),
        write_table(("type", "what happened", "data"), rows),
        _BODY,
        *(_write_shape(about, shape) for about, shape in SHAPES.items()),
    )


def write_schema(about: About, shape: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of the bodies with one shape of data."""
    data = shape.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"enum": [kind for kind, entry in _list_entries() if entry.about is about]},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {name: part for name, part in data.items() if name != "$defs"},
        },
        **({"$defs": data["$defs"]} if "$defs" in data else {}),
    }


def _list_entries() -> list[tuple[str, Any]]:
    return [*CATALOGUE.items(), (TESTED, TEST)]


def _list_roles() -> str:
    roles = [role.value for role, may in ROLE_PERMISSIONS.items() if Permission.WEBHOOKS_WRITE in may]
    return " and ".join(f"`{role}`" for role in roles)


def _write_shape(about: About, shape: type[BaseModel]) -> str:
    return f"### About {about}s\n\n```json\n{_format(write_schema(about, shape))}\n```"


def _format(schema: Any, margin: str = "") -> str:
    """Return JSON with what fits in a line on a line."""
    plain = json.dumps(schema, ensure_ascii=False)
    if len(margin + plain) < _WIDTH or not isinstance(schema, dict):
        return plain
    inner = margin + "  "
    parts = [f"{inner}{json.dumps(name)}: {_format(part, inner)}" for name, part in schema.items()]
    return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
