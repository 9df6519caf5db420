"""Where messages reach the signed-in person, over HTTP."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from app.queries import channels as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.channels import (
    ChatAddress,
    ChatAddresses,
    PushSubscription,
    PushSubscriptions,
    SetChatAddress,
    SubscribeBrowser,
)
from app.services import channels

router = APIRouter(tags=["messages"], route_class=Route)
_READ = list_responses(401, 422, 429, 503)
_END = list_responses(401, 404, 422, 429, 503)

Chat = Literal["slack", "teams"]


@router.get("/me/push-subscriptions", response_model=PushSubscriptions, responses=_READ)
async def list_push_subscriptions(request: Request, actor: Who, session: Reading, wiring: Wired) -> Response:
    """List one's browsers that show messages, and the key by which another one subscribes."""
    public_key = channels.find_public_key(wiring.settings)
    return answers.show(request, await reading.list_browsers(session, actor, public_key=public_key))


@router.post(
    "/me/push-subscriptions",
    status_code=201,
    response_model=PushSubscription,
    responses=list_responses(401, 409, 413, 415, 422, 429, 503),
)
async def subscribe_browser(actor: Who, session: Writing, now: Now, values: SubscribeBrowser) -> Response:
    """Have messages shown by a browser; the same one again is the same subscription."""
    found = await channels.subscribe(session, actor, values, now=now)
    return answers.done(reading.shape_browser(found), status=201)


@router.delete(
    "/me/push-subscriptions/{subscription_id}", status_code=204, responses=_END, response_class=Response
)
async def unsubscribe_browser(actor: Who, session: Writing, subscription_id: str) -> Response:
    """Have a browser show no more messages."""
    await channels.unsubscribe(session, actor, subscription_id)
    return Response(status_code=204)


@router.get("/me/chat-addresses", response_model=ChatAddresses, responses=_READ)
async def list_chat_addresses(request: Request, actor: Who, session: Reading) -> Response:
    """List one's chats that get messages."""
    return answers.show(request, await reading.list_chats(session, actor))


@router.put(
    "/me/chat-addresses/{channel}",
    response_model=ChatAddress,
    responses=list_responses(401, 404, 413, 415, 422, 429, 503),
)
async def set_chat_address(
    actor: Who, session: Writing, now: Now, channel: str, values: SetChatAddress
) -> Response:
    """Say where a chat takes messages."""
    return answers.done(
        reading.shape_chat(await channels.set_chat(session, actor, channel, values.url, now=now))
    )


@router.delete("/me/chat-addresses/{channel}", status_code=204, responses=_END, response_class=Response)
async def forget_chat_address(actor: Who, session: Writing, channel: str) -> Response:
    """Have a chat take no more messages; without one nothing changes."""
    await channels.forget_chat(session, actor, channel)
    return Response(status_code=204)
