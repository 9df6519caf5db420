"""Marks of ideas: their sums until a day are the figures as of its end, whatever happened on whatever days."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain import idea_marks, rollups
from app.domain.idea_marks import Amount, Cost, Entry, Facts, Promise, Turn
from app.domain.pipeline import Act, Stage
from app.domain.rollups import Cells, Mark, Marks

ZONE = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
moments = st.integers(0, 60 * 24).map(lambda hours: BEGIN + timedelta(hours=hours, minutes=30))
entries = st.builds(
    Entry, moments, st.sampled_from([act.value for act in Act]), st.sampled_from([*Stage]), st.booleans()
)
amounts = st.builds(
    Amount,
    moments,
    st.sampled_from([Stage.PROJECT.value, Stage.DEPLOYED.value]),
    st.decimals(0, 10**15, places=2),
    st.sampled_from(["EUR year", "CHF once"]),
)
costs = st.builds(Cost, moments, st.decimals(0, 10**15, places=2), st.sampled_from(["EUR", "CHF"]))
promises = st.builds(Promise, moments, st.none() | moments)
facts = st.builds(
    Facts,
    moments,
    st.just([(rollups.WHOLE, "")]),
    st.lists(entries, max_size=6).map(lambda given: sorted(given, key=lambda entry: entry.at)),
    st.lists(amounts, max_size=3).map(lambda given: sorted(given, key=lambda amount: amount.at)),
    st.lists(costs, max_size=3).map(lambda given: sorted(given, key=lambda cost: cost.at)),
    st.lists(promises, max_size=2),
)


def list_days() -> range:
    first = idea_marks.find_day(BEGIN, ZONE)
    return range(first - 1, first + 64)


@given(facts)
def test_marks_until_a_day_are_the_figures_of_its_end(given_facts: Facts) -> None:
    (marks,) = idea_marks.derive(given_facts, ZONE)
    for day in list_days():
        assert +marks.count_until(day) == +Counter(idea_marks.count(given_facts, day, ZONE))


@given(facts, facts)
def test_cells_hold_every_day_and_all_of_them(one: Facts, other: Facts) -> None:
    added = [marks for given_facts in (one, other) for marks in idea_marks.derive(given_facts, ZONE)]
    cells = Cells()
    for marks in added:
        cells.add(marks, 1)
    last = list_days()[-1]
    expected = added[0].count_until(last)
    expected.update(added[1].count_until(last))
    whole = Counter[tuple[str, int]]()
    for (month, part), sums in cells.list_sums()[rollups.WHOLE, ""].items():
        for measure, buckets in sums.items():
            for bucket, number in buckets.items():
                if part == rollups.PROMISE:
                    whole[measure, 0] += number
                elif not month:
                    whole[measure, bucket] += number
    assert {key: number for key, number in whole.items() if number} == {
        key: number for key, number in expected.items() if number
    }
    for marks in added:
        cells.add(marks, -1)
    assert not any(
        number
        for cell in cells.list_sums().values()
        for sums in cell.values()
        for buckets in sums.values()
        for number in buckets.values()
    )


@given(st.lists(st.decimals(0, 10**16, places=2), max_size=9))
def test_amounts_add_up_to_the_cent(given_amounts: list[Decimal]) -> None:
    sums = Counter[int]()
    for amount in given_amounts:
        high, low = divmod(int(amount * 100), rollups.SPLIT)
        sums.update({1: high, 2: low})
    assert rollups.add_up(sums) == sum(given_amounts, Decimal(0))


def test_an_idea_signed_later_is_of_its_entity_from_the_beginning() -> None:
    given_values = {"theme": "t", "function": None, "campaign": "c", "submitted": BEGIN.date()}
    hidden = rollups.list_values(**given_values, origins=(), placed=True)  # type: ignore[arg-type]
    signed = rollups.list_values(**given_values, origins=("unit", "site"), placed=True)  # type: ignore[arg-type]
    assert set(signed) - set(hidden) == {(rollups.ENTITY, "unit"), (rollups.ENTITY, "site")}
    assert (rollups.MONTH, "2026-03") in hidden


def test_marks_are_taken_back_by_what_they_were() -> None:
    marks = Marks([(rollups.WHOLE, "")], [Mark(739_700, "ideas", 0, 1), Mark(739_700, "stay pilot", 250, 1)])
    cells = Cells()
    cells.add(marks, 1)
    month, key = rollups.place(739_700, 250)
    assert cells.list_sums()[rollups.WHOLE, ""][month, rollups.TIMES] == {"stay pilot": {key: 1}}
    assert cells.latest == 739_700


def test_an_open_turn_is_of_its_function_only() -> None:
    opened, due = BEGIN, BEGIN + timedelta(days=3)
    first = idea_marks.find_day(opened, ZONE)
    turn = Turn("it", opened, due, unassigned=True)
    marks, open_now = idea_marks.derive(Facts(BEGIN, [(rollups.WHOLE, "")], turn=turn), ZONE)
    assert open_now.values == [(rollups.LOAD, "it")]
    assert open_now.count_until(first) == {("open", first): 1, ("unassigned", 0): 1, ("falls", first + 3): 1}
    assert {measure for _, measure, _, _ in marks.marks}.isdisjoint({"open", "unassigned", "falls"})
    paused = Facts(BEGIN, [(rollups.WHOLE, "")], turn=Turn("it", opened, None, unassigned=False))
    assert idea_marks.derive(paused, ZONE)[1].count_until(first) == {("open", first): 1}
