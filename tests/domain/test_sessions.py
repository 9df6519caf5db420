"""What a refresh token is worth, and how long a session lasts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import sessions
from app.domain.sessions import Lifetimes, Verdict

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass
class Standing:
    generation: int = 5
    rotated_at: datetime | None = NOW
    expires_at: datetime = NOW + 30 * DAY
    revoked_at: datetime | None = None


@pytest.mark.parametrize(
    ("generation", "after", "verdict"),
    [
        (5, 600 * SECOND, Verdict.ROTATE),
        (5, -DAY, Verdict.ROTATE),
        (4, timedelta(0), Verdict.REPEAT),
        (4, 10 * SECOND, Verdict.REPEAT),
        (4, -SECOND, Verdict.REPEAT),
        (4, 10.001 * SECOND, Verdict.REUSED),
        (4, -DAY, Verdict.REUSED),
        (3, timedelta(0), Verdict.REUSED),
        (0, 29 * DAY, Verdict.REUSED),
        (6, timedelta(0), Verdict.REFUSED),
        (5, 30 * DAY, Verdict.EXPIRED),
        (4, 30 * DAY, Verdict.EXPIRED),
    ],
)
def test_a_token_is_worth_what_its_place_in_the_chain_says(
    generation: int, after: timedelta, verdict: Verdict
) -> None:
    assert sessions.judge(Standing(), generation, NOW + after) is verdict


@given(st.integers(0, 9), st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY))
def test_nothing_revives_a_session_that_ended(generation: int, moved: timedelta) -> None:
    ended = Standing(revoked_at=NOW)
    assert sessions.judge(ended, generation, NOW + moved) is Verdict.REFUSED


def test_a_session_ends_by_disuse_or_by_age_whichever_is_first() -> None:
    lifetimes = Lifetimes(idle=30 * DAY, absolute=180 * DAY)
    assert sessions.find_end(NOW, NOW, lifetimes) == NOW + 30 * DAY
    assert sessions.find_end(NOW, NOW + 100 * DAY, lifetimes) == NOW + 130 * DAY
    assert sessions.find_end(NOW, NOW + 170 * DAY, lifetimes) == NOW + 180 * DAY


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (X11; Linux)"),
        ("\x1b[31mred\u202e evil\r\n", "[31mred evil"),
        ("é" * 500, "é" * 200),
        ("x" * 199 + " y", "x" * 199),
        ("", ""),
    ],
)
def test_a_client_is_shown_without_tricks(given: str, shown: str) -> None:
    assert sessions.describe_client(given) == shown
