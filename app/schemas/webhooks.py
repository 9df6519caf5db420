"""Webhooks and the log of their deliveries on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from app.schemas.shapes import Answer, Readable, Request, Time

WebhookKind = Literal[
    "ideas.submitted",
    "ideas.imported",
    "ideas.edited",
    "pipeline.moved",
    "scorecards.filled",
    "votes.changed",
    "comments.written",
    "comments.edited",
    "comments.deleted",
    "reviews.assigned",
    "reviews.late",
    "reviews.reassigned",
    "reviews.escalated",
    "campaigns.announced",
]
"""The catalogue of `domain/webhooks.py` on the wire."""

Listening = Literal["active", "off", "gone", "failed", "suspended"]
Failure = Literal["off", "unseen", "unreachable", "status", "secret"]
DeliveryState = Literal["waiting", "claimed", "sent", "given_up", "dropped"]


def _sort(kinds: list[WebhookKind]) -> list[WebhookKind]:
    return sorted(set(kinds))


Url = Annotated[Readable, Field(min_length=1, max_length=1000)]
Description = Annotated[Readable, Field(max_length=200)]
Kinds = Annotated[list[WebhookKind], Field(min_length=1, max_length=50), AfterValidator(_sort)]


class AddWebhook(Request):
    """An address that is to be told of some kinds of events."""

    url: Url
    kinds: Kinds
    description: Description = ""


class EditWebhook(Request):
    """A change of a webhook; fields that are left out stay as they are. `active` switches it on or off."""

    url: Url = ""
    kinds: Kinds = []
    description: Description = ""
    active: StrictBool = True


class Webhook(Answer):
    """An address that is told of events.

    `state` is `off` when its owner switched it off, `gone` when the receiver answered 410, `failed` when nothing was
    taken for days, `suspended` when its owner lost the role. `failing_since` is since when nothing was taken, `failure`
    why the last attempt was not; both are null when it was. The former secret signs too until `former_secret_until`.
    """

    id: str
    url: str
    description: str
    kinds: list[WebhookKind]
    state: Listening
    failing_since: Time | None
    failure: Failure | None
    former_secret_until: Time | None
    created_at: Time
    updated_at: Time
    version: int
    can: list[str]


class AddedWebhook(Webhook):
    """A new webhook with its secret, which is shown here only, and not to a repeated request."""

    secret: str | None


class WebhookSecret(Answer):
    """A new secret, which is shown here only, and not to a repeated request; the former one signs too for a while."""

    secret: str | None
    former_secret_until: Time


class Webhooks(Answer):
    """The reader's webhooks."""

    items: list[Webhook]


class WebhookDelivery(Answer):
    """One event on its way to one webhook; `id` is the `webhook-id`.

    `status` is that of the last answer. `failure` says why it was not taken: `off` the webhook did not listen,
    `unseen` there was nothing that its owner may read, `unreachable` no answer, `status` not one of success,
    `secret` the secret can't be read any more.
    """

    id: str
    type: WebhookKind | Literal["webhooks.tested"]
    state: DeliveryState
    attempts: int
    happened_at: Time
    created_at: Time
    attempted_at: Time | None
    next_attempt_at: Time | None
    sent_at: Time | None
    status: int | None
    failure: Failure | None
    can: list[str]
