"""Marks of crossings: their sums until a day are what somebody's ideas add as of its end."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain import crossing_marks, idea_marks
from app.domain.crossing_marks import Answer, Written
from app.domain.crossings import Answered, Spot
from app.domain.rollups import TRAVEL, Marks

ZONE = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
moments = st.integers(0, 60 * 24).map(lambda hours: BEGIN + timedelta(hours=hours, minutes=30))
spots = st.builds(Spot, st.sampled_from(["", "x"]), st.sampled_from("abc"), st.sampled_from("abc"))
answers = st.builds(Answer, moments, st.lists(spots, max_size=2, unique_by=lambda spot: spot.top))
ideas = st.lists(st.builds(Written, moments, st.lists(answers, max_size=4)), max_size=4)


@given(ideas)
def test_marks_until_a_day_are_what_ideas_add_as_of_its_end(written: list[Written]) -> None:
    added = crossing_marks.derive(written, ZONE)
    first = idea_marks.find_day(BEGIN, ZONE)
    for top in ("", "x"):
        marks = next((each for each in added if each.values == [(TRAVEL, top)]), Marks())
        for day in range(first - 1, first + 64):
            assert +marks.count_until(day) == crossing_marks.count(written, top, day, ZONE)
    assert all(each.marks for each in added)


def test_the_first_answer_of_the_itinerary_counts_that_had_come_by_then() -> None:
    late, early = Answer(BEGIN + 9 * DAY, [Spot("", "a", "b")]), Answer(BEGIN + 2 * DAY, [Spot("", "a", "c")])
    written = [Written(BEGIN, [late, early])] * 2
    told = [
        crossing_marks.read_rows(
            {
                measure: {0: number}
                for (measure, _), number in crossing_marks.count(
                    written, "", idea_marks.find_day(BEGIN + after * DAY, ZONE), ZONE
                ).items()
            }
        )
        for after in (1, 2, 9)
    ]
    assert told == [
        ({}, {}),
        ({("a", "c"): Answered(2, 1)}, {"a": 1}),
        ({("a", "b"): Answered(2, 1)}, {"a": 1}),
    ]


def test_what_has_been_taken_away_is_no_row() -> None:
    sums = {"crossing a b": {0: 0}, "author a b": {0: 0}, "author a": {}}
    assert crossing_marks.read_rows(sums) == ({}, {})
    assert Counter(crossing_marks.derive([Written(BEGIN, [])], ZONE)) == Counter()
