"""Gatherings: what can be announced, and what everybody may know of the room."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import gatherings
from app.domain.errors import Refusal
from app.domain.gatherings import FEW, FLOOR, LinkNotRight, Nowhere, Room, TimesNotRight

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "lasts", "field"),
    [
        (timedelta(days=1), timedelta(hours=2), None),
        (timedelta(hours=-1), timedelta(hours=2), None),
        (timedelta(hours=-2), timedelta(hours=2), "/ends_at"),
        (timedelta(days=1), timedelta(), "/ends_at"),
        (timedelta(days=1), timedelta(hours=-1), "/ends_at"),
        (timedelta(days=1), timedelta(days=31), None),
        (timedelta(days=1), timedelta(days=31, seconds=1), "/ends_at"),
        (gatherings.FURTHEST, timedelta(hours=1), None),
        (gatherings.FURTHEST + timedelta(seconds=1), timedelta(hours=1), "/starts_at"),
    ],
)
def test_times_of_a_gathering(starts: timedelta, lasts: timedelta, field: str | None) -> None:
    starts_at = NOW + starts
    if field is None:
        gatherings.check_times(starts_at, starts_at + lasts, now=NOW)
        return
    with pytest.raises(TimesNotRight) as caught:
        gatherings.check_times(starts_at, starts_at + lasts, now=NOW)
    assert caught.value.errors[0].pointer == field


@pytest.mark.parametrize(
    ("place", "link", "refusal"),
    [
        ("Lyon", None, None),
        (None, "https://meet.example/a?b=c", None),
        ("Lyon", "HTTP://meet.example", None),
        (None, None, Nowhere),
        ("", "", Nowhere),
        ("Lyon", "javascript:alert(1)", LinkNotRight),
        ("Lyon", "https://", LinkNotRight),
        ("Lyon", "https://a b", LinkNotRight),
        ("Lyon", "https://a\r\nX-Y: z", LinkNotRight),
        ("Lyon", 'https://a"onclick="b', LinkNotRight),
        ("Lyon", "https://a\u2028b", LinkNotRight),
        ("Lyon", "//meet.example", LinkNotRight),
    ],
)
def test_where_a_gathering_is(place: str | None, link: str | None, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        gatherings.check_where(place, link)
    else:
        with pytest.raises(refusal):
            gatherings.check_where(place, link)


@given(st.one_of(st.none(), st.integers(1, 40)), st.integers(0, 60))
def test_the_room_tells_of_no_small_number_of_people(places: int | None, seated: int) -> None:
    seats = gatherings.tell_seats(places, seated)
    assert (seats.room is Room.UNLIMITED) == (places is None)
    if places is None:
        assert seats.left is None
        return
    left = max(0, places - seated)
    assert (seats.room is Room.FULL) == (left == 0)
    assert seats.left in (None, left)
    # With a number of places left and the number of places anybody can count who signed up.
    if seats.left:
        assert left <= FEW
        assert seated >= FLOOR


@pytest.mark.parametrize(
    ("people", "over", "told"), [(4, True, None), (5, True, 5), (5, False, None), (0, True, None)]
)
def test_who_came_is_counted_from_five_on_when_it_is_over(people: int, over: bool, told: int | None) -> None:
    assert gatherings.tell_people(people, over=over) == told
