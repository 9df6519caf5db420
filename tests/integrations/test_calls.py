"""What an answer from outside means to a message."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations import calls
from app.integrations.posts import Refused, Unreachable
from tests.support.letters import NOW, Answer


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_passes(status: int) -> None:
    calls.check_taken(Answer(status), "slack", now=NOW)


@pytest.mark.parametrize(
    ("status", "gone"),
    [(404, True), (410, True), (400, False), (401, False), (403, False), (302, False), (101, False)],
)
def test_what_will_never_be_taken_is_final(status: int, gone: bool) -> None:
    with pytest.raises(Refused, match=rf"slack\.status-{status}") as refused:
        calls.check_taken(Answer(status), "slack", now=NOW)
    assert refused.value.gone is gone


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_be_taken_later_is_not(status: int) -> None:
    with pytest.raises(Unreachable, match=rf"push\.status-{status}") as later:
        calls.check_taken(Answer(status, {"retry-after": "120"}), "push", now=NOW)
    assert later.value.retry_after == 120


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("0", 0),
        ("90", 90),
        ("Mon, 23 Nov 2026 09:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 09:01:00 -0000", 60),
        ("Mon, 99 Nov 2026 09:01:00 GMT", None),
    ],
)
def test_the_time_to_wait_is_read_in_both_forms(text: str | None, seconds: float | None) -> None:
    assert calls.read_retry_after(text, now=NOW) == seconds


@given(st.integers(min_value=0, max_value=10**6))
def test_a_date_says_as_much_as_its_seconds(seconds: int) -> None:
    text = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert calls.read_retry_after(text, now=NOW) == seconds


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    seconds = calls.read_retry_after(text, now=NOW)
    assert seconds is None or seconds >= 0
