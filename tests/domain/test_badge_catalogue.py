"""The catalogue: every badge can be earned, and is told in both languages."""

from dataclasses import replace

import pytest

from app.domain.badge_catalogue import CATALOGUE, describe, find_badge, get_badge
from app.domain.badge_rules import Breadth, Count, Each, Measure, list_measures, write_rule
from app.domain.badge_words import WORDS, say_rule
from app.domain.badges import NoSuchBadge


def test_keys_are_unique_and_fit_their_columns() -> None:
    keys = [badge.key for badge in CATALOGUE]
    assert len(set(keys)) == len(keys) >= 20
    assert max(map(len, keys)) <= 40
    assert max(len(write_rule(rule)) for badge in CATALOGUE for _, rule in badge.tiers) <= 200


def test_each_tier_takes_more_than_the_one_before() -> None:
    for badge in CATALOGUE:
        numbers = [rule.at_least for _, rule in badge.tiers]
        assert numbers == sorted(set(numbers)), badge.key


def test_everything_is_said_in_both_languages() -> None:
    assert set(WORDS) == set(Measure)
    for badge in CATALOGUE:
        for text in (badge.name, badge.text):
            assert text.fr.strip()
            assert text.en.strip()
        for _, rule in badge.tiers:
            french, english = say_rule(rule, "fr-BE"), say_rule(rule, "en")
            assert french != english
            if not isinstance(rule, Each):
                assert str(rule.at_least) in french
                assert str(rule.at_least) in english


@pytest.mark.parametrize(
    ("number", "locale", "words"),
    [
        (1, "fr", "Proposer 1 idée"),
        (2, "fr_FR", "Proposer 2 idées"),
        (1, "en", "Submit 1 idea"),
        (2, "de", "Submit 2 ideas"),
    ],
)
def test_words_agree_with_their_number(number: int, locale: str, words: str) -> None:
    assert say_rule(Count(Measure.IDEAS, number), locale) == words


def test_more_badges_are_for_helping_and_finishing_than_for_posting() -> None:
    posting = {Measure.IDEAS, Measure.IDEA_FUNCTIONS, Measure.IDEA_CAMPAIGNS, Measure.FIRST_IN_CAMPAIGN}
    posts = [
        badge for badge in CATALOGUE if all(set(list_measures(rule)) <= posting for _, rule in badge.tiers)
    ]
    assert len(posts) * 3 < len(CATALOGUE)


def test_only_votes_are_private() -> None:
    assert [badge.key for badge in CATALOGUE if badge.private] == ["voice"]


def test_another_rule_makes_another_digest_and_other_words_do_not() -> None:
    first = CATALOGUE[0]
    said = replace(first, name=first.text)
    harder = replace(first, tiers=((None, Breadth(Measure.IDEA_FUNCTIONS, 9)),))
    assert describe([said]) == describe([first])
    assert describe([harder]) != describe([first])


def test_a_badge_that_is_not_there_is_unknown() -> None:
    assert find_badge("no_such") is None
    with pytest.raises(NoSuchBadge):
        get_badge("no_such")
