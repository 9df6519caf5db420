"""The drains that send messages, one for each channel: a slow one holds up no other."""

from functools import partial

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.security.seals import Seals
from app.domain.preferences import Channel
from app.integrations.calls import Call
from app.integrations.channels import open_posts
from app.jobs.work import Drain
from app.services import posting
from app.services.posting import Office


def open_office(settings: Settings, *, call: Call) -> Office:
    """Return what sending takes; `call` reaches the outside through the guard. Nothing is connected yet.

    Raises: UnusableChannel.
    """
    secrets = [settings.secret, *(secret.get_secret_value() for secret in settings.previous_secret_keys)]
    posts = open_posts(settings, call=call)
    return Office(posts, Seals(secrets), settings.base_url, settings.company_name)


def list_drains(database: Database, office: Office) -> dict[str, Drain]:
    """Return the drain of each channel by its name; they stand behind the drain of the events."""
    return {
        f"messages.{channel.value}": partial(_send, database, office, channel.value) for channel in Channel
    }


async def close_office(office: Office) -> None:
    """Let go of the connections of every post."""
    for post in office.posts.values():
        await post.close()


async def _send(database: Database, office: Office, channel: str) -> int:
    return await posting.send_due(database, office, channel, now=clock.now())
