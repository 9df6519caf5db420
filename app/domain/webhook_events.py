"""Events about webhooks: who has other systems told of what."""

from app.domain.happenings import Happening


class WebhookChanged(Happening):
    """Somebody changed where other systems are told of events. Subject: the webhook; payload: `change`."""

    kind = "webhooks.changed"
