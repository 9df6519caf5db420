"""Marks of people: their sums until a day are what somebody adds as of its end, however employments and acts lie."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain import idea_marks, people_marks
from app.domain.measures import FIGURES
from app.domain.people_marks import Person, Span
from app.domain.rollups import HEADCOUNT, Marks

ZONE = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
moments = st.integers(0, 60 * 24).map(lambda hours: BEGIN + timedelta(hours=hours, minutes=30))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    given_moments = sorted(draw(st.lists(moments, max_size=5, unique=True)))
    ends = [*given_moments[1::2], None]
    return [Span(begin, end) for begin, end in zip(given_moments[::2], ends, strict=False)]


people = st.builds(Person, spans(), st.dictionaries(st.sampled_from(FIGURES), spans()))


@given(people)
def test_marks_until_a_day_are_what_somebody_adds_as_of_its_end(person: Person) -> None:
    (marks,) = people_marks.derive(person, ZONE) or (Marks(),)
    first = idea_marks.find_day(BEGIN, ZONE)
    for day in range(first - 1, first + 64):
        assert +marks.count_until(day) == people_marks.count(person, day, ZONE)


def test_an_act_counts_only_while_its_author_is_of_the_headcount() -> None:
    left = BEGIN + timedelta(days=10)
    acted = Span(BEGIN + timedelta(days=2), None)
    person = Person([Span(BEGIN, left)], {FIGURES[0]: [acted]})
    told = [
        people_marks.count(person, idea_marks.find_day(BEGIN + timedelta(days=after), ZONE), ZONE)
        for after in (1, 2, 9, 10)
    ]
    both = Counter({(HEADCOUNT, 0): 1, (FIGURES[0], 0): 1})
    assert told == [Counter({(HEADCOUNT, 0): 1}), both, both, Counter()]


def test_what_came_and_went_on_one_day_adds_nothing_on_its_evening() -> None:
    noon = BEGIN + timedelta(hours=11)
    person = Person([Span(BEGIN, None)], {FIGURES[-1]: [Span(noon, noon + timedelta(hours=1))]})
    day = idea_marks.find_day(BEGIN, ZONE)
    assert people_marks.count(person, day, ZONE) == Counter({(HEADCOUNT, 0): 1})
