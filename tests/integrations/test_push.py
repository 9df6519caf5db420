"""A browser can open what is sent to it and nobody else can; the push service learns who sends, no more."""

import base64
import json
from typing import Any

import http_ece  # type: ignore[import-untyped]  # without the marker
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02  # type: ignore[import-untyped]  # the same

from app.integrations import vapid
from app.integrations.posts import Outgoing, PushKeys, Refused, Unreachable
from app.integrations.push import PushPost
from tests.support.letters import NOW, Answer, Outside, make_item, make_outgoing, write_letter

ENDPOINT = "https://push.example.net:8443/send/abc?d=1"
KEY = vapid.derive_key("a secret for tests that is long enough")
BROWSER = ec.generate_private_key(ec.SECP256R1())
AUTH = b"sixteen bytes 16"


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


KEYS = PushKeys(
    encode(BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)), encode(AUTH)
)


def make_push(**values: Any) -> Outgoing:
    letter = write_letter(make_item(text="Secret words", person="Karim Petit"))
    return make_outgoing(ENDPOINT, letter, **{"push_keys": KEYS, **values})


async def send(message: Outgoing, answer: Answer | None = None) -> Outside:
    outside = Outside(answer or Answer(201))
    await PushPost(KEY, subject="mailto:it@lumen.example", call=outside).send(message)
    return outside


async def test_the_browser_reads_the_kind_and_the_page_and_nothing_else() -> None:
    outside = await send(make_push())
    [(url, body, headers)] = outside.asked
    opened = http_ece.decrypt(body, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm")
    assert url == ENDPOINT
    assert json.loads(opened) == {"kind": "comments.written", "path": "/ideas/kq3v7"}
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["topic"] == "d" * 24
    assert int(headers["ttl"]) > 0


async def test_nothing_personal_stands_outside_of_the_seal() -> None:
    outside = await send(make_push(name="Anna Blanc", unsubscribe_url="https://ideas.example.com/u/1"))
    [(_, body, headers)] = outside.asked
    assert not [word for word in (b"kq3v7", b"comments", b"Anna") if word in body]
    assert not [word for word in ("Anna", "Karim", "Secret", "unsubscribe") if word in str(headers)]


async def test_the_push_service_is_shown_who_sends() -> None:
    outside = await send(make_push())
    proof = outside.asked[0][2]["authorization"]
    assert Vapid02.verify(proof)
    token = proof.split("t=")[1].split(",")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    assert claims["aud"] == "https://push.example.net:8443"
    assert claims["sub"] == "mailto:it@lumen.example"
    assert 0 < claims["exp"] - NOW.timestamp() <= 86_400
    assert proof.endswith(f"k={KEY.public}")


@pytest.mark.parametrize(("urgent", "said"), [(True, "high"), (False, "normal")])
async def test_what_asks_for_an_act_is_urgent(urgent: bool, said: str) -> None:
    outside = await send(make_push(urgent=urgent))
    assert outside.asked[0][2]["urgency"] == said


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_ended_is_gone(status: int) -> None:
    with pytest.raises(Refused) as refused:
        await send(make_push(), Answer(status))
    assert refused.value.gone


async def test_a_service_that_is_busy_is_asked_later() -> None:
    with pytest.raises(Unreachable) as later:
        await send(make_push(), Answer(429, {"retry-after": "30"}))
    assert later.value.retry_after == 30


@pytest.mark.parametrize(
    "keys",
    [
        None,
        PushKeys("", ""),
        PushKeys("AAAA", "AAAA"),
        PushKeys("é" * 87, KEYS.auth),
        PushKeys(encode(b"\x04" + b"\x01" * 64), KEYS.auth),
        PushKeys(KEYS.p256dh, ""),
        PushKeys(KEYS.p256dh[:-8], KEYS.auth),
    ],
)
async def test_keys_that_are_none_end_the_subscription(keys: PushKeys | None) -> None:
    with pytest.raises(Refused) as refused:
        await send(make_push(push_keys=keys))
    assert (refused.value.reason, refused.value.gone) == ("push.keys", True)
