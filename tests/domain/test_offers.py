"""Who is asked for help: by skills, function and load, always the same, and never who is too close."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import offers
from app.domain.actors import Grant
from app.domain.conflicts import Conflicts
from app.domain.offers import Offer, Wish
from app.domain.roles import Role

FACILITATOR, DEVELOPER = Grant(Role.FACILITATOR), Grant(Role.IDEA_DEVELOPER)
WISH = Wish("anyone", frozenset({"excel", "macros"}), "finance", "spring", "m")


def offer(person: str, *skills: str, load: int = 0, **more: object) -> Offer:
    plain = Offer(person, f"unit of {person}", (FACILITATOR,), frozenset(skills), load, 3)
    return replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def choose(people: list[Offer], *, wish: Wish = WISH, **more: object) -> str | None:
    given = {"conflicts": Conflicts(), "passed_over": (), "holder_id": None} | more
    return offers.choose(people, wish, **given)  # type: ignore[arg-type]  # by name as well


@pytest.mark.parametrize(
    ("people", "first"),
    [
        ([offer("a"), offer("b", "excel"), offer("c", "excel", "macros", load=2)], "c"),
        (
            [
                offer("a", load=1),
                offer("b", grants=(Grant(Role.CORRESPONDENT, "finance"), FACILITATOR), load=2),
            ],
            "b",
        ),
        ([offer("a", load=2), offer("b", load=1), offer("c", load=2)], "b"),
        ([offer("a"), offer("b"), offer("n"), offer("z")], "n"),
        ([offer("a"), offer("b")], "a"),
        ([offer("a", load=3), offer("b", absent=True), offer("c", capacity=0)], None),
        ([], None),
    ],
)
def test_the_order_is_skills_function_load_and_then_a_circle(people: list[Offer], first: str | None) -> None:
    for order in permutations(people):
        assert choose(list(order)) == first


@pytest.mark.parametrize(
    ("wanted", "grants", "skills", "fits"),
    [
        ("facilitator", (FACILITATOR,), (), True),
        ("facilitator", (DEVELOPER,), ("excel",), False),
        ("idea_developer", (DEVELOPER,), (), True),
        ("idea_developer", (Grant(Role.IDEA_DEVELOPER, function_id="it"),), (), True),
        ("facilitator", (Grant(Role.FACILITATOR, campaign_id="spring"),), (), True),
        ("facilitator", (Grant(Role.FACILITATOR, campaign_id="autumn"),), (), False),
        ("anyone", (), ("excel",), True),
        ("anyone", (), ("cooking",), False),
        ("anyone", (Grant(Role.ADMIN),), (), False),
        ("anyone", (DEVELOPER,), (), True),
    ],
)
def test_who_is_of_the_kind_that_is_looked_for(
    wanted: str, grants: tuple[Grant, ...], skills: tuple[str, ...], *, fits: bool
) -> None:
    somebody = Offer("a", None, grants, frozenset(skills), 0, 3)
    assert offers.qualifies(somebody, replace(WISH, wanted=wanted)) is fits


def test_who_is_conflicted_in_doubt_holds_it_or_was_asked_is_left_out() -> None:
    people = [offer("a"), offer("b"), offer("c"), offer("d"), offer("e")]
    close = Conflicts(line=frozenset({"a"}), doubtful_entities=frozenset({"unit of b"}))
    assert choose(people, conflicts=close, holder_id="c", passed_over={"d"}) == "e"
    assert choose(people[:4], conflicts=close, holder_id="c", passed_over={"d"}) is None


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.sets(st.sampled_from("abcdefgh")))
def test_passing_goes_through_everybody_once(names: list[str], line: set[str]) -> None:
    people, asked = [offer(name) for name in names], list[str]()
    while (
        chosen := choose(people, conflicts=Conflicts(line=frozenset(line)), passed_over=asked)
    ) is not None:
        asked.append(chosen)
    assert sorted(asked) == sorted(set(names) - line)
