"""Which few ideas are fetched to be compared."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.shortlists import BUDGET, MAX_GROUPS, pick, rarest

FREQUENCIES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3), st.integers(0, 1_000_000), max_size=40
)


def test_rare_words_by_themselves_common_ones_in_pairs() -> None:
    frequencies = {"panneau": 40_000, "solair": 20_000, "parking": 30_000, "ombrier": 12}
    groups = rarest(frequencies, frequencies, documents=1_000_000)
    assert groups == [("ombrier",), ("solair", "parking"), ("solair", "panneau"), ("parking", "panneau")]


def test_a_small_base_is_asked_for_every_word() -> None:
    frequencies = {"velo": 3, "parc": 1, "cantin": 0}
    assert rarest(["velo", "parc", "cantin", "velo"], frequencies, documents=3) == [("parc",), ("velo",)]


def test_one_word_everybody_uses_is_better_than_none() -> None:
    assert rarest(["donn"], {"donn": 900_000}, documents=1_000_000) == [("donn",)]
    assert rarest(["a", "b"], {"a": 900_000, "b": 800_000}, documents=1_000_000) == [("b",)]
    assert rarest(["a"], {}, documents=0) == []
    assert rarest(["a", "b"], {"a": 9_000, "b": 9_000}, documents=0) == [("a",)]


@given(FREQUENCIES)
def test_groups_are_few_and_fit_the_budget(frequencies: dict[str, int]) -> None:
    groups = rarest(frequencies, frequencies, documents=1_000_000)
    assert groups == rarest(reversed(frequencies), frequencies, documents=1_000_000)
    assert bool(groups) == any(frequencies.values())
    assert len(groups) <= MAX_GROUPS
    assert len(groups) == len(set(groups))
    singles = [group[0] for group in groups if len(group) == 1]
    assert len(groups) == 1 or sum(frequencies[stem] for stem in singles) <= BUDGET


def test_the_shortlist_keeps_those_with_the_rarest_words() -> None:
    frequencies = {"solair": 20, "parking": 300, "panneau": 500}
    found = [
        ("many", ("parking",)),
        ("many", ("panneau",)),
        ("both", ("solair", "parking")),
        ("both", ("solair", "panneau")),
        ("one", ("parking",)),
        ("rare", ("solair",)),
        ("alike", ("solair",)),
        ("common", ("panneau",)),
        ("unknown", ("other",)),
    ]
    order = pick(found, frequencies, documents=1000, limit=10)
    assert order == ["both", "alike", "rare", "many", "one", "common", "unknown"]
    assert pick(reversed(found), frequencies, documents=1000, limit=2) == order[:2]
