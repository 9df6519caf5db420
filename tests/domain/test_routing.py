"""Choosing a holder."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.conflicts import Conflicts
from app.domain.routing import REVIEW_ORDER, Candidate, Rule, Tier, choose, find_function

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
