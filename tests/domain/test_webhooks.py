"""The catalogue of webhooks, their addresses, what an answer means, and when it is tried again."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import events, webhooks
from app.domain.deliveries import LONGEST_PAUSE
from app.domain.webhooks import CATALOGUE, KINDS, PAUSES, UnusableUrl, Verdict
from app.schemas.webhooks import Failure, Listening, WebhookKind

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_the_wire_has_the_catalogue() -> None:
    assert set(get_args(WebhookKind)) == set(CATALOGUE)
    assert set(get_args(Listening)) == {each.value for each in webhooks.Listening}
    assert set(get_args(Failure)) == {each.value for each in webhooks.Failure}


def test_every_kind_tells_of_events_that_there_are() -> None:
    assert set(KINDS) <= {event.kind for event in events.list_kinds()}
    assert set(KINDS.values()) == set(CATALOGUE)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/a?b=c",
        "https://hooks.example./",
        "https://hooks.example:8443",
        "https://xn--bcher-kva.example/",
        "https://[2001:db8::1]/x",
    ],
)
def test_addresses_with_encryption_are_taken(url: str) -> None:
    webhooks.check_url(url, plain=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "//hooks.example/",
        "hooks.example",
        "https://",
        "https:///path",
        "https://user@hooks.example/",
        "https://hooks.example/#inside",
        "https://hooks.example:22/",
        "https://hooks.example:0/",
        "https://%6c%6fcalhost/",
        "https://hooks..example/",
        "https://user:word@hooks.example/",
        "https://hooks.example:99999/",
        "https://hooks.example:x/",
        "https://[::1/",
        "https://hooks。example/",
        "https://hooks.example\\@inside/",
        "https://hooks.example/ x",
        "https://hooks.example/\nHost: inside",
        "https://hooks.example/é",
    ],
)
def test_other_spellings_are_refused(url: str) -> None:
    with pytest.raises(UnusableUrl):
        webhooks.check_url(url, plain=False)


def test_plain_addresses_are_taken_where_they_are_allowed() -> None:
    webhooks.check_url("http://127.0.0.1:8080/x", plain=True)
    with pytest.raises(UnusableUrl):
        webhooks.check_url("ftp://127.0.0.1/", plain=True)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (299, Verdict.TAKEN),
        (199, Verdict.FAILED),
        (300, Verdict.FAILED),
        (301, Verdict.FAILED),
        (307, Verdict.FAILED),
        (400, Verdict.FAILED),
        (404, Verdict.FAILED),
        (410, Verdict.GONE),
        (429, Verdict.LATER),
        (500, Verdict.FAILED),
        (503, Verdict.LATER),
    ],
)
def test_only_success_is_success(status: int, verdict: Verdict) -> None:
    assert webhooks.judge(status) is verdict


@given(
    attempts=st.integers(1, 12),
    luck=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 10_000_000),
)
def test_attempts_come_later_and_later_for_days(
    attempts: int, luck: float, retry_after: float | None
) -> None:
    found = webhooks.find_next_attempt(attempts, luck=luck, retry_after=retry_after, now=NOW)
    if attempts > len(PAUSES):
        assert found is None
        return
    assert found is not None
    pause, asked = found - NOW, timedelta(seconds=min(retry_after or 0, LONGEST_PAUSE.total_seconds()))
    assert pause >= max(asked, PAUSES[attempts - 1] * 0.79)
    assert pause <= max(asked, PAUSES[attempts - 1] * 1.21)


def test_a_receiver_may_be_away_for_three_days() -> None:
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    ("stage", "submitted", "at", "told"),
    [
        ("submitted", NOW, NOW, True),
        ("declined", NOW, NOW + timedelta(days=1), True),
        ("submitted", NOW, NOW - timedelta(milliseconds=1), False),
        ("draft", None, NOW, False),
        ("draft", NOW, NOW, False),
    ],
)
def test_drafts_are_never_told_of(
    stage: str, submitted: datetime | None, at: datetime, *, told: bool
) -> None:
    assert webhooks.may_be_told(SimpleNamespace(stage=stage, submitted_at=submitted), at) is told


def test_a_test_is_heard_by_all() -> None:
    assert webhooks.is_heard("webhooks.tested", [])
    assert webhooks.is_heard("ideas.edited", ["ideas.edited"])
    assert not webhooks.is_heard("ideas.edited", ["ideas.submitted"])


@pytest.mark.parametrize(
    ("since", "last", "begun"),
    [(None, None, 10), (3, None, 10), (3, 9, 3), (3, 8, 3), (3, 7, 10)],
)
def test_failures_are_one_time_of_failing_while_they_go_on(
    since: int | None, last: int | None, begun: int
) -> None:
    def day(number: int | None) -> datetime | None:
        return None if number is None else NOW + timedelta(days=number)

    now = NOW + timedelta(days=10)
    assert webhooks.find_failing_since(day(since), day(last), now=now) == day(begun)


@pytest.mark.parametrize(("hours", "lost"), [(0, False), (119, False), (120, True)])
def test_after_five_days_of_failing_a_webhook_is_lost(hours: int, lost: bool) -> None:
    assert webhooks.is_lost(NOW, now=NOW + timedelta(hours=hours)) is lost


def test_nothing_is_forgiven_between_two_attempts_at_one_delivery() -> None:
    assert max(PAUSES) * 1.2 < webhooks.FORGIVEN < webhooks.FAILING
    assert sum(PAUSES, timedelta()) < webhooks.FAILING, "one delivery alone switches nothing off"
