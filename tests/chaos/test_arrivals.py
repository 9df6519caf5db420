"""What the trial of messages sees: losses, doubles, strangers, and pushes that prove nothing."""

import json
from typing import Any

import pytest

from app.core import clock
from app.integrations import vapid
from app.integrations.posts import PushKeys
from app.integrations.push import PushPost
from tests.chaos import arrivals
from tests.chaos.arrivals import Arrival
from tests.chaos.push_service import Browser, PushService
from tests.support.letters import Outside, make_outgoing

ANNA, BEN = "anna", "ben"
DUE = {(1, ANNA, "email"), (1, ANNA, "push"), (1, BEN, "webhook"), (2, BEN, "email")}
KEY = vapid.derive_key("a secret for tests that is long enough")


def arrive(channel: str, person: str, event: int | None, identifier: str, moment: float = 100.0) -> Arrival:
    return Arrival(channel, person, event, identifier, moment)


ALL = [
    arrive("email", ANNA, 1, "a"),
    arrive("push", ANNA, 1, "b"),
    arrive("webhook", BEN, 1, "c"),
    arrive("email", BEN, 2, "d"),
]


@pytest.mark.parametrize(
    ("found", "kills", "faults"),
    [
        (ALL, [], 0),
        (ALL[1:], [], 1),  # lost
        ([*ALL, arrive("email", ANNA, 1, "e")], [110.0], 1),  # twice, under another identifier
        ([*ALL, arrive("push", BEN, 1, "f")], [], 1),  # to somebody else
        ([*ALL, arrive("email", ANNA, 1, "a", 290.0)], [110.0], 0),  # a redelivery
        ([*ALL, arrive("email", ANNA, 1, "a", 290.0)], [], 1),  # nobody was killed
        ([*ALL, arrive("email", ANNA, 1, "a", 290.0)], [200.0], 1),  # not then
        ([*ALL, arrive("email", ANNA, 1, "a", 999.0)], [110.0], 1),  # beyond the window
        ([*ALL, arrive("webhook", BEN, 1, "c", 290.0)], [110.0], 1),  # whose window is shorter
        ([*ALL, arrive("email", ANNA, None, "g")], [], 0),  # about something else
    ],
)
def test_each_event_arrives_once_for_each_person_by_each_channel(
    found: list[Arrival], kills: list[float], faults: int
) -> None:
    assert len(arrivals.check(DUE, found, kills)[1]) == faults


def test_what_came_again_is_counted_apart() -> None:
    counts, _ = arrivals.check(DUE, [*ALL, arrive("email", ANNA, 1, "a", 290.0)], [110.0])
    assert (counts["by email"], counts["by email once more after a kill"]) == (2, 1)


async def make_push(service: PushService, **changed: Any) -> bytes:
    """Return a message as it goes over the wire."""
    browser = service.browsers[ANNA]
    keys = browser.subscribe(service.origin)["keys"]
    values: dict[str, Any] = {
        "now": clock.now(),
        "push_keys": PushKeys(keys["p256dh"], keys["auth"]),
    } | changed
    address = values.pop("address", f"{service.origin}/push/{ANNA}")
    outside = Outside()
    await PushPost(KEY, subject="mailto:it@lumen.example", call=outside).send(
        make_outgoing(address, **values)
    )
    [(_, body, headers)] = outside.asked
    head = "\r\n".join(
        [f"POST /push/{ANNA} HTTP/1.1", *(f"{name}: {said}" for name, said in headers.items())]
    )
    return head.encode() + b"\r\n\r\n" + body


@pytest.fixture
def service() -> PushService:
    return PushService("https://127.0.0.1:5", KEY.public, {ANNA: Browser(ANNA)})


async def test_a_push_is_proven_and_opened(service: PushService) -> None:
    service.take(await make_push(service))
    [(topic, person, said, _)] = service.taken
    assert (topic, person, said["kind"]) == ("d" * 24, ANNA, "comments.written")
    assert json.dumps(said)
    assert service.faults == []


async def test_a_push_that_is_not_right_is_a_fault(service: PushService) -> None:
    stranger = Browser("stranger").subscribe("")["keys"]
    right = await make_push(service)
    wrong = [
        await make_push(service, address="https://127.0.0.1:6/push/anna"),
        await make_push(service, push_keys=PushKeys(stranger["p256dh"], stranger["auth"])),
        right[:-1] + bytes([right[-1] ^ 1]),
        right.replace(b"vapid t=", b"vapid t=x"),
    ]
    for request in wrong:
        service.take(request)
    assert (len(service.faults), service.taken) == (len(wrong), [])
    service.key = "another"
    service.take(right)
    assert (len(service.faults), service.taken) == (len(wrong) + 1, [])
