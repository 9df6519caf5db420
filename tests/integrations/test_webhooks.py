"""What is sent is what the unmodified library of Standard Webhooks verifies."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from app.integrations import webhooks
from app.integrations.webhooks import Attempt

NOW = datetime(2026, 1, 5, 9, 0, 0, 999_000, tzinfo=UTC)
BODY = '{"type":"ideas.edited","data":{"title":"Éteindre 💡"}}'.encode()


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


def make_attempt(*secrets: str, at: datetime = NOW) -> Attempt:
    return Attempt("a" * 24, "https://hooks.example/", BODY, secrets, at)


def test_secrets_are_long_random_and_said_to_be_secrets() -> None:
    made = {webhooks.make_secret() for _ in range(10)}
    assert len(made) == 10
    for secret in made:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


INSIDE = (
    "localhost localhost. a.localhost LOCALHOST 127.0.0.1 127.0.0.1. 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 0 "
    "00 0.0.0.0 10.1.2.3 192.168.1.1 172.16.0.9 169.254.169.254 2852039166 100.64.0.1 224.0.0.1 255.255.255.255 [::] "
    "[::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::a9fe:a9fe] [2002:7f00:1::] [fe80::1] "
    "[fe80::1%25eth0] [fd00::1] [ff02::1]"
).split()


@pytest.mark.parametrize("host", INSIDE)
def test_what_leads_inside_by_its_spelling_is_known_without_asking_anybody(host: str) -> None:
    assert webhooks.leads_inside(f"https://{host}:8443/x", [])
    assert webhooks.leads_inside(f"https://{host}/", ["10.9.0.0/16", "chat.intranet"])


@pytest.mark.parametrize(
    "host", ["hooks.example", "93.184.216.34", "[2606:2800:220:1::1]", "intranet", "1.example"]
)
def test_names_and_public_addresses_are_not_known_to_lead_inside(host: str) -> None:
    assert not webhooks.leads_inside(f"https://{host}/", [])


def test_what_is_allowed_may_be_inside() -> None:
    allowed = ["127.0.0.0/8", "localhost", "fd00::/8"]
    for host in ("127.0.0.1", "0x7f.1", "localhost.", "[fd00::1]"):
        assert not webhooks.leads_inside(f"http://{host}:8080/", allowed)
    assert webhooks.leads_inside("http://10.0.0.1/", allowed)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45))])
def test_the_library_verifies_what_either_secret_signed(zone: timezone) -> None:
    new, former, strange = (webhooks.make_secret() for _ in range(3))
    headers = webhooks.write_headers(make_attempt(new, former, at=NOW.astimezone(zone)))
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        for secret in (new, former):
            said = Webhook(secret).verify(BODY, headers)
            assert said["data"]["title"] == "Éteindre 💡"
        for secret, body in ((strange, BODY), (new, BODY + b" ")):
            with pytest.raises(WebhookVerificationError):
                Webhook(secret).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(BODY, {**headers, "webhook-id": "b" * 24})
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False), pytest.raises(WebhookVerificationError):
        Webhook(new).verify(BODY, headers)


@pytest.mark.parametrize(("said", "seconds"), [(None, None), ("120", 120.0), ("soon", None)])
async def test_an_answer_is_its_status_and_when_to_come_again(
    said: str | None, seconds: float | None
) -> None:
    seen = []

    async def call(url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
        seen.append((url, body, headers["webhook-id"]))
        return Reply(302, {"retry-after": said} if said else {})

    found = await webhooks.send(call, make_attempt(webhooks.make_secret()))
    assert seen == [("https://hooks.example/", BODY, "a" * 24)]
    assert (found.status, found.retry_after) == (302, seconds)
