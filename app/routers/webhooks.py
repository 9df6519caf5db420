"""Webhooks over HTTP: where other systems are told of events, and the log of what they were told."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.queries import webhooks as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.shapes import Page
from app.schemas.webhooks import (
    AddedWebhook,
    AddWebhook,
    DeliveryState,
    EditWebhook,
    Webhook,
    WebhookDelivery,
    Webhooks,
    WebhookSecret,
)
from app.services import idempotency, webhook_deliveries, webhooks


async def check_new(actor: Who, wiring: Wired, values: AddWebhook) -> AddWebhook:
    """Look at where a new webhook leads, before there is a transaction that would wait for it."""
    await webhooks.check_receiver(actor, values.url, wiring.frontier)
    return values


async def check_edited(actor: Who, wiring: Wired, values: EditWebhook) -> EditWebhook:
    """Look at where a webhook is to lead, if that is changed."""
    if "url" in values.model_fields_set:
        await webhooks.check_receiver(actor, values.url, wiring.frontier)
    return values


router = APIRouter(tags=["webhooks"], route_class=Route)


@router.get("/webhooks", response_model=Webhooks, responses=list_responses(401, 403, 422, 429, 503))
async def list_webhooks(request: Request, actor: Who, session: Reading, now: Now) -> Response:
    """List one's webhooks."""
    return answers.show(request, await reading.list_webhooks(session, actor, now=now))


@router.post(
    "/webhooks",
    status_code=201,
    response_model=AddedWebhook,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
)
async def add_webhook(
    request: Request,
    actor: Who,
    values: Annotated[AddWebhook, Depends(check_new)],
    session: Writing,
    wiring: Wired,
    now: Now,
) -> Response:
    """Have an address told of events; the secret that signs is shown in this answer only."""
    webhook, secret = await webhooks.add(session, actor, values, settings=wiring.settings, now=now)
    shown = reading.shape(webhook, now=now).model_dump()
    return await _tell_once(request, AddedWebhook(**shown, secret=secret))


@router.get(
    "/webhooks/{webhook_id}", response_model=Webhook, responses=list_responses(401, 403, 404, 422, 429, 503)
)
async def read_webhook(request: Request, actor: Who, session: Reading, now: Now, webhook_id: str) -> Response:
    """Return one of one's webhooks."""
    webhook = await reading.get_visible(session, actor, webhook_id)
    return answers.show(request, reading.shape(webhook, now=now), version=webhook.version)


@router.patch(
    "/webhooks/{webhook_id}",
    response_model=Webhook,
    responses=list_responses(401, 403, 404, 412, 413, 415, 422, 428, 429, 503),
)
async def edit_webhook(
    actor: Who,
    values: Annotated[EditWebhook, Depends(check_edited)],
    session: Writing,
    wiring: Wired,
    now: Now,
    version: Version,
    webhook_id: str,
) -> Response:
    """Change a webhook, or switch it on or off; `If-Match` is required."""
    webhook = await webhooks.edit(
        session, actor, webhook_id, values, version=version, settings=wiring.settings, now=now
    )
    return answers.done(reading.shape(webhook, now=now), version=webhook.version)


@router.delete(
    "/webhooks/{webhook_id}",
    status_code=204,
    responses=list_responses(401, 403, 404, 412, 422, 428, 429, 503),
    response_class=Response,
)
async def delete_webhook(
    actor: Who, session: Writing, now: Now, version: Version, webhook_id: str
) -> Response:
    """Delete a webhook with its log; `If-Match` is required."""
    await webhooks.delete(session, actor, webhook_id, version=version, now=now)
    return Response(status_code=204)


@router.post(
    "/webhooks/{webhook_id}/secret",
    status_code=201,
    response_model=WebhookSecret,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def rotate_secret(
    request: Request, actor: Who, session: Writing, wiring: Wired, now: Now, webhook_id: str
) -> Response:
    """Give a webhook a new secret; for a day both sign."""
    webhook, secret = await webhooks.rotate(session, actor, webhook_id, settings=wiring.settings, now=now)
    until = webhook.former_until or now
    return await _tell_once(request, WebhookSecret(secret=secret, former_secret_until=until))


@router.post(
    "/webhooks/{webhook_id}/tests",
    status_code=201,
    response_model=WebhookDelivery,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def test_webhook(actor: Who, session: Writing, now: Now, webhook_id: str) -> Response:
    """Send a test, whatever the webhook listens to."""
    delivery = await webhook_deliveries.test(session, actor, webhook_id, now=now)
    webhook = await reading.get_visible(session, actor, webhook_id)
    return answers.done(reading.shape_delivery(webhook, delivery), status=201)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response_model=Page[WebhookDelivery],
    responses=list_responses(401, 403, 404, 422, 429, 503),
)
async def list_deliveries(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    webhook_id: str,
    state: Annotated[DeliveryState | None, Query(description="Only deliveries in this state.")] = None,
) -> Response:
    """Return a page of the log of a webhook, the latest first; it goes back a month."""
    webhook = await reading.get_visible(session, actor, webhook_id)
    items, place = await reading.list_deliveries(
        session, webhook, state=state, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[WebhookDelivery](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replays",
    status_code=201,
    response_model=WebhookDelivery,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def replay_delivery(
    actor: Who, session: Writing, now: Now, webhook_id: str, delivery_id: str
) -> Response:
    """Send a delivery once more, with the same identifier and with what one may read now."""
    delivery = await webhook_deliveries.replay(session, actor, webhook_id, delivery_id, now=now)
    webhook = await reading.get_visible(session, actor, webhook_id)
    return answers.done(reading.shape_delivery(webhook, delivery), status=201)


async def _tell_once(request: Request, shape: AddedWebhook | WebhookSecret) -> Response:
    """Answer with a secret, of which no copy is kept for a repeated request."""
    claim = getattr(request.state, "claim", None)
    response = answers.done(shape, status=201)
    if claim is not None:
        kept = answers.done(shape.model_copy(update={"secret": None}), status=201)
        await idempotency.remember(claim, kept.status_code, bytes(kept.body), kept.headers)
        request.state.claim = None
    return response
