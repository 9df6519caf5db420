"""Asking, helping, thanking and crediting, each through its use case."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.core.db import WriteSession
from app.demo import animation
from app.demo.people import Troupe
from app.domain.help_requests import HelpState
from app.models.help_requests import HelpRequest
from app.schemas.help_requests import AskForHelp
from app.services import coaching, comment_credits, help_requests


async def ask(troupe: Troupe, session: WriteSession, act: animation.AskHelp) -> None:
    """An author asks for help."""
    values = AskForHelp.model_validate({"text": act.text, "wants": act.wants})
    author = await troupe.person(session, act.person)
    request = await help_requests.ask(session, author, troupe.ideas[act.idea], values, now=act.at)
    troupe.requests[act.request] = request.id


async def give(troupe: Troupe, session: WriteSession, act: animation.Help) -> None:
    """Whoever the application asked accepts and says something; where there is nobody nothing happens."""
    request = await session.get_one(HelpRequest, troupe.requests[act.request])
    if request.helper_id is not None:
        helper = await troupe.actor(session, request.helper_id)
        await help_requests.answer(session, helper, request.id, accept=True, now=act.at)
        await coaching.write(session, helper, request.id, body=act.text, now=act.at)


async def thank(troupe: Troupe, session: WriteSession, act: animation.Thank) -> None:
    """The author thanks who helped."""
    request = await session.get_one(HelpRequest, troupe.requests[act.request])
    if request.state == HelpState.HELPING:
        author = await troupe.person(session, act.person)
        await coaching.thank(session, author, request.id, now=act.at)
        await coaching.end(session, author, request.id, now=act.at)


async def credit(troupe: Troupe, session: WriteSession, act: animation.Credit) -> None:
    """An author says that a comment changed the idea."""
    author = await troupe.person(session, act.person)
    await comment_credits.give(session, author, troupe.comments[act.comment], now=act.at)


SCENES: dict[type[Any], Callable[[Troupe, WriteSession, Any], Awaitable[None]]] = {
    animation.AskHelp: ask,
    animation.Help: give,
    animation.Thank: thank,
    animation.Credit: credit,
}
"""THE table of what help looks like."""
