"""Choosing a holder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conflicts import Conflicts
from app.domain.routing import (
    COMMITTEE_ORDER,
    REVIEW_ORDER,
    Candidate,
    Choice,
    Rule,
    Tier,
    choose,
    find_function,
)

NOBODY = Conflicts()


def pick(
    candidates: list[Candidate], conflicts: Conflicts = NOBODY, passed_over: frozenset[str] = frozenset()
) -> str:
    choice = choose(
        candidates,
        conflicts,
        order=REVIEW_ORDER,
        author_entities=frozenset({"lyon"}),
        passed_over=passed_over,
    )
    return choice.reviewer_id if choice else ""


def test_the_order_of_choice_is_campaign_function_other_function_manager_admin() -> None:
    everybody = [Candidate(tier.value, tier, "paris", 0) for tier in reversed(REVIEW_ORDER)]
    chosen = []
    while everybody:
        chosen.append(pick(everybody))
        everybody = [candidate for candidate in everybody if candidate.id != chosen[-1]]
    assert chosen == ["campaign", "function", "other_function", "innovation_manager", "admin"]


def test_another_entity_comes_before_a_lighter_load() -> None:
    assert (
        pick([Candidate("near", Tier.FUNCTION, "lyon", 0), Candidate("far", Tier.FUNCTION, "paris", 9)])
        == "far"
    )


def test_among_equals_the_lightest_load_decides() -> None:
    people = [Candidate("busy", Tier.FUNCTION, "paris", 3), Candidate("free", Tier.FUNCTION, "lille", 2)]
    assert pick(people) == "free"


def test_equal_loads_fall_to_the_identifier() -> None:
    people = [Candidate(name, Tier.FUNCTION, "paris", 1) for name in ("b", "a", "c")]
    assert pick(people) == "a"


def test_who_answers_for_two_functions_is_one_person() -> None:
    assert pick([Candidate("dan", Tier.OTHER_FUNCTION, "paris", 1)] * 2) == "dan"


@pytest.mark.parametrize(("entity", "other"), [("paris", True), ("lyon", False), (None, True)])
def test_a_choice_tells_its_grounds(entity: str | None, other: bool) -> None:
    chosen = choose(
        [Candidate("dan", Tier.OTHER_FUNCTION, entity, 4)],
        NOBODY,
        order=REVIEW_ORDER,
        author_entities=frozenset({"lyon", "lille"}),
    )
    assert chosen == Choice("dan", Tier.OTHER_FUNCTION, other, 4)


def test_the_conflicted_and_the_doubtful_are_never_chosen() -> None:
    people = [Candidate("boss", Tier.FUNCTION, "paris", 0), Candidate("near", Tier.FUNCTION, "lyon", 0)]
    barred = Conflicts(line=frozenset({"boss"}), doubtful_entities=frozenset({"lyon"}))
    assert pick(people, barred) == ""


def test_who_is_passed_over_is_not_chosen() -> None:
    assert pick([Candidate("dan", Tier.FUNCTION, "paris", 0)], passed_over=frozenset({"dan"})) == ""


def test_the_first_rule_that_matches_in_every_condition_decides() -> None:
    rules = [
        Rule("it", theme_id="cost", words=frozenset({"serveur"})),
        Rule("sales", entity_ids=frozenset({"lyon"})),
        Rule("any"),
    ]

    def find(theme: str, entity: str, *words: str) -> str | None:
        return find_function(rules, theme_id=theme, entity_id=entity, words=frozenset(words))

    assert find("cost", "paris", "le", "serveur") == "it"
    assert find("brand", "lyon", "serveur") == "sales"
    assert find("brand", "paris") == "any"
    assert find_function([], theme_id="x", entity_id=None, words=frozenset()) is None


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule("it"), True),
        (Rule("it", theme_id="cost"), True),
        (Rule("it", theme_id="brand"), False),
        (Rule("it", entity_ids=frozenset({"lyon", "lille"})), True),
        (Rule("it", entity_ids=frozenset({"paris"})), False),
        (Rule("it", words=frozenset({"serveur", "poste"})), True),
        (Rule("it", words=frozenset({"papier"})), False),
        (Rule("it", theme_id="cost", entity_ids=frozenset({"paris"})), False),
        (Rule("it", theme_id="cost", words=frozenset({"papier"})), False),
        (Rule("it", "cost", frozenset({"lyon"}), frozenset({"serveur"})), True),
    ],
)
def test_a_rule_matches_when_every_condition_holds(rule: Rule, matches: bool) -> None:
    words = frozenset({"le", "serveur"})
    found = find_function([rule, Rule("other")], theme_id="cost", entity_id="lyon", words=words)
    assert found == ("it" if matches else "other")


people = st.builds(
    Candidate,
    id=st.integers(0, 20).map(str),
    tier=st.sampled_from(Tier),
    entity_id=st.sampled_from(["lyon", "paris", None]),
    load=st.integers(0, 3),
)


@given(candidates=st.lists(people, max_size=30), line=st.sets(st.integers(0, 20).map(str)))
def test_somebody_is_chosen_exactly_when_somebody_is_eligible(
    candidates: list[Candidate], line: set[str]
) -> None:
    chosen = pick(candidates, Conflicts(line=frozenset(line)))
    eligible = {person.id for person in candidates if person.tier in REVIEW_ORDER and person.id not in line}
    assert (chosen in eligible) if eligible else (chosen == "")


def test_who_is_full_or_away_is_passed_over_while_others_can() -> None:
    full = Candidate("full", Tier.FUNCTION, "paris", 3, capacity=3)
    away = Candidate("away", Tier.FUNCTION, "paris", 0, absent=True)
    elsewhere = Candidate("elsewhere", Tier.OTHER_FUNCTION, "paris", 9)
    manager = Candidate("manager", Tier.INNOVATION_MANAGER, "paris", 0)
    assert pick([full, away, elsewhere, manager]) == "elsewhere"
    assert pick([full, away, manager]) == "full"
    assert pick([away, manager]) == "manager"
    assert pick([away]) == "away"
    assert pick([Candidate("room", Tier.FUNCTION, "paris", 2, capacity=3), elsewhere]) == "room"


def test_among_who_is_there_nobody_may_be_left() -> None:
    away = Candidate("away", Tier.FUNCTION, "paris", 0, absent=True)
    order, nobody = REVIEW_ORDER, frozenset[str]()
    assert choose([away], NOBODY, order=order, author_entities=nobody, present_only=True) is None


def test_an_overflow_of_the_committee_goes_to_admins_last() -> None:
    full = Candidate("full", Tier.INNOVATION_MANAGER, "paris", 1, capacity=1)
    admin = Candidate("admin", Tier.ADMIN, "paris", 0)
    choice = choose([full, admin], NOBODY, order=COMMITTEE_ORDER, author_entities=frozenset())
    assert choice is not None
    assert choice.reviewer_id == "full"
