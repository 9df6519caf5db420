"""A nudge tells what it added, and nothing of anybody."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain import nudge_words, nudges
from app.domain.nudge_suggestions import Reason, write
from app.domain.privacy import FLOOR

groups = st.integers(0, 400).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people)))


@given(groups, groups, st.data())
def test_no_share_tells_of_fewer_than_five_who_did_or_did_not(
    told: tuple[int, int], held: tuple[int, int], data: st.DataObject
) -> None:
    opened = data.draw(st.integers(0, told[1]))
    effect = nudges.find_effect(told[1], opened, told[0], held[1], held[0])
    for share, (number, people) in (
        (effect.opened, (opened, told[1])),
        (effect.acted, told),
        (effect.acted_without, held),
    ):
        small = number < FLOOR or 0 < people - number < FLOOR
        assert (share is None) is small
    assert (effect.difference is None) is (effect.acted is None or effect.acted_without is None)
    for locale in ("fr", "en"):
        said = nudge_words.say_effect(effect, locale)
        assert "{" not in said
        assert (effect.acted is None) == (not any(letter.isdigit() for letter in said))


@given(st.integers(0, 1000))
def test_groups_that_differ_by_one_say_mostly_the_same(people: int) -> None:
    shown = nudges.round_people(people)
    assert shown is None or (shown % FLOOR == 0 and 0 <= people - shown < FLOOR)
    assert (shown is None) is (people < FLOOR)


def test_a_tenth_of_fifty_is_five() -> None:
    assert not nudges.compares(49)
    assert nudges.compares(50)


def test_a_clear_difference_is_called_no_chance_and_another_is_not() -> None:
    clear = nudges.find_effect(900, 500, 450, 100, 20)
    unclear = nudges.find_effect(900, 500, 210, 100, 20)
    assert "no chance" in nudge_words.say_effect(clear, "en")
    assert "may be chance" in nudge_words.say_effect(unclear, "en")
    assert "hasard" in nudge_words.say_effect(unclear, "fr")


@given(st.text(max_size=60), st.integers(0, 400), st.sampled_from(list(Reason)))
def test_a_first_wording_holds_any_name(name: str, days: int, reason: Reason) -> None:
    for locale in ("fr", "en"):
        title, body = write(reason, locale, name=name, days=days)
        assert title
        assert name in body
